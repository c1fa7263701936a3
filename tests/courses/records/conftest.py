"""Somebody who attended an event of two days."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from tests.make import Make
from tests.moments import NOW

Attend = Callable[..., Booking]


@pytest.fixture
def attend(session: Session) -> Attend:
    """Somebody was at an event, with this outcome."""

    def attended(event: Event, person: Person, outcome: Outcome | None = Outcome.ATTENDED, **values: object) -> Booking:
        booking = Booking(
            event_id=event.id,
            person_id=person.id,
            agency_id=person.agency_id,
            policy_version_id=policy_in_force(session, NOW).id,
            state=BookingState.CONFIRMED,
            source=BookingSource.WALK_IN,
            booked_at=event.starts_at,
            confirmed_at=event.starts_at,
            free_until=event.free_until,
            outcome=outcome,
            **values,
        )
        session.add(booking)
        session.flush()
        return booking

    return attended


@pytest.fixture
def held(make: Make) -> Event:
    """Two days of six and a half hours, with an hour of breaks in each; its register is finalised."""
    event = make.event(
        make.course(refresher_months=36, outcomes=["name the signs", "say who to call"]),
        days=2,
        state=EventState.DELIVERED,
        finalised_at=NOW,
    )
    for day in event.days:
        day.break_minutes = 60
    return event
