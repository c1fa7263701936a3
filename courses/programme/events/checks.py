"""What must be true of events, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES
from courses.programme.events.models import Event, EventDay, EventTrainer
from courses.programme.events.rules import EventState
from lms.frame.work import Work


def cancelled_but_alive(work: Work) -> Iterator[str]:
    """A cancelled event releases every booking, and its places are not counted as offered."""
    held = sa.select(sa.func.count(Booking.id)).where(Booking.event_id == Event.id, Booking.state.in_(LIVE_STATES))
    number = held.scalar_subquery()
    rows = work.session.execute(
        sa.select(Event.ref, number, Event.places_offered)
        .where(Event.state == EventState.CANCELLED, sa.or_(number > 0, Event.places_offered > 0))
        .order_by(Event.ref)
    )
    for ref, bookings, offered in rows:
        yield f"Event {ref} is cancelled, with {bookings} live bookings and {offered or 0} places counted as offered."


def out_of_step_with_days(work: Work) -> Iterator[str]:
    """An event begins with its first day and ends with its last; days are numbered from 1 without a gap."""
    first, last = sa.func.min(EventDay.starts_at), sa.func.max(EventDay.ends_at)
    days, highest = sa.func.count(EventDay.id), sa.func.max(EventDay.number)
    rows = work.session.execute(
        sa.select(Event.ref)
        .outerjoin(EventDay, EventDay.event_id == Event.id)
        .group_by(Event.id, Event.ref, Event.starts_at, Event.ends_at)
        .having(sa.or_(days == 0, first != Event.starts_at, last != Event.ends_at, days != highest))
        .order_by(Event.ref)
    )
    for ref in rows.scalars():
        yield f"Event {ref} and its days do not agree on when it begins and ends, or on their numbers."


def delivered_without_places(work: Work) -> Iterator[str]:
    """The capacity of a delivered event is frozen as its places offered: every figure divides by it."""
    rows = work.session.scalars(
        sa.select(Event.ref)
        .where(Event.state == EventState.DELIVERED, Event.places_offered.is_(None))
        .order_by(Event.ref)
    )
    for ref in rows:
        yield f"Event {ref} was delivered, and nothing says how many places it offered."


def trainers_with_places(work: Work) -> Iterator[str]:
    """A trainer is not an attender and takes no place."""
    rows = work.session.execute(
        sa.select(Event.ref, Booking.id)
        .join(Booking, Booking.event_id == Event.id)
        .join(EventTrainer, sa.and_(EventTrainer.event_id == Event.id, EventTrainer.person_id == Booking.person_id))
        .where(Booking.state.in_(LIVE_STATES))
        .order_by(Event.ref, Booking.id)
    )
    for ref, booking_id in rows:
        yield f"Event {ref}: booking {booking_id} is of somebody who trains it."
