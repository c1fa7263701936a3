"""The register's pages: who opens them, the form of all rows, one mark from a phone, size and number of queries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.attendance.register.models import Mark
from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.rules import BookingRequest, BookingSource
from courses.booking.bookings.services import book_place
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Role
from lms.frame.work import Work
from lms.people.models import Person, RoleGrant
from tests.conftest import Clock
from tests.make import Make
from tests.queries import counted_queries

NINE = datetime(2026, 4, 9, 8, 0, tzinfo=UTC)
TEN = datetime(2026, 4, 9, 9, 0, tzinfo=UTC)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def trainer(make: Make) -> Person:
    return make.person("Denzil Marrowby")


@pytest.fixture
def event(work: Work, make: Make, trainer: Person, clock: Clock) -> Event:
    made = make.event(trainers=[trainer])
    for name, needs in [("Aled Brackenridge", ""), ("Bronagh Whitlowe", "A chair with arms")]:
        book_place(work, made.id, make.person(name), BookingRequest(needs=needs))
    clock.now = TEN
    make.session.expire_on_commit = False
    return made


def ids(session: Session) -> list[int]:
    found = list(session.scalars(sa.select(Booking.id).order_by(Booking.id)))
    session.commit()
    return found


def marks(session: Session) -> dict[int, tuple[str, int, str]]:
    session.expire_all()
    found = session.scalars(sa.select(Mark))
    said = {mark.booking_id: (mark.kind.value, mark.late_minutes, mark.note) for mark in found}
    session.commit()
    return said


def phone(event: Event, booking: int, **said: object) -> dict[str, object]:
    return {"key": f"key-{booking}-{sorted(said.items())}"[:60], "booking": booking, "age": 0, **said}


def test_a_trainer_sees_names_agencies_and_what_somebody_needs(sign_in: SignIn, trainer: Person, event: Event) -> None:
    answer = sign_in(trainer).get(f"/events/{event.id}/days/1/register")
    assert answer.status_code == 200
    assert "Aled Brackenridge" in answer.text
    assert "Needs: A chair with arms" in answer.text
    assert "2 booked" in answer.text


def test_nobody_else_sees_the_register(sign_in: SignIn, make: Make, event: Event, client: FlaskClient) -> None:
    url = f"/events/{event.id}/days/1/register"
    assert sign_in(make.person("Someone Else")).get(url).status_code == 403
    assert client.get(url).status_code == 302
    assert sign_in(make.coordinator()).get(url).status_code == 200
    assert sign_in(make.person()).post(f"/events/{event.id}/days/1/marks", json={}).status_code == 422


def test_the_form_saves_only_what_was_changed_on_it(
    sign_in: SignIn, trainer: Person, event: Event, session: Session
) -> None:
    """Two trainers had the same page open; the second does not undo the first."""
    browser, (aled, bronagh) = sign_in(trainer), ids(session)
    url = f"/events/{event.id}/days/1/register"
    browser.post(url, data={f"m-{aled}": "absent"})
    browser.post(url, data={f"m-{bronagh}": "late", f"late-{bronagh}": "22", f"note-{bronagh}": "Train"})
    assert marks(session) == {aled: ("absent", 0, ""), bronagh: ("present", 22, "Train")}
    browser.post(url, data={f"m-{aled}": "absent", f"was-{aled}": "absent:0:0:", f"m-{bronagh}": ""})
    assert marks(session)[bronagh] == ("present", 22, "Train")


def test_the_others_are_marked_present_in_one_go(
    sign_in: SignIn, trainer: Person, event: Event, session: Session
) -> None:
    browser, (aled, bronagh) = sign_in(trainer), ids(session)
    answer = browser.post(f"/events/{event.id}/days/1/register", data={f"m-{aled}": "absent", "all": "present"})
    assert answer.status_code == 303
    assert {each: kind for each, (kind, *_) in marks(session).items()} == {aled: "absent", bronagh: "present"}


def test_a_row_that_cannot_be_comes_back_with_what_was_typed_and_saves_nothing(
    sign_in: SignIn, trainer: Person, event: Event, session: Session
) -> None:
    browser, (aled, bronagh) = sign_in(trainer), ids(session)
    answer = browser.post(
        f"/events/{event.id}/days/1/register",
        data={f"m-{aled}": "late", f"late-{aled}": "a bit", f"m-{bronagh}": "present"},
    )
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert 'value="a bit"' in answer.text
    assert marks(session) == {}


def test_marking_is_refused_in_words_before_it_opens_and_for_what_does_not_run(
    sign_in: SignIn, trainer: Person, event: Event, session: Session, clock: Clock
) -> None:
    browser, (aled, _) = sign_in(trainer), ids(session)
    clock.now = NINE - timedelta(hours=1)
    assert "Marking opens at 08:30 on Thursday 9 April 2026" in browser.get(f"/events/{event.id}/days/1/register").text
    answer = browser.post(f"/events/{event.id}/days/1/marks", json=phone(event, aled, m="present"))
    assert answer.status_code == 409
    assert "Marking opens" in answer.json["words"]  # type: ignore[index]
    clock.now = TEN
    event.state = EventState.POSTPONED
    session.commit()
    assert browser.post(f"/events/{event.id}/days/1/register", data={f"m-{aled}": "present"}).status_code == 409
    assert marks(session) == {}


def test_a_phone_sends_one_mark_and_hears_the_row_and_the_tally(
    sign_in: SignIn, trainer: Person, event: Event, session: Session
) -> None:
    browser, (aled, _) = sign_in(trainer), ids(session)
    said = phone(event, aled, m="late", age=480)
    answer = browser.post(f"/events/{event.id}/days/1/marks", json=said)
    assert answer.status_code == 200
    assert answer.json == {
        "booking": aled,
        "row": {"mark": "late", "late": "22", "early": "", "other": "", "note": "", "was": "present:22:0:"},
        "words": "22 minutes late",
        "tally": {"present": 0, "late": 1, "absent": 0, "to_mark": 1},
    }
    browser.post(f"/events/{event.id}/days/1/marks", json=phone(event, aled, m="absent"))
    browser.post(f"/events/{event.id}/days/1/marks", json=said)
    assert marks(session)[aled][0] == "absent"


@pytest.mark.parametrize(
    "said",
    [{}, {"booking": "1"}, {"booking": 1, "key": "short"}, {"booking": 1, "key": "long enough", "age": "old"}, []],
)
def test_what_no_phone_of_ours_sends_is_refused_as_json(
    sign_in: SignIn, trainer: Person, event: Event, said: object
) -> None:
    answer = sign_in(trainer).post(f"/events/{event.id}/days/1/marks", json=said)
    assert answer.status_code == 422
    assert answer.json["words"]  # type: ignore[index]


@pytest.mark.slow
def test_sixty_people_are_under_a_hundred_kilobytes_and_a_mark_takes_few_queries(
    sign_in: SignIn,
    make: Make,
    trainer: Person,
    event: Event,
    session: Session,
    work: Work,
    app: Flask,
) -> None:
    agency = make.agency("Rowan Valley Council, adult social care and housing")
    event.capacity = 60
    for number in range(58):
        person = make.person(f"Maximiliana Brackenridge-Whitlowe {number}", agency=agency)
        booking = book_place(work, event.id, person, BookingRequest())
        if number % 4 == 0:
            booking.needs = AccessNeeds(needs="A hearing loop", food="No nuts", delete_after=event.ends_at.date())
        if number % 2:
            note = "Came from another meeting"
            mark = Mark(
                booking_id=booking.id, event_day_id=event.days[0].id, kind="present", late_minutes=12, note=note
            )
            mark.marked_at, mark.left_early_minutes = TEN, 0
            session.add(mark)
    browser = sign_in(trainer)
    page = browser.get(f"/events/{event.id}/days/1/register")
    assert "60 booked" in page.text
    assert len(page.data) < 100_000, f"{len(page.data)} bytes"
    first = ids(session)[0]
    with app.app_context():
        its_engine = app.extensions["sqlalchemy"].engine
    with counted_queries(its_engine) as sent:
        browser.get(f"/events/{event.id}/days/1/register")
    assert len(sent) <= 10, sent
    with counted_queries(its_engine) as sent:
        answer = browser.post(f"/events/{event.id}/days/1/marks", json=phone(event, first, m="present"))
    assert answer.status_code == 200
    assert len(answer.data) < 400
    assert len(sent) <= 18, sent


def test_my_events_lead_to_the_register_of_today_and_of_what_is_not_finalised(
    sign_in: SignIn, make: Make, trainer: Person, event: Event, clock: Clock
) -> None:
    trainer.roles.append(RoleGrant(role=Role.TRAINER, granted_at=TEN))
    browser = sign_in(trainer)
    link = f"/events/{event.id}/days/1/register"
    assert link in browser.get("/my-events").text
    assert link in browser.get(f"/my-events/{event.id}").text
    clock.now = TEN + timedelta(days=3)
    assert link in browser.get("/my-events").text


def test_a_walk_in_stands_apart_from_those_who_booked(
    sign_in: SignIn, make: Make, trainer: Person, event: Event, session: Session
) -> None:
    booking = session.get_one(Booking, ids(session)[0])
    booking.source, booking.place_number = BookingSource.WALK_IN, None
    session.flush()
    text = sign_in(trainer).get(f"/events/{event.id}/days/1/register").text
    assert "1 booked, 1 walked in" in text
