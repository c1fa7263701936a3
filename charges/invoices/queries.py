"""Invoices as lists, pages, statements and files need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from charges.charge.models import Charge
from charges.charge.queries import agencies_led
from charges.charge.rules import TO_INVOICE
from charges.invoices.models import Invoice, InvoiceLine
from charges.invoices.rules import InvoiceKind, end_of_month
from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date, wall_time


@dataclass(frozen=True)
class ToIssue:
    """What one agency's invoice of a month would be."""

    agency: Agency
    charges: list[Charge]

    @property
    def pence(self) -> int:
        return sum(charge.pence for charge in self.charges)


@dataclass(frozen=True)
class StatementLine:
    """One thing that happened to what an agency owes, with its own date; pence rise and fall."""

    on: date
    words: str
    pence: int
    invoice_id: int
    balance: int = 0


@dataclass(frozen=True)
class Statement:
    """What was invoiced, credited, written off and paid, in order, and what is owed."""

    agency: Agency
    lines: list[StatementLine]

    @property
    def owed(self) -> int:
        return self.lines[-1].balance if self.lines else 0


def to_issue(session: Session, month: date, *, lock: bool = False) -> list[ToIssue]:
    """The approved charges that nobody can appeal any more by the end of a month, by agency. None that has one."""
    until = end_of_month(month)
    invoiced = sa.select(InvoiceLine.charge_id).where(InvoiceLine.credits_id.is_(None))
    chosen = (
        sa.select(Charge)
        .where(Charge.state.in_(TO_INVOICE), Charge.final_at < until, Charge.is_history.is_(False))
        .where(Charge.id.not_in(invoiced))
        .order_by(Charge.agency_id, Charge.day_starts_at, Charge.id)
    )
    if lock:
        session.execute(chosen.with_for_update(key_share=True))
    charges = session.scalars(
        chosen.options(
            joinedload(Charge.agency),
            joinedload(Charge.booking).joinedload(Booking.person),
            joinedload(Charge.booking).joinedload(Booking.event).joinedload(Event.version),
        ).execution_options(populate_existing=True)
    ).all()
    by_agency: dict[int, list[Charge]] = {}
    for charge in charges:
        by_agency.setdefault(charge.agency_id, []).append(charge)
    found = [ToIssue(those[0].agency, those) for those in by_agency.values()]
    return sorted(found, key=lambda each: (each.agency.name, each.agency.id))


def agencies_invoiced(session: Session, month: date) -> set[int]:
    """The agencies that have their invoice of a month."""
    return set(
        session.scalars(sa.select(Invoice.agency_id).where(Invoice.kind == InvoiceKind.INVOICE, Invoice.month == month))
    )


def invoices(session: Session, *, month: date | None = None, agency_id: int | None = None) -> list[Invoice]:
    """Invoices and credit notes, the latest first, with what they need to say what is owed."""
    chosen = sa.select(Invoice).options(*_WHOLE).order_by(Invoice.issued_at.desc(), Invoice.id.desc())
    if month is not None:
        issued = _issued_in(month)
        chosen = chosen.where(sa.or_(Invoice.month == month, issued))
    if agency_id is not None:
        chosen = chosen.where(Invoice.agency_id == agency_id)
    return list(session.scalars(chosen))


def invoice_for(session: Session, invoice_id: int, actor: Actor) -> Invoice:
    """An invoice: any for those who manage them, an agency's own for its leads. Raises NotFound."""
    invoice = session.scalar(sa.select(Invoice).where(Invoice.id == invoice_id).options(*_WHOLE))
    if invoice is None or not _may_see(session, invoice.agency_id, actor):
        raise NotFound("We cannot find that invoice among those that you can see.")
    return invoice


def line_of_charge(session: Session, charge_id: int) -> InvoiceLine | None:
    """The line on which a charge was invoiced."""
    return session.scalar(
        sa.select(InvoiceLine)
        .where(InvoiceLine.charge_id == charge_id, InvoiceLine.credits_id.is_(None))
        .options(joinedload(InvoiceLine.invoice))
    )


def months_with_invoices(session: Session) -> list[date]:
    """The months that have an invoice, the latest first."""
    return list(
        session.scalars(
            sa.select(Invoice.month)
            .where(Invoice.kind == InvoiceKind.INVOICE)
            .distinct()
            .order_by(Invoice.month.desc())
        )
    )


def statement_of(session: Session, agency_id: int, actor: Actor) -> Statement:
    """An agency's statement. Raises NotFound for an agency that this reader may not see."""
    agency = session.get(Agency, agency_id)
    if agency is None or not _may_see(session, agency_id, actor):
        raise NotFound("We cannot find that agency among those that you can see.")
    happened = sorted(
        (line for invoice in invoices(session, agency_id=agency_id) for line in _happened(invoice)),
        key=lambda line: (line.on, line.invoice_id, -line.pence),
    )
    balance, lines = 0, []
    for line in happened:
        balance += line.pence
        lines.append(StatementLine(line.on, line.words, line.pence, line.invoice_id, balance))
    return Statement(agency, lines)


_WHOLE = (
    selectinload(Invoice.lines).joinedload(InvoiceLine.charge),
    selectinload(Invoice.credit_notes),
    joinedload(Invoice.credits),
    joinedload(Invoice.payment),
)


def _happened(invoice: Invoice) -> Sequence[StatementLine]:
    issued_on = london_date(invoice.issued_at)
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        of = invoice.credits.ref if invoice.credits else ""
        return [StatementLine(issued_on, f"Credit note {invoice.ref} for {of}", -invoice.total_pence, invoice.id)]
    lines = [StatementLine(issued_on, f"Invoice {invoice.ref}", invoice.total_pence, invoice.id)]
    lines += [
        StatementLine(line.charge.written_off_on, f"Written off on {invoice.ref}", -line.pence, invoice.id)
        for line in invoice.lines
        if line.charge.written_off_on is not None
    ]
    if invoice.payment is not None:
        paid = invoice.payment
        lines.append(StatementLine(paid.paid_on, f"Payment of {invoice.ref}", -paid.pence, invoice.id))
    return lines


def _issued_in(month: date) -> sa.ColumnElement[bool]:
    since: datetime = wall_time(month, time(0, 0))
    return sa.and_(Invoice.issued_at >= since, Invoice.issued_at < end_of_month(month))


def _may_see(session: Session, agency_id: int, actor: Actor) -> bool:
    return actor.may("charges.manage_invoices") or agency_id in agencies_led(session, actor)
