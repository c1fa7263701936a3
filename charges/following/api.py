"""Charges and invoices for finance: sums, days and references. Why somebody did not come is nobody else's to know."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from charges.charge.models import Charge
from charges.charge.queries import agencies_led, visible
from charges.charge.rules import ChargeState
from charges.claims.rules import ChargeReason
from charges.invoices.models import Invoice, InvoiceLine, Payment
from charges.invoices.rules import InvoiceKind
from courses.booking.bookings.models import Booking
from lms.agencies.models import Agency
from lms.api.cursors import Paged, page_of, read_numbers
from lms.api.shapes import says
from lms.frame.plugins import Asked, Operation
from lms.frame.work import Work
from lms.kit.working_days import london_date

PERMISSION = "charges.see_charges"
PENCE = says("Whole pence.", example=5000)


@dataclass(frozen=True)
class MoneyWanted(Paged):
    """Whose, in the order in which they were raised."""

    agency_code: str = field(default="", metadata=says("Of this agency alone.", longest=40))
    updated_since: datetime | None = field(default=None, metadata=says("Changed at this moment or later."))


@dataclass(frozen=True)
class ChargeFollowed:
    """A charge against an agency for one day of one booking."""

    id: str
    agency_code: str
    event_ref: str
    person_ref: str
    booking_id: str = field(metadata=says("The booking.", example="4711"))
    day: int
    day_on: date
    reason: ChargeReason
    pence: int = field(metadata=PENCE)
    state: ChargeState
    raised_on: date
    final_at: datetime | None = field(metadata=says("From when on no one can appeal, and it may be invoiced."))
    invoiced_on: date | None
    paid_on: date | None
    credited_on: date | None
    written_off_on: date | None
    changed_at: datetime | None


@dataclass(frozen=True)
class ChargePage:
    """A page of charges."""

    items: tuple[ChargeFollowed, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class InvoiceLineAnswer:
    """A line of an invoice, or of a credit note."""

    charge_id: str
    pence: int = field(metadata=PENCE)


@dataclass(frozen=True)
class InvoiceAnswer:
    """An invoice of one agency for one month, or a credit note to one."""

    ref: str = field(metadata=says("Its number.", example="RV-INV-00012"))
    kind: InvoiceKind
    agency_code: str
    agency_name: str = field(metadata=says("As it was issued.", example="Larkham Primary School"))
    month: date = field(metadata=says("The first day of the month.", example="2026-03-01"))
    issued_at: datetime
    total_pence: int = field(metadata=PENCE)
    credited_pence: int = field(metadata=PENCE)
    written_off_pence: int = field(metadata=PENCE)
    owed_pence: int = field(metadata=says("What is still owed; nothing once it was paid.", example=5000))
    paid_on: date | None
    credits_ref: str | None = field(metadata=says("Of a credit note: which invoice it credits."))
    lines: tuple[InvoiceLineAnswer, ...]


@dataclass(frozen=True)
class InvoicePage:
    """A page of invoices and credit notes."""

    items: tuple[InvoiceAnswer, ...]
    next_cursor: str | None


def list_charges(work: Work, asked: Asked) -> ChargePage:
    """Charges that the token may see: all, those that were approved, or those of its agencies."""
    query: MoneyWanted = asked.query
    found = sa.select(Charge).join(Charge.agency).where(visible(work.session, work.actor))
    if query.agency_code:
        found = found.where(Agency.code == query.agency_code)
    if query.updated_since is not None:
        found = found.where(Charge.changed_at >= query.updated_since)
    after = read_numbers(query.cursor, 1)
    if after is not None:
        found = found.where(Charge.id > after[0])
    loaded = found.options(
        joinedload(Charge.agency),
        joinedload(Charge.booking).joinedload(Booking.person),
        joinedload(Charge.booking).joinedload(Booking.event),
    )
    rows = work.session.scalars(loaded.order_by(Charge.id).limit(query.limit + 1)).all()
    page, next_cursor = page_of(rows, query.limit, lambda row: (row.id,))
    return ChargePage(tuple(_charge(each) for each in page), next_cursor)


def list_invoices(work: Work, asked: Asked) -> InvoicePage:
    """Invoices and credit notes with their lines and what is owed: all, or those of the token's agencies."""
    query: MoneyWanted = asked.query
    found = sa.select(Invoice)
    if not work.actor.may("charges.manage_invoices"):
        found = found.where(Invoice.agency_id.in_(agencies_led(work.session, work.actor)))
    if query.agency_code:
        found = found.where(Invoice.agency_code == query.agency_code)
    if query.updated_since is not None:
        found = found.where(_changed_since(query.updated_since))
    after = read_numbers(query.cursor, 1)
    if after is not None:
        found = found.where(Invoice.id > after[0])
    loaded = found.options(
        selectinload(Invoice.lines).joinedload(InvoiceLine.charge),
        selectinload(Invoice.credit_notes),
        joinedload(Invoice.credits),
        joinedload(Invoice.payment),
    )
    rows = work.session.scalars(loaded.order_by(Invoice.id).limit(query.limit + 1)).all()
    page, next_cursor = page_of(rows, query.limit, lambda row: (row.id,))
    return InvoicePage(tuple(_invoice(each) for each in page), next_cursor)


def _changed_since(since: datetime) -> sa.ColumnElement[bool]:
    """Issued, credited, paid or written off since: what was issued itself never changes."""
    note = aliased(Invoice)
    return sa.or_(
        Invoice.issued_at >= since,
        sa.exists().where(note.credits_id == Invoice.id, note.issued_at >= since),
        sa.exists().where(Payment.invoice_id == Invoice.id, Payment.recorded_at >= since),
        sa.exists().where(
            InvoiceLine.invoice_id == Invoice.id, Charge.id == InvoiceLine.charge_id, Charge.changed_at >= since
        ),
    )


def _charge(charge: Charge) -> ChargeFollowed:
    return ChargeFollowed(
        id=str(charge.id),
        agency_code=charge.agency.code,
        event_ref=charge.booking.event.ref,
        person_ref=charge.booking.person.ref,
        booking_id=str(charge.booking_id),
        day=charge.day_number,
        day_on=london_date(charge.day_starts_at),
        reason=charge.reason,
        pence=charge.pence,
        state=charge.state,
        raised_on=charge.raised_on,
        final_at=charge.final_at,
        invoiced_on=charge.invoiced_on,
        paid_on=charge.paid_on,
        credited_on=charge.credited_on,
        written_off_on=charge.written_off_on,
        changed_at=charge.changed_at,
    )


def _invoice(invoice: Invoice) -> InvoiceAnswer:
    is_note = invoice.kind is InvoiceKind.CREDIT_NOTE
    return InvoiceAnswer(
        ref=invoice.ref,
        kind=invoice.kind,
        agency_code=invoice.agency_code,
        agency_name=invoice.agency_name,
        month=invoice.month,
        issued_at=invoice.issued_at,
        total_pence=invoice.total_pence,
        credited_pence=invoice.credited_pence,
        written_off_pence=0 if is_note else invoice.written_off_pence,
        owed_pence=0 if is_note else invoice.owed_pence,
        paid_on=invoice.payment.paid_on if invoice.payment else None,
        credits_ref=invoice.credits.ref if invoice.credits else None,
        lines=tuple(InvoiceLineAnswer(str(line.charge_id), line.pence) for line in invoice.lines),
    )


def _list(name: str, path: str, words: str, answer: Any, run: Any) -> Operation:
    return Operation(f"charges.{name}", "GET", path, words, answer, run, permission=PERMISSION, query=MoneyWanted)


OPERATIONS = (
    _list("list_charges", "/charges", "Charges against agencies", ChargePage, list_charges),
    _list("list_invoices", "/invoices", "Invoices and credit notes", InvoicePage, list_invoices),
)
