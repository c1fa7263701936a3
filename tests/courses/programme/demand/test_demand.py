"""Whoever asked for a date hears of it, first asked first, and may book it before others where that is set."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.programme.catalogue.queries import course_page
from courses.programme.courses.models import Course, Interest
from courses.programme.demand import listeners
from courses.programme.demand.rules import Opening, head_start_hours, opening
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState, PlannedDay
from courses.programme.events.services import cancel_event, move_event, publish_event
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.mail.delivery import deliver_due
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CLOSES = NOW + 20 * DAY


def ask(make: Make, course: Course, name: str, days_ago: int, **values: object) -> Person:
    person = make.person(name, **values)
    make._keep(Interest(course_id=course.id, person_id=person.id, asked_at=NOW - days_ago * DAY))
    return person


def told(session: Session) -> list[tuple[str, LetterState]]:
    query = sa.select(Person.name, OutboxLetter.state).join(Person, Person.id == OutboxLetter.person_id)
    query = query.where(OutboxLetter.kind == "courses.date_published").order_by(OutboxLetter.id)
    return [(name, state) for name, state in session.execute(query)]


def planned(make: Make, course: Course) -> Event:
    event = make.event(course, state=EventState.PLANNED, published_at=None)
    make.commit()
    return event


@pytest.mark.parametrize(
    ("opens_at", "hours", "expected"),
    [
        (None, 0, Opening(None, None)),
        (NOW + DAY, 0, Opening(None, NOW + DAY)),
        (None, 48, Opening(NOW, NOW + 2 * DAY)),
        (NOW - DAY, 48, Opening(NOW, NOW + 2 * DAY)),
        (NOW + 5 * DAY, 48, Opening(NOW + 3 * DAY, NOW + 5 * DAY)),
        (NOW + DAY, 48, Opening(NOW, NOW + DAY)),
        (None, 24 * 20, Opening(None, None)),
    ],
)
def test_when_those_who_asked_and_everybody_can_book(opens_at: datetime | None, hours: int, expected: Opening) -> None:
    assert opening(opens_at, CLOSES, NOW, hours * HOUR) == expected


@pytest.mark.parametrize("typed", ["-1", "337", "a day", ""])
def test_a_head_start_is_a_number_of_hours(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        head_start_hours(typed)
    assert head_start_hours("48") == 48


def test_publishing_writes_to_those_who_asked_in_their_turn(office: Work, make: Make) -> None:
    course = make.course()
    ask(make, course, "Second", 3)
    ask(make, course, "First", 9)
    ask(make, course, "Has left", 12, left_on=NOW.date())
    ask(make, make.course(), "Of another course", 12)
    event = planned(make, course)
    publish_event(office, event.id)
    assert [name for name, _ in told(office.session)] == ["First", "Second"]
    assert (event.asked_from, event.booking_opens_at) == (None, None)


def test_with_a_head_start_they_book_before_others(office: Work, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Work, "setting", lambda _work, _name: 48)
    course = make.course()
    asked, other = ask(make, course, "Asked", 9), make.person("Other")
    event = planned(make, course)
    publish_event(office, event.id)
    late = make.person("Asked since")
    make._keep(Interest(course_id=course.id, person_id=late.id, asked_at=NOW))
    for person in (other, late):
        with pytest.raises(Conflict, match="has not opened yet"):
            book_place(office, event.id, person, BookingRequest())
    office.actor = Actor("Asked", person_id=asked.id, permissions=frozenset())
    assert course_page(office, course.code).dates[0].booking_opens_at == NOW
    office.actor = Actor("Other", person_id=other.id, permissions=frozenset())
    assert course_page(office, course.code).dates[0].booking_opens_at == NOW + 2 * DAY
    book_place(office, event.id, asked, BookingRequest())
    office.now = NOW + 2 * DAY
    book_place(office, event.id, other, BookingRequest())


def test_whoever_has_a_place_asks_no_longer(office: Work, make: Make) -> None:
    course = make.course()
    person = ask(make, course, "Asked", 9)
    book_place(office, make.event(course).id, person, BookingRequest())
    assert office.session.scalars(sa.select(Interest.closed_at)).one() == NOW


def test_a_date_that_moved_is_told_again_and_the_old_one_never_arrives(app: Flask, office: Work, make: Make) -> None:
    course = make.course()
    ask(make, course, "Asked", 9)
    event = planned(make, course)
    publish_event(office, event.id)
    starts = event.starts_at + 7 * DAY
    move_event(office, event.id, [PlannedDay(starts, starts + 6 * HOUR, 0, event.days[0].venue_id, "")])
    office.session.commit()
    deliver_due(app, lambda: NOW)
    office.session.expire_all()
    assert [state for _, state in told(office.session)] == [LetterState.WITHDRAWN, LetterState.SENT]


def test_a_cancelled_date_is_told_to_nobody(app: Flask, office: Work, make: Make) -> None:
    course = make.course()
    ask(make, course, "Asked", 9)
    event = planned(make, course)
    publish_event(office, event.id)
    cancel_event(office, event.id, "The trainer is ill.")
    office.session.commit()
    deliver_due(app, lambda: NOW)
    office.session.expire_all()
    assert [state for _, state in told(office.session)] == [LetterState.WITHDRAWN]
    assert listeners.HEAD_START == "courses.head_start_hours"
