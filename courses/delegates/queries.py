"""An event's bookings, by place, then the list in its order, then those who gave up."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.bookings.models import Booking, BookingSource, BookingState
from courses.bookings.rules import WhyWaiting, promotion_ends_at, why_waiting
from courses.events.models import Event, EventState
from lms.access import Actor
from lms.errors import NotAllowed
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of


@dataclass(frozen=True)
class BookingRow:
    """A line of an event's list of bookings."""

    id: int
    person_id: int
    name: str
    agency: str
    state: BookingState
    place_number: int | None
    booked_at: datetime
    is_walk_in: bool
    outcome: str
    clash_reason: str
    needs: str
    food: str
    phone_on_day: str
    why_waiting: WhyWaiting | None = None


def bookings_of_event(session: Session, event: Event, actor: Actor, now: datetime) -> list[BookingRow]:
    """Everybody with a claim on the event, with why each who waits still does, in a fixed number of queries.

    What people need on the day is told only to those who must act on it (see `sees_access_needs`).
    """
    hours = terms_of(policy_in_force(session, now)).promotion_stops_hours
    found = session.scalars(
        sa.select(Booking)
        .where(Booking.event_id == event.id)
        .options(joinedload(Booking.person), joinedload(Booking.agency), joinedload(Booking.needs))
        .order_by(Booking.place_number.is_(None), Booking.place_number, Booking.queued_at, Booking.id)
    ).all()
    free = event.capacity - sum(booking.place_number is not None for booking in found)
    sees_needs = sees_access_needs(event, actor)
    is_in_time = now < promotion_ends_at(event.starts_at, hours)
    return [_row(booking, event, sees_needs=sees_needs, free=free, is_in_time=is_in_time) for booking in found]


def check_sees_delegates(event: Event, actor: Actor) -> None:
    """The names of who is coming are for coordinators and for the trainers of this very event. Raises NotAllowed."""
    if not sees_access_needs(event, actor):
        raise NotAllowed("Only the training team and this event’s trainers see who is coming.")


def sees_access_needs(event: Event, actor: Actor) -> bool:
    """Coordinators, and the trainers of this very event."""
    return actor.may("courses.manage_bookings") or any(each.id == actor.person_id for each in event.trainers)


def _row(booking: Booking, event: Event, *, sees_needs: bool, free: int, is_in_time: bool) -> BookingRow:
    needs = booking.needs if sees_needs else None
    is_waiting = booking.state is BookingState.WAITING
    return BookingRow(
        id=booking.id,
        person_id=booking.person_id,
        name=booking.person.name,
        agency=booking.agency.name if booking.agency else "",
        state=booking.state,
        place_number=booking.place_number,
        booked_at=booking.booked_at,
        is_walk_in=booking.source is BookingSource.WALK_IN,
        outcome=booking.outcome.value if booking.outcome else "",
        clash_reason=booking.clash_reason,
        needs=needs.needs if needs else "",
        food=needs.food if needs else "",
        phone_on_day=booking.phone_on_day if sees_needs else "",
        why_waiting=why_waiting(
            is_here=booking.person.is_here,
            is_published=event.state is EventState.PUBLISHED,
            free_places=free,
            is_in_time=is_in_time,
        )
        if is_waiting
        else None,
    )


def find_person(session: Session, person_ref: str) -> Person | None:
    """The person with this reference or, when only one has it, this email address."""
    typed = person_ref.strip()
    by_ref = session.scalar(sa.select(Person).where(sa.func.lower(Person.ref) == typed.lower()))
    if by_ref is not None or not typed:
        return by_ref
    by_email = session.scalars(
        sa.select(Person).where(Person.email == typed.lower(), Person.merged_into_id.is_(None)).limit(2)
    ).all()
    return by_email[0] if len(by_email) == 1 else None
