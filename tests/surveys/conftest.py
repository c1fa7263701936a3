"""An event that people attended, told to a site on which surveys listen; and answering as its people do."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.facts import RegisterFinalised
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import program
from lms.frame.work import Work
from lms.kit.working_days import wall_time
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from surveys.answers.services import finish, save_answers
from surveys.invitations.links.queries import token_of
from surveys.invitations.models import Invitation
from surveys.questions.rules import Answers
from tests.make import Make
from tests.moments import NOW

HELD_ON = datetime(2026, 3, 12).date()  # noqa: DTZ001  (a Thursday)


@dataclass
class Asking:
    """What the tests do to an installation with surveys."""

    work: Work
    make: Make

    def at(self, now: datetime) -> Work:
        return replace(self.work, now=now)

    def event(self, *, days: int = 1, title: str = "Safer babies", **values: object) -> Event:
        course = values.pop("course", None) or self.make.course(title, outcomes=["name the signs", "say who to call"])
        return self.make.event(course, starts=wall_time(HELD_ON, time(9, 30)), days=days, **values)  # type: ignore[arg-type]

    def booking(
        self, event: Event, person: Person | None = None, outcome: Outcome | None = Outcome.ATTENDED, **values: object
    ) -> Booking:
        person = person or self.make.person()
        booking = Booking(
            event_id=event.id,
            person_id=person.id,
            agency_id=person.agency_id,
            policy_version_id=policy_in_force(self.work.session, NOW).id,
            state=BookingState.CONFIRMED,
            source=BookingSource.WALK_IN,
            booked_at=event.starts_at - timedelta(days=20),
            confirmed_at=event.starts_at - timedelta(days=20),
            free_until=event.free_until,
            outcome=outcome,
            **values,
        )
        self.work.session.add(booking)
        self.work.session.flush()
        return booking

    def finalise(self, event: Event, now: datetime | None = None) -> None:
        event.state, event.finalised_at = EventState.DELIVERED, now or event.ends_at
        self.work.session.flush()
        self.at(now or event.ends_at).tell(RegisterFinalised(event.id))

    def answer(self, invitation: Invitation, answers: Answers, now: datetime | None = None) -> None:
        work = self.at(now or (invitation.sent_at or NOW) + timedelta(hours=3))
        finish(work, invitation, save_answers(work, invitation, answers))

    def link(self, invitation: Invitation) -> str:
        return f"/answer/{token_of(self.work, invitation.id)}"


@pytest.fixture
def asking(app: Flask, session: Session, make: Make) -> Asking:
    """With the site's listeners."""
    return Asking(Work(session, program("test"), NOW, app.extensions["lms"]), make)
