"""What must be true of charges and invoices, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from charges.charge.models import Charge
from charges.charge.rules import LIVE, ChargeState
from charges.invoices.models import Invoice, InvoiceLine, InvoiceNumber
from charges.invoices.rules import InvoiceKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.money import exact_pounds

OWED = (ChargeState.PROPOSED, ChargeState.OPEN, ChargeState.APPROVED, ChargeState.APPEALED, ChargeState.UPHELD)
"""What nobody has paid yet; of what was invoiced, a credit note tells."""

BILLED_ONCE = (ChargeState.INVOICED, ChargeState.PAID, ChargeState.CREDITED, ChargeState.WRITTEN_OFF)


def unexplained_charges(work: Work) -> Iterator[str]:
    """A charge without words or terms, or under other terms than its booking's."""
    rows = work.session.execute(
        sa.select(Charge.id, Charge.explanation, Charge.policy_version_id, Booking.policy_version_id)
        .join(Booking, Booking.id == Charge.booking_id)
        .where(sa.or_(Charge.explanation == "", Charge.policy_version_id != Booking.policy_version_id))
        .order_by(Charge.id)
    )
    for charge_id, explanation, *_ in rows:
        wrong = "is under other terms than its booking" if explanation else "does not explain itself"
        yield f"Charge {charge_id} {wrong}."


def duplicate_charges(work: Work) -> Iterator[str]:
    """Two live charges for one booking and event day."""
    rows = work.session.execute(
        sa.select(Charge.booking_id, Charge.day_number, sa.func.count())
        .where(Charge.state.in_(LIVE))
        .group_by(Charge.booking_id, Charge.day_number)
        .having(sa.func.count() > 1)
        .order_by(Charge.booking_id, Charge.day_number)
    )
    for booking_id, day, number in rows:
        yield f"Booking {booking_id}, day {day}: {number} live charges."


def charges_of_attended(work: Work) -> Iterator[str]:
    """A live charge for somebody who attended."""
    rows = work.session.scalars(
        sa.select(Charge.id)
        .join(Charge.booking)
        .where(Charge.state.in_(LIVE), Booking.outcome == Outcome.ATTENDED, Charge.is_history.is_(False))
        .order_by(Charge.id)
    )
    return (f"Charge {charge_id}: the person attended." for charge_id in rows)


def uninvoiced_charges(work: Work) -> Iterator[str]:
    """A charge that says it was invoiced and is on no invoice. (History was invoiced elsewhere.)"""
    lines = sa.select(InvoiceLine.charge_id)
    rows = work.session.scalars(
        sa.select(Charge.id)
        .where(Charge.state.in_(BILLED_ONCE), Charge.is_history.is_(False), Charge.id.not_in(lines))
        .order_by(Charge.id)
    )
    return (f"Charge {charge_id} was invoiced, but is on no invoice." for charge_id in rows)


def wrong_sums(work: Work) -> Iterator[str]:
    """An invoice whose lines do not add up to it."""
    rows = work.session.execute(
        sa.select(Invoice.ref, Invoice.total_pence, sa.func.coalesce(sa.func.sum(InvoiceLine.pence), 0))
        .outerjoin(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .group_by(Invoice.id, Invoice.ref, Invoice.total_pence)
        .having(sa.func.coalesce(sa.func.sum(InvoiceLine.pence), 0) != Invoice.total_pence)
        .order_by(Invoice.ref)
    )
    for ref, total, lines in rows:
        yield f"{ref} says {exact_pounds(total)}, its lines {exact_pounds(lines)}."


def gaps_in_numbers(work: Work) -> Iterator[str]:
    """A number that no invoice or credit note has."""
    last = {row.kind: row.last for row in work.session.scalars(sa.select(InvoiceNumber).order_by(InvoiceNumber.kind))}
    for kind in InvoiceKind:
        numbers = set(work.session.scalars(sa.select(Invoice.number).where(Invoice.kind == kind)))
        missing = sorted(set(range(1, max([last.get(kind, 0), *numbers]) + 1)) - numbers)
        if missing:
            yield f"No {kind.replace('_', ' ')} has the number {', '.join(map(str, missing))}."
        if numbers and max(numbers) > last.get(kind, 0):
            yield f"The counter of {kind.replace('_', ' ')}s is behind its numbers."


def charges_of_others(work: Work) -> Iterator[str]:
    """The agency on the booking is charged, and no other."""
    rows = work.session.execute(
        sa.select(Charge.id, Charge.booking_id)
        .join(Booking, Booking.id == Charge.booking_id)
        .where(sa.or_(Booking.agency_id.is_(None), Booking.agency_id != Charge.agency_id))
        .order_by(Charge.id)
    )
    for charge_id, booking_id in rows:
        yield f"Charge {charge_id} is not of the agency on booking {booking_id}."


def charges_of_cancelled_events(work: Work) -> Iterator[str]:
    """When the partnership cancels an event, nobody is charged for it."""
    rows = work.session.execute(
        sa.select(Charge.id, Event.ref)
        .join(Booking, Booking.id == Charge.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(Event.state == EventState.CANCELLED, Charge.state.in_(OWED), Charge.is_history.is_(False))
        .order_by(Charge.id)
    )
    for charge_id, ref in rows:
        yield f"Charge {charge_id} stands, though event {ref} was cancelled."


def payments_of_another_sum(work: Work) -> Iterator[str]:
    """What was paid is what the invoice asked for, less what was credited or written off before."""
    paid = (
        sa.select(Invoice)
        .join(Invoice.payment)
        .options(selectinload(Invoice.credit_notes), selectinload(Invoice.lines).joinedload(InvoiceLine.charge))
    )
    for invoice in work.session.scalars(paid.order_by(Invoice.ref)):
        owed = invoice.total_pence - invoice.credited_pence - invoice.written_off_pence
        if invoice.payment is not None and invoice.payment.pence != owed:
            yield f"{invoice.ref}: {exact_pounds(invoice.payment.pence)} were paid, and {exact_pounds(owed)} were owed."
