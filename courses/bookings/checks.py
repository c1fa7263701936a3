"""What must be true of places, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.bookings.models import LIVE_STATES, Booking, BookingState
from courses.bookings.rules import promotion_ends_at
from courses.events.models import Event, EventState
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.work import Work


def oversold_events(work: Work) -> Iterator[str]:
    """More places held than the event ever had. (Capacity cut below bookings is over-booked, which is allowed.)"""
    rows = work.session.execute(
        sa.select(Event.ref, Event.largest_capacity, sa.func.count(Booking.place_number))
        .join(Booking, Booking.event_id == Event.id)
        .where(Event.is_history.is_(False))
        .group_by(Event.id, Event.ref, Event.largest_capacity)
        .having(sa.func.count(Booking.place_number) > Event.largest_capacity)
        .order_by(Event.ref)
    )
    for ref, capacity, held in rows:
        yield f"Event {ref}: {held} places held, never more than {capacity} offered."


def duplicate_bookings(work: Work) -> Iterator[str]:
    """Two live bookings of one person, or two records of one person, on one event."""
    who = sa.func.coalesce(Person.merged_into_id, Person.id)
    rows = work.session.execute(
        sa.select(Event.ref, who, sa.func.count())
        .join(Booking, Booking.event_id == Event.id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.state.in_(LIVE_STATES))
        .group_by(Event.ref, who)
        .having(sa.func.count() > 1)
        .order_by(Event.ref, who)
    )
    for ref, person_id, number in rows:
        yield f"Event {ref}: person {person_id} has {number} live bookings."


def idle_places(work: Work) -> Iterator[str]:
    """A free place while somebody who could have it waits."""
    hours = terms_of(policy_in_force(work.session, work.now)).promotion_stops_hours
    held = sa.func.count(Booking.place_number)
    waiting = sa.func.sum(
        sa.case(
            (
                sa.and_(
                    Booking.state == BookingState.WAITING, Person.left_on.is_(None), Person.merged_into_id.is_(None)
                ),
                1,
            ),
            else_=0,
        )
    )
    rows = work.session.execute(
        sa.select(Event.ref, Event.starts_at, Event.capacity, held, waiting)
        .join(Booking, Booking.event_id == Event.id)
        .join(Person, Person.id == Booking.person_id)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
        .group_by(Event.id, Event.ref, Event.starts_at, Event.capacity)
        .having(held < Event.capacity, waiting > 0)
        .order_by(Event.ref)
    )
    for ref, starts_at, capacity, places, people in rows:
        if work.now < promotion_ends_at(starts_at, hours):
            yield f"Event {ref}: {capacity - places} places free while {people} wait."
