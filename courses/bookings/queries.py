"""Places taken and people waiting, counted; what a booking would clash with; and what a person has booked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from courses import words
from courses.bookings.models import LIVE_STATES, Booking, BookingState
from courses.bookings.rules import Reminder, reminder_moments
from courses.events.models import Event, EventDay, EventState
from lms.access import Actor
from lms.errors import NotFound
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import Policy, charge_for_day
from lms.words import pounds
from lms.working_days import CountedDay, counted_days, is_late, london_date

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


@dataclass(frozen=True)
class EventToBook:
    """What every page about a booking says of its event."""

    event: Event
    when: str
    where: list[str]
    places: Places
    free_until: datetime
    counted_days: tuple[CountedDay, ...]
    reminders: dict[Reminder, datetime]
    charge: str
    now: datetime

    @property
    def is_free_now(self) -> bool:
        """Whether a booking made now could be cancelled free of charge."""
        return not is_late(self.now, self.free_until)

    @property
    def left(self) -> int:
        """Places that somebody new can have: none while others wait."""
        return 0 if self.places.waiting else max(self.event.capacity - self.places.confirmed, 0)


def event_to_book_by(session: Session, event_id: int, now: datetime, actor: Actor) -> EventToBook:
    """An event for somebody who may want to book it: one that is only planned is nobody's business yet."""
    about = event_to_book(session, event_id, now)
    if about.event.state is EventState.PLANNED and not actor.may("courses.manage_bookings"):
        raise NotFound("There is no such event. Choose one from the courses page.")
    return about


def event_to_book(session: Session, event_id: int, now: datetime) -> EventToBook:
    """An event with its deadline and how it was counted, under the terms in force now. Raises NotFound."""
    event = event_with_days(session, event_id)
    policy = terms_of(policy_in_force(session, now))
    first, first_day = event.days[0], london_date(event.starts_at)
    return EventToBook(
        event=event,
        when=words.when(event),
        where=words.where_in_full(event),
        places=places_of(session, [event.id])[event.id],
        free_until=event.free_until,
        counted_days=counted_days(first_day, policy.notice_working_days),
        reminders=reminder_moments(first_day, reminder_days(policy)),
        charge=pounds(charge_for_day(policy, first.starts_at, first.ends_at)),
        now=now,
    )


def reminder_days(policy: Policy) -> dict[Reminder, int]:
    """How many working days before the first day each reminder goes."""
    return {
        Reminder.FIRST: policy.first_reminder_working_days,
        Reminder.JOINING: policy.joining_instructions_working_days,
        Reminder.LAST: policy.last_reminder_working_days,
    }


def person_asking(session: Session, actor: Actor) -> Person:
    """The record of the person who is signed in. Raises NotFound for a program."""
    person = session.get(Person, actor.person_id) if actor.person_id is not None else None
    if person is None:
        raise NotFound("Sign in as a person to book.")
    return person


def booking_for(session: Session, booking_id: int, actor: Actor) -> Booking:
    """A booking that this reader may act on: their own, or any for coordinators. Raises NotFound for all others."""
    booking = session.get(Booking, booking_id)
    if booking is None or not (booking.person_id == actor.person_id or actor.may("courses.manage_bookings")):
        raise NotFound("There is no such booking among yours. My learning lists them all.")
    return booking
