"""Which charges a reader may see, and one charge with what its page tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.events.models import Event, EventDay
from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.people.models import Person

ONE_YEAR = timedelta(days=365)
FINANCE_SEES = (
    ChargeState.APPROVED,
    ChargeState.UPHELD,
    ChargeState.INVOICED,
    ChargeState.PAID,
    ChargeState.CREDITED,
    ChargeState.WRITTEN_OFF,
)


@dataclass(frozen=True)
class Record:
    """How an agency did in the last twelve months, before a charge is decided."""

    bookings: int
    attended: int
    charges: int


def agencies_led(session: Session, actor: Actor) -> set[int]:
    """The agencies that somebody leads, and those that were merged into them."""
    led = set(actor.leads_agency_ids)
    rows = session.execute(sa.select(Agency.id, Agency.successor_id).where(Agency.successor_id.is_not(None)))
    successors = {row.id: row.successor_id for row in rows}
    while more := {each for each, successor in successors.items() if successor in led} - led:
        led |= more
    return led


def visible(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """Coordinators see every charge, finance those that were approved, agency leads those of their own agency."""
    if actor.may("charges.manage_charges"):
        return sa.true()
    own = Charge.agency_id.in_(agencies_led(session, actor))
    if actor.may("charges.manage_invoices"):
        return sa.or_(Charge.state.in_(FINANCE_SEES), own)
    return own


def charge_for(session: Session, charge_id: int, actor: Actor) -> Charge:
    """A charge with all that its page tells. Raises NotFound for one that this reader may not see."""
    charge = session.scalar(
        sa.select(Charge)
        .where(Charge.id == charge_id, visible(session, actor))
        .options(
            joinedload(Charge.agency),
            joinedload(Charge.policy_version),
            joinedload(Charge.booking).joinedload(Booking.person),
            joinedload(Charge.booking).joinedload(Booking.event).joinedload(Event.version),
            selectinload(Charge.answers),
        )
    )
    if charge is None:
        raise NotFound("We cannot find that charge among those that you can see. The list shows them all.")
    return charge


def charge_of_link(session: Session, charge_id: int) -> Charge:
    """The charge that a signed link opens. Raises NotFound."""
    charge = session.get(Charge, charge_id)
    if charge is None:
        raise NotFound("That charge no longer exists. Ask the training team.")
    return charge


def open_charges_of(session: Session, booking_id: int) -> list[Charge]:
    """The charges of a booking that are open to answers, day by day."""
    return list(
        session.scalars(
            sa.select(Charge)
            .where(Charge.booking_id == booking_id, Charge.state == ChargeState.OPEN)
            .order_by(Charge.day_number, Charge.id)
        )
    )


def last_charge_to_answer(work: Work, since: datetime) -> datetime | None:
    """Until when an agency can answer a charge by a letter that was written before."""
    asked = Charge.proposed_at < since, Charge.state == ChargeState.OPEN
    return work.session.scalar(sa.select(sa.func.max(Charge.respond_by)).where(*asked))


def record_before(session: Session, charge: Charge) -> Record:
    """The agency's bookings, attendance and other charges in the year before the day that was missed."""
    since, until = charge.day_starts_at - ONE_YEAR, charge.booking.event.starts_at
    held, attended = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((Booking.outcome == Outcome.ATTENDED, 1))))
        .join(Booking.event)
        .where(Booking.agency_id == charge.agency_id, Event.starts_at >= since, Event.starts_at < until)
        .where(Booking.state.in_([BookingState.CONFIRMED, BookingState.SUBSTITUTED]))
    ).one()
    others = session.scalar(
        sa.select(sa.func.count()).where(
            Charge.agency_id == charge.agency_id,
            Charge.id != charge.id,
            Charge.day_starts_at >= since,
            Charge.day_starts_at < until,
            Charge.state.not_in([ChargeState.VOID, ChargeState.WAIVED]),
        )
    )
    return Record(held, attended, others or 0)


@dataclass(frozen=True)
class MarkSeen:
    """What the register says of the day that is charged, when, and who marked it."""

    kind: MarkKind
    at: datetime
    by: str


def mark_of(session: Session, charge: Charge) -> MarkSeen | None:
    """The mark behind a charge; none for a late cancellation, and none in history."""
    row = session.execute(
        sa.select(Mark.kind, Mark.marked_at, Person.name)
        .join(EventDay, EventDay.id == Mark.event_day_id)
        .outerjoin(Person, Person.id == Mark.marked_by_id)
        .where(Mark.booking_id == charge.booking_id, EventDay.number == charge.day_number)
    ).first()
    return None if row is None else MarkSeen(row.kind, row.marked_at, row.name or "")


def siblings(session: Session, charge: Charge) -> list[Charge]:
    """The other charges of the same booking, day by day."""
    return list(
        session.scalars(
            sa.select(Charge)
            .where(Charge.booking_id == charge.booking_id, Charge.id != charge.id)
            .order_by(Charge.day_number, Charge.id)
        )
    )
