"""Charges as rows of a CSV file: history as another system knew it. Proposes nothing and sends nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from charges.charge.models import Charge
from charges.charge.rules import ChargeState, WaiverReason
from charges.claims.rules import ChargeReason
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event
from lms.frame import cells
from lms.frame.plugins import UNCHANGED, Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.portions import portions
from lms.kit.words import short_date
from lms.people.models import Person

COLUMNS = (
    Column("event_ref", is_key=True),
    Column("person_ref", is_key=True),
    Column("day", is_key=True),
    Column("reason", is_required=True),
    Column("amount", is_required=True),
    Column("status", is_required=True),
    Column("raised_on", is_required=True),
)
LARGEST_PENCE = 10_000_000
CALLED = {ChargeReason.DID_NOT_ATTEND: "did not attend", ChargeReason.LATE_CANCELLATION: "cancelled late"}


class ChargeStatus(StrEnum):
    """What a file says of a charge."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    INVOICED = "invoiced"
    PAID = "paid"
    WAIVED = "waived"
    CREDITED = "credited"


SAID = {
    ChargeState.PROPOSED: ChargeStatus.PROPOSED,
    ChargeState.OPEN: ChargeStatus.PROPOSED,
    ChargeState.APPEALED: ChargeStatus.PROPOSED,
    ChargeState.APPROVED: ChargeStatus.APPROVED,
    ChargeState.UPHELD: ChargeStatus.APPROVED,
    ChargeState.INVOICED: ChargeStatus.INVOICED,
    ChargeState.WRITTEN_OFF: ChargeStatus.INVOICED,
    ChargeState.PAID: ChargeStatus.PAID,
    ChargeState.WAIVED: ChargeStatus.WAIVED,
    ChargeState.CREDITED: ChargeStatus.CREDITED,
}
Key = tuple[str, str, int]


@dataclass
class ChargesLookup:
    """What all rows need, looked up once."""

    bookings: dict[tuple[str, str], Booking]
    charges: dict[Key, Charge]


def read_charges(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change charges of earlier records by event, person and day. What was decided here is never changed."""
    known = _known(work, rows)

    def read(row: Mapping[str, str]) -> Change:
        event_ref, person_ref = cells.text(row, "event_ref"), cells.text(row, "person_ref")
        booking = known.bookings.get((event_ref, person_ref))
        if booking is None:
            raise Invalid(f"{person_ref} has no booking on {event_ref}. Import the bookings first.", field="person_ref")
        number = cells.whole_number(row, "day", required=True, at_least=1) or 0
        charge = known.charges.get((event_ref, person_ref, number))
        if charge is not None and not charge.is_history:
            return _same(charge, row)
        before = None if charge is None else as_row(charge)
        charge = charge or _new(booking, number)
        _apply(charge, row)
        if before is None:
            known.charges[event_ref, person_ref, number] = charge
            work.session.add(charge)
            return Change("added", thing=charge)
        return cells.difference(charge, before, as_row(charge))

    return read


def as_row(charge: Charge) -> dict[str, str]:
    """A charge as a file says it."""
    return {
        "event_ref": charge.booking.event.ref,
        "person_ref": charge.booking.person.ref,
        "day": str(charge.day_number),
        "reason": charge.reason.value,
        "amount": cells.said_pence(charge.pence),
        "status": SAID[charge.state].value,
        "raised_on": cells.said_date(charge.raised_on),
    }


def export_charges(work: Work) -> Iterator[Mapping[str, str]]:
    """The latest charge of each booking's day, but for those that turned out not to hold."""
    latest = (
        sa.select(sa.func.max(Charge.id))
        .join(Charge.booking)
        .where(Charge.state != ChargeState.VOID)
        .group_by(Booking.event_id, Booking.person_id, Charge.day_number)
    )
    charges = work.session.scalars(
        sa.select(Charge)
        .join(Charge.booking)
        .join(Booking.event)
        .where(Charge.id.in_(latest))
        .options(
            joinedload(Charge.booking).joinedload(Booking.event), joinedload(Charge.booking).joinedload(Booking.person)
        )
        .order_by(Event.starts_at, Event.ref, Charge.booking_id, Charge.day_number)
    )
    return (as_row(charge) for charge in charges)


def _same(charge: Charge, row: Mapping[str, str]) -> Change:
    mine = as_row(charge)
    if cells.choice(row, "status", ChargeStatus) != mine["status"] or cells.pence(row, "amount") != charge.pence:
        raise Invalid("This charge was made here. Decide it on its page, not by a file.", field="status")
    return UNCHANGED


def _new(booking: Booking, number: int) -> Charge:
    day = next((each for each in booking.event.days if each.number == number), None)
    if day is None:
        raise Invalid(f"The event has no day {number}.", field="day")
    if booking.agency_id is None:
        raise Invalid("The booking has no agency, so no one can be charged.", field="person_ref")
    if booking.confirmed_at is None:
        raise Invalid("The booking never held a place, so no one can be charged.", field="person_ref")
    return Charge(
        booking=booking,
        agency_id=booking.agency_id,
        policy_version_id=booking.policy_version_id,
        day_number=number,
        day_starts_at=day.starts_at,
        day_ends_at=day.ends_at,
        is_history=True,
        state=ChargeState.PROPOSED,
        is_disability_related=False,
    )


def _apply(charge: Charge, row: Mapping[str, str]) -> None:
    charge.reason = cells.choice(row, "reason", ChargeReason)
    charge.pence = _amount(row)
    status = cells.choice(row, "status", ChargeStatus)
    raised_on = cells.iso_date(row, "raised_on", required=True)
    _check(charge.booking, charge.reason)
    charge.raised_on = raised_on
    charge.proposed_at = charge.day_starts_at
    if SAID[charge.state] is not status or charge.id is None:
        charge.state = ChargeState(status.value)
    _date(charge, status, raised_on)
    said = f"{CALLED[charge.reason]}; raised {short_date(raised_on)}"
    charge.explanation = f"Brought in from earlier records: {said}."
    if status is ChargeStatus.WAIVED:
        charge.waiver_reason, charge.waiver_words = WaiverReason.OTHER, "As earlier records say"
    else:
        charge.waiver_reason, charge.waiver_words = None, ""


def _amount(row: Mapping[str, str]) -> int:
    pence = cells.pence(row, "amount", required=True) or 0
    if not 0 < pence <= LARGEST_PENCE:
        raise Invalid("Enter an amount above £0, up to £100,000.", field="amount")
    return pence


def _date(charge: Charge, status: ChargeStatus, on: date) -> None:
    """History tells one date; the state needs one of its own."""
    billed = {ChargeStatus.INVOICED, ChargeStatus.PAID, ChargeStatus.CREDITED}
    charge.invoiced_on = (charge.invoiced_on or on) if status in billed else None
    charge.paid_on = (charge.paid_on or on) if status is ChargeStatus.PAID else None
    charge.credited_on = (charge.credited_on or on) if status is ChargeStatus.CREDITED else None


def _check(booking: Booking, reason: ChargeReason) -> None:
    is_cancelled = booking.state is BookingState.CANCELLED
    if is_cancelled != (reason is ChargeReason.LATE_CANCELLATION):
        said = "was cancelled" if is_cancelled else "was not cancelled"
        raise Invalid(f"The booking {said}, so this cannot be the reason.", field="reason")


def _known(work: Work, rows: list[Mapping[str, str]]) -> ChargesLookup:
    refs = sorted({cells.text(row, "event_ref") for row in rows})
    bookings: dict[tuple[str, str], Booking] = {}
    charges: dict[Key, Charge] = {}
    for some in portions(refs):
        for booking in work.session.scalars(
            sa.select(Booking)
            .join(Booking.event)
            .where(Event.ref.in_(some))
            .options(joinedload(Booking.event).selectinload(Event.days), joinedload(Booking.person))
            .order_by(Booking.id)
        ):
            bookings[booking.event.ref, booking.person.ref] = booking
        for charge in work.session.scalars(
            sa.select(Charge)
            .join(Charge.booking)
            .join(Booking.event)
            .join(Person, Person.id == Booking.person_id)
            .where(Event.ref.in_(some), Charge.state != ChargeState.VOID)
            .options(joinedload(Charge.booking))
            .order_by(Charge.id)
        ):
            charges[charge.booking.event.ref, charge.booking.person.ref, charge.day_number] = charge
    return ChargesLookup(bookings, charges)


IMPORT = Import(
    kind="charges",
    words="Charges: what earlier records say was charged to agencies, and what became of it",
    columns=COLUMNS,
    reader=read_charges,
    export=export_charges,
    permission="charges.manage_charges",
    position=80,
)
