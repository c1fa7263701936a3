"""Places taken and people waiting, counted; what a booking would clash with; and bookings as lists show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from courses import words
from courses.bookings.models import LIVE_STATES, Booking, BookingSource, BookingState
from courses.bookings.rules import WhyWaiting, promotion_ends_at, why_waiting
from courses.events.models import Event, EventDay, EventState
from lms.access import Actor
from lms.errors import NotFound
from lms.people.models import Person

IN_QUEUE = (BookingState.WAITING, BookingState.OFFERED)


@dataclass(frozen=True)
class Places:
    """How many hold a place in an event, and how many wait for one. Walk-ins hold none."""

    confirmed: int = 0
    waiting: int = 0


def places_of(session: Session, event_ids: Collection[int]) -> dict[int, Places]:
    """Places of several events in one query; every id asked for is answered."""
    rows = session.execute(
        sa.select(
            Booking.event_id,
            sa.func.count(Booking.place_number),
            sa.func.sum(sa.case((Booking.state.in_(IN_QUEUE), 1), else_=0)),
        )
        .where(Booking.event_id.in_(event_ids))
        .group_by(Booking.event_id)
    )
    counted = {event_id: Places(confirmed, waiting) for event_id, confirmed, waiting in rows}
    return {event_id: counted.get(event_id, Places()) for event_id in event_ids}


def taken_places(session: Session, event_id: int) -> set[int]:
    """The numbers of the places that somebody holds. Count them only with the event locked."""
    taken = sa.select(Booking.place_number).where(Booking.event_id == event_id, Booking.place_number.is_not(None))
    return {number for number in session.scalars(taken) if number is not None}


def free_places(session: Session, event: Event) -> int:
    """How many are left; negative in an over-booked event."""
    return event.capacity - len(taken_places(session, event.id))


def queue_of(session: Session, event_id: int) -> list[Booking]:
    """The waiting list in its order, with the persons."""
    return list(
        session.scalars(
            sa.select(Booking)
            .where(Booking.event_id == event_id, Booking.state == BookingState.WAITING)
            .order_by(Booking.queued_at, Booking.id)
            .options(joinedload(Booking.person))
        )
    )


def position_of(session: Session, booking: Booking) -> int:
    """1 for the first in the list. A place in the list never changes by editing, only when others leave it."""
    before = sa.select(sa.func.count()).where(
        Booking.event_id == booking.event_id,
        Booking.state.in_(IN_QUEUE),
        sa.tuple_(Booking.queued_at, Booking.id) < sa.tuple_(sa.literal(booking.queued_at), sa.literal(booking.id)),
    )
    return (session.scalar(before) or 0) + 1


def live_booking(session: Session, event_id: int, person_id: int) -> Booking | None:
    """The person's one live claim on this event, if there is one."""
    return session.scalar(
        sa.select(Booking).where(
            Booking.event_id == event_id, Booking.person_id == person_id, Booking.state.in_(LIVE_STATES)
        )
    )


def clash_of(session: Session, event: Event, person_id: int) -> str | None:
    """What else the person has booked at that time, or the same course on a coming date, as a question; or None."""
    other_day, this_day = aliased(EventDay), aliased(EventDay)
    overlaps = (
        sa.select(this_day.id)
        .join(other_day, (other_day.starts_at < this_day.ends_at) & (this_day.starts_at < other_day.ends_at))
        .where(this_day.event_id == event.id, other_day.event_id == Event.id)
        .exists()
    )
    same_course = sa.and_(Event.course_id == event.course_id, Event.ends_at > event.created_at)
    others = (
        sa.select(Event)
        .join(Booking, Booking.event_id == Event.id)
        .where(Booking.person_id == person_id, Booking.state.in_(LIVE_STATES), Booking.outcome.is_(None))
        .where(Event.id != event.id, Event.state != EventState.DELIVERED, sa.or_(overlaps, same_course))
        .order_by(Event.starts_at, Event.id)
        .limit(1)
    )
    other = session.scalar(others)
    if other is None:
        return None
    if other.course_id == event.course_id:
        return f"There is a booking for this course on {words.when(other)} already. Say why both are needed."
    return f"{other.version.title} is booked for {words.when(other)}, at the same time. Say why both are needed."


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


def event_with_days(session: Session, event_id: int) -> Event:
    """An event with all that pages about its bookings show. Raises NotFound."""
    event = session.scalar(
        sa.select(Event)
        .where(Event.id == event_id)
        .options(
            joinedload(Event.course),
            joinedload(Event.version),
            selectinload(Event.days).joinedload(EventDay.venue),
            selectinload(Event.trainers),
        )
    )
    if event is None:
        raise NotFound("There is no such event. Choose one from the courses page.")
    return event


def bookings_of_event(session: Session, event: Event, actor: Actor, *, now: datetime, hours: int) -> list[BookingRow]:
    """Everybody with a claim on the event: by place, then the list in its order with why each still waits, then
    those who gave up. What people need is told only to those who must act on it (`courses.see_access_needs`)."""
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


def bookings_of_person(session: Session, person_id: int) -> list[Booking]:
    """All of a person's claims, with events, soonest first."""
    return list(
        session.scalars(
            sa.select(Booking)
            .join(Booking.event)
            .where(Booking.person_id == person_id)
            .options(
                joinedload(Booking.event).joinedload(Event.version),
                joinedload(Booking.event).joinedload(Event.course),
                joinedload(Booking.event).selectinload(Event.days).joinedload(EventDay.venue),
                joinedload(Booking.agency),
                joinedload(Booking.policy_version),
            )
            .order_by(Event.starts_at, Booking.id)
        )
    )


def booking_for(session: Session, booking_id: int, actor: Actor) -> Booking:
    """A booking that this reader may act on: their own, or any for coordinators. Raises NotFound for all others."""
    booking = session.get(Booking, booking_id)
    if booking is None or not (booking.person_id == actor.person_id or actor.may("courses.manage_bookings")):
        raise NotFound("There is no such booking among yours. My learning lists them all.")
    return booking


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
