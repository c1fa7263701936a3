"""Signing in by the code on the screen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from courses.attendance.checkin.models import CheckIn
from courses.attendance.checkin.rules import check_code, code_at, code_now, late_minutes
from courses.attendance.checkin.services import sign_in, switch_on
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.programme.events.models import Event
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.people.models import Person
from tests.conftest import Clock
from tests.make import Make

START = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
SECRET = "a secret of this event"


def test_a_code_counts_in_its_minute_and_the_next() -> None:
    at = START.replace(second=30)
    code = code_now(SECRET, 7, at)
    assert len(code) == 6
    check_code(SECRET, 7, f"{code[:3]} {code[3:]}", at)
    check_code(SECRET, 7, code, at + timedelta(minutes=1))
    for later in (at + timedelta(minutes=2), at - timedelta(minutes=1)):
        with pytest.raises(Invalid):
            check_code(SECRET, 7, code, later)
    with pytest.raises(Invalid):
        check_code(SECRET, 8, code, at)


def test_codes_change_every_minute() -> None:
    assert len({code_at(SECRET, 7, minute) for minute in range(60)}) > 55


def test_late_is_counted_from_the_start_after_a_quarter_of_an_hour() -> None:
    assert [late_minutes(START, START + timedelta(minutes=n)) for n in (-30, 0, 15, 16, 40)] == [0, 0, 0, 16, 40]


@pytest.fixture
def event(work: Work, make: Make) -> Event:
    made = make.event()
    switch_on(work, made.id)
    return made


@pytest.fixture
def delegate(work: Work, make: Make, event: Event) -> Person:
    person = make.person()
    book_place(work, event.id, person, BookingRequest())
    work.actor = Actor(person.name, person.id)
    work.now = START
    return person


def code_of(work: Work, event: Event) -> str:
    return code_now(work.session.get_one(CheckIn, event.id).secret, event.days[0].id, work.now)


def test_who_signs_in_is_marked_and_late_when_late(work: Work, event: Event, delegate: Person) -> None:
    work.now = START + timedelta(minutes=20)
    mark = sign_in(work, event.id, 1, code_of(work, event))
    assert (mark.kind, mark.late_minutes, mark.marked_by_id) == ("present", 20, delegate.id)


@pytest.mark.parametrize("at", [START - timedelta(minutes=61), START + timedelta(hours=7)])
def test_outside_the_day_nobody_signs_in(work: Work, event: Event, delegate: Person, at: datetime) -> None:
    work.now = at
    with pytest.raises(Conflict):
        sign_in(work, event.id, 1, code_of(work, event))


def test_who_has_no_place_is_sent_to_the_trainer(work: Work, make: Make, event: Event) -> None:
    other = make.person("Someone Else")
    work.actor, work.now = Actor(other.name, other.id), START
    with pytest.raises(Conflict, match="Tell the trainer"):
        sign_in(work, event.id, 1, code_of(work, event))


def test_a_trainers_mark_stays(work: Work, make: Make, event: Event, delegate: Person) -> None:
    asking, booking_id = work.actor, work.session.scalars(sa.text("select id from booking")).one()
    event.trainers.append(trainer := make.person("Denzil"))
    work.actor = Actor("Denzil", trainer.id)
    mark_people(work, event.id, 1, {booking_id: Seen(MarkKind.TURNED_AWAY)})
    work.actor = asking
    with pytest.raises(Conflict, match="Speak to the trainer"):
        sign_in(work, event.id, 1, code_of(work, event))


def test_signing_in_first_comes_back_and_wrong_codes_are_limited(
    work: Work,
    event: Event,
    delegate: Person,
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock: Clock,
) -> None:
    url, code = f"/check-in/{event.id}/1", code_of(work, event)
    browser = sign_in(delegate)
    clock.now = START
    away = client.get(f"{url}?code={code}")
    assert away.status_code == 302
    assert unquote(away.headers["Location"]) == f"/sign-in?next={url}?code={code}"
    page = browser.get(f"{url}?code={code}")
    assert f'value="{code}"' in page.text
    answers = [browser.post(url, data={"code": "000000" if code != "000000" else "1"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
