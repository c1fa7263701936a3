"""Whose calendar a secret address is, and what is in it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.kit.errors import NotFound
from lms.people.models import Person

IN_CALENDARS = (EventState.PUBLISHED, EventState.DELIVERED)
"""Events that have dates."""


def person_of_calendar(session: Session, secret: str) -> Person:
    """The person whose calendar has this secret; the kept record of a merged one. Raises NotFound once they left."""
    person = session.scalar(sa.select(Person).where(Person.calendar_secret == secret))
    while person is not None and person.merged_into_id is not None:
        person = session.get(Person, person.merged_into_id)
    if person is None or not person.is_here:
        raise NotFound("There is no calendar at this address. Copy it again from My learning.")
    return person


def confirmed_bookings(session: Session, person_id: int) -> list[Booking]:
    """The places that a person holds in events that have dates, past ones included, so that entries do not vanish."""
    return list(
        session.scalars(
            sa.select(Booking)
            .join(Booking.event)
            .where(Booking.person_id == person_id, Booking.state == BookingState.CONFIRMED)
            .where(Event.state.in_(IN_CALENDARS))
            .options(
                joinedload(Booking.event).joinedload(Event.version),
                joinedload(Booking.event).selectinload(Event.days).joinedload(EventDay.venue),
            )
            .order_by(Event.starts_at, Booking.id)
        )
    )
