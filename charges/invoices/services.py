"""Issuing a month's invoices, crediting lines, and recording what was paid or written off."""

from datetime import date

import sqlalchemy as sa

from charges.charge import letters, life
from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from charges.charge.services import locked_charge
from charges.invoices.models import Invoice, InvoiceLine, InvoiceNumber, Payment
from charges.invoices.queries import ToIssue, agencies_invoiced, line_of_charge, to_issue
from charges.invoices.rules import (
    InvoiceKind,
    check_month_is_over,
    check_paid_on,
    check_payment,
    check_total,
    credit_note_ref,
    invoice_ref,
    line_words,
    month_words,
)
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import london_date
from lms.partnership.queries import the_partnership


def issue_invoices(work: Work, month: date) -> list[Invoice]:
    """Issue the invoices of a month, and tell the agencies. Raises Conflict as `make_invoices` does."""
    made = make_invoices(work, month)
    for invoice in made:
        lines = [(line.text, line.pence) for line in invoice.lines]
        said = letters.invoiced(work, invoice.agency, invoice.ref, month_words(month), lines, invoice.id)
        work.send(*said)
    return made


def make_invoices(work: Work, month: date) -> list[Invoice]:
    """The invoices of a month that is over: one for each agency that has approved charges left. No letters.

    Raises Conflict when the month is not over, when nothing is left, and when an agency has its invoice of that
    month already: what was approved since goes on the next month's.
    """
    check_month_is_over(month, work.now)
    _lock_number(work, InvoiceKind.INVOICE)
    waiting = to_issue(work.session, month, lock=True)
    done = agencies_invoiced(work.session, month)
    if not waiting or all(each.agency.id in done for each in waiting):
        already = " It has been invoiced." if done else ""
        raise Conflict(f"There is nothing to invoice for {month_words(month)}.{already}")
    return [_issue(work, month, each) for each in waiting if each.agency.id not in done]


def credit_charge(work: Work, charge: Charge, why: str) -> Invoice:
    """Take an invoiced charge back by a credit note that names its line, and tell the agency."""
    note = make_credit_note(work, charge, why)
    work.send(*letters.withdrawn(work, charge, note.why))
    return note


def make_credit_note(work: Work, charge: Charge, why: str) -> Invoice:
    """A credit note for an invoiced charge. No letters."""
    charge = locked_charge(work, charge.id)
    life.CREDIT.check(charge.state)
    if not why.strip():
        raise Invalid("Explain why this is credited. The agency reads it.", field="why")
    line = line_of_charge(work.session, charge.id)
    if line is None:
        raise Conflict("This charge was invoiced elsewhere, so it is credited there.")
    number = _next_number(work, InvoiceKind.CREDIT_NOTE)
    note = _document(work, InvoiceKind.CREDIT_NOTE, number, charge, line.invoice.month)
    note.credits, note.why, note.total_pence = line.invoice, why.strip(), line.pence
    text = f"{line.invoice.ref}, line {line.position}: {line.text}"
    note.lines = [InvoiceLine(position=1, charge=charge, text=text, pence=line.pence, credits_id=line.id)]
    work.session.add(note)
    charge.state, charge.credited_on = ChargeState.CREDITED, london_date(work.now)
    work.record("credit note issued", note, ref=note.ref, pence=note.total_pence, why=note.why)
    work.record("charge credited", charge, ref=note.ref, why=note.why)
    return note


def record_payment(work: Work, invoice: Invoice, *, pence: int, paid_on: date, reference: str = "") -> Payment:
    """Say that an invoice was paid, as the finance system tells. Raises Invalid for another sum than is owed."""
    charges = [locked_charge(work, charge_id) for charge_id in sorted(line.charge_id for line in invoice.lines)]
    work.session.execute(sa.select(Invoice.id).where(Invoice.id == invoice.id).with_for_update(key_share=True))
    work.session.refresh(invoice)
    if invoice.kind is not InvoiceKind.INVOICE or invoice.payment is not None:
        raise Conflict("This has been paid, or is not an invoice. Check it again.")
    check_payment(pence, invoice.owed_pence)
    check_paid_on(paid_on, invoice.issued_at, work.now)
    payment = Payment(
        invoice_id=invoice.id,
        pence=pence,
        paid_on=paid_on,
        reference=reference.strip(),
        recorded_at=work.now,
        recorded_by_id=work.actor.person_id,
    )
    work.session.add(payment)
    for charge in charges:
        if life.PAY.is_open(charge.state):
            charge.state, charge.paid_on = ChargeState.PAID, paid_on
    work.record("invoice paid", invoice, pence=pence, paid_on=paid_on, reference=payment.reference)
    work.session.refresh(invoice, ["payment"])
    return payment


def write_off_charge(work: Work, charge: Charge, why: str) -> Charge:
    """Give up asking for an invoiced charge, with a reason. The invoice stays as it was issued."""
    charge = locked_charge(work, charge.id)
    life.WRITE_OFF.check(charge.state)
    if not why.strip():
        raise Invalid("Explain why this is written off.", field="why")
    charge.state, charge.written_off_on = ChargeState.WRITTEN_OFF, london_date(work.now)
    work.record("charge written off", charge, why=why.strip())
    return charge


def _issue(work: Work, month: date, waiting: ToIssue) -> Invoice:
    number = _next_number(work, InvoiceKind.INVOICE)
    invoice = _document(work, InvoiceKind.INVOICE, number, waiting.charges[0], month)
    invoice.lines = [_line(position, charge) for position, charge in enumerate(waiting.charges, start=1)]
    invoice.total_pence = waiting.pence
    check_total([line.pence for line in invoice.lines], invoice.total_pence)
    work.session.add(invoice)
    for charge in waiting.charges:
        life.INVOICE.check(charge.state)
        charge.state, charge.invoiced_on = ChargeState.INVOICED, london_date(work.now)
    work.record("invoice issued", invoice, ref=invoice.ref, pence=invoice.total_pence, lines=len(invoice.lines))
    return invoice


def _line(position: int, charge: Charge) -> InvoiceLine:
    booking = charge.booking
    text = line_words(booking.person.name, booking.event.version.title, charge.explanation)
    return InvoiceLine(position=position, charge=charge, text=text, pence=charge.pence)


def _document(work: Work, kind: InvoiceKind, number: int, charge: Charge, month: date) -> Invoice:
    partnership = the_partnership(work.session)
    named = invoice_ref if kind is InvoiceKind.INVOICE else credit_note_ref
    return Invoice(
        kind=kind,
        number=number,
        ref=named(partnership.ref_prefix, number),
        agency=charge.agency,
        agency_name=charge.agency.name,
        agency_code=charge.agency.code,
        host_authority=partnership.host_authority or partnership.name,
        month=month,
        issued_at=work.now,
        issued_by_id=work.actor.person_id,
        issued_by_name=work.actor.name,
    )


def _lock_number(work: Work, kind: InvoiceKind) -> InvoiceNumber:
    """The row of the last number, locked until this work ends: two who issue at once do so one after the other."""
    query = sa.select(InvoiceNumber).where(InvoiceNumber.kind == kind).with_for_update(key_share=True)
    found = work.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        found = InvoiceNumber(kind=kind, last=0)
        work.session.add(found)
        work.session.flush()
    return found


def _next_number(work: Work, kind: InvoiceKind) -> int:
    row = _lock_number(work, kind)
    row.last += 1
    work.session.flush()
    return row.last
