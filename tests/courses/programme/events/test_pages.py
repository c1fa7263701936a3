"""The coordinators' and trainers' pages about events: what they show, refuse and keep."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from courses.programme.courses.models import Course
from courses.programme.events.models import Event, Venue
from courses.programme.events.rules import EventState
from lms.frame.access import Role
from lms.people.models import Person
from tests.databases import ON_SQLITE
from tests.make import Make

DAY = {
    "days-0-date": "2026-05-12",
    "days-0-starts": "09:30",
    "days-0-ends": "16:00",
    "days-0-break_minutes": "60",
    "days-0-online_url": "",
}
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def browser(sign_in: SignIn, make: Make) -> FlaskClient:
    return sign_in(make.coordinator())


def planned(make: Make, **values: str) -> dict[str, str]:
    course_id, venue_id = make.course().id, make.venue().id
    make.commit()
    return {"course_id": str(course_id), "days-0-venue_id": str(venue_id), **DAY, **values}


def kept(make: Make, value: sa.Select[tuple[object]]) -> object:
    """What the database has, without keeping SQLite's one writing transaction for ourselves."""
    found = make.session.scalars(value).one()
    make.commit()
    return found


def typed(html: str, name: str) -> str:
    found = BeautifulSoup(html, "html.parser").find(attrs={"name": name})
    assert found is not None, name
    return str(found.get("value", ""))


@pytest.mark.slow
def test_a_coordinator_plans_publishes_moves_copies_and_cancels(browser: FlaskClient, make: Make) -> None:
    answer = browser.post("/events/new", data=planned(make), follow_redirects=True)
    assert answer.status_code == 200
    assert "is planned" in answer.text
    assert "5 hours 30 minutes" in answer.text
    address = f"/events/{kept(make, sa.select(Event.id))}"
    course = kept(make, sa.select(Course.code))
    assert "published" in browser.post(f"{address}/publish", follow_redirects=True).text
    move = {**DAY, "days-0-date": "2026-06-16", "days-0-venue_id": "0", "why": "The room is taken"}
    moved = browser.post(f"{address}/move", data=move, follow_redirects=True)
    assert "We’ll email the people affected" in moved.text
    assert "Tue 16 Jun 2026" in browser.get(f"/courses/{course}").text
    copied = browser.post(f"{address}/copy", data={"first_day": "2026-07-07"}, follow_redirects=True)
    assert "planned as a copy" in copied.text
    more = browser.post(f"{address}/capacity", data={"capacity": "30"}, follow_redirects=True)
    assert "30 places now" in more.text
    note = {"joining_note": "Bring a badge.", "closes_on": "2026-06-15"}
    assert "Bring a badge." in browser.post(f"{address}/edit", data=note, follow_redirects=True).text
    assert browser.post(f"{address}/postpone").status_code == 422, "whoever is told reads why"
    answer = browser.post(f"{address}/postpone", data={"why": "The trainer is ill"}, follow_redirects=True)
    assert "The event is postponed" in answer.text
    gone = browser.post(f"{address}/cancel", data={"reason": "The trainer is ill."}, follow_redirects=True)
    assert "Cancelled: The trainer is ill." in gone.text


@ON_SQLITE
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"days-0-date": ""}, "Enter the date of this day."),
        ({"days-0-date": "32 May"}, "Enter a real date"),
        ({"days-0-ends": "09:00"}, "The day has to end after it starts."),
        ({"days-0-starts": "half nine"}, "Enter a time like 09:30."),
        ({"days-0-date": "2026-03-29", "days-0-starts": "01:30"}, "the clocks go forward"),
        ({"days-0-date": "2026-02-12"}, "That day is in the past."),
        ({"course_id": "0"}, "Choose a course"),
        ({"capacity": "many"}, "Enter a whole number."),
        ({"closes_on": "2026-05-13"}, "Booking has to close on or before the first day"),
        ({"days-0-online_url": "teams"}, "starting with https://"),
    ],
)
def test_a_refused_event_says_why_and_keeps_what_was_typed(
    browser: FlaskClient, make: Make, values: dict[str, str], words: str
) -> None:
    answer = browser.post("/events/new", data=planned(make, joining_note="Bring a badge.", **values))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Bring a badge." in answer.text
    assert typed(answer.text, "days-0-break_minutes") == "60"
    assert kept(make, sa.select(sa.func.count(Event.id))) == 0


@ON_SQLITE
def test_another_day_is_added_without_losing_what_was_typed(browser: FlaskClient, make: Make) -> None:
    data = planned(make, joining_note="Bring a badge.", days_wish="add")
    answer = browser.post("/events/new", data=data)
    assert answer.status_code == 200
    assert "Bring a badge." in answer.text
    assert typed(answer.text, "days-0-date") == "2026-05-12"
    assert typed(answer.text, "days-1-date") == ""
    assert typed(answer.text, "days-1-starts") == "09:30"
    both = {**data, **{name.replace("-0-", "-1-"): value for name, value in DAY.items()}}
    fewer = browser.post("/events/new", data={**both, "days_wish": "remove"}).text
    assert "days-0-date" in fewer
    assert "days-1-date" not in fewer


@ON_SQLITE
def test_a_taken_room_is_warned_of_and_done_anyway(browser: FlaskClient, make: Make) -> None:
    data = planned(make)
    browser.post("/events/new", data=data)
    warned = browser.post("/events/new", data=data)
    assert warned.status_code == 422
    assert "is taken on Tue 12 May" in warned.text
    assert browser.post("/events/new", data={**data, "anyway": "y"}).status_code == 303


@ON_SQLITE
def test_a_move_says_how_many_people_it_touches(browser: FlaskClient, make: Make) -> None:
    event_id = make.event().id
    make.commit()
    html = browser.get(f"/events/{event_id}/move").text
    assert "we email 0 booked, 0 waiting, their line managers and the trainers" in html
    assert typed(html, "days-0-starts") == "09:30"
    assert typed(html, "days-0-date") == "2026-04-09"


@ON_SQLITE
def test_the_list_is_filtered_by_its_address(browser: FlaskClient, make: Make) -> None:
    babies, neglect = (
        make.event(make.course("Safer babies")),
        make.event(make.course("Neglect"), state=EventState.PLANNED),
    )
    make.event(make.course("Forum"), state=EventState.POSTPONED)
    ref, code = babies.ref, neglect.course.code
    make.commit()

    def shown(query: str) -> list[str]:
        found = BeautifulSoup(browser.get(f"/events?{query}").text, "html.parser").select("tbody th a")
        return sorted(each.get_text() for each in found)

    assert shown("") == ["Neglect", "Safer babies"]
    assert shown("state=planned") == ["Neglect"]
    assert shown("state=postponed") == ["Forum"]
    assert shown("state=all&q=FORUM") == ["Forum"]
    assert shown(f"q={ref}") == ["Safer babies"]
    assert shown(f"course={code}") == ["Neglect"]
    assert shown("month=2026-04") == ["Neglect", "Safer babies"]
    assert shown("month=2026-05") == []
    assert shown("state=nonsense&page=x") == ["Neglect", "Safer babies"]


@ON_SQLITE
def test_the_week_shows_its_days_and_what_waits(browser: FlaskClient, make: Make) -> None:
    make.event(make.course("Neglect"), days=2)
    make.event(make.course("Babies"), state=EventState.PLANNED)
    make.commit()
    html = browser.get("/week?of=2026-04-08").text
    assert "Week of Monday 6 April 2026" in html
    assert "Neglect, day 2 of 2" in html
    assert "event to publish" in html
    assert "There are no events this week" in browser.get("/week").text
    assert browser.get("/week?of=monday").status_code == 404


@ON_SQLITE
def test_venues_are_added_and_corrected_and_never_twice(browser: FlaskClient, make: Make) -> None:
    browser.post("/venues/new", data={"name": "Fern Hall, Thornmere"})
    venue_id = kept(make, sa.select(Venue.id).where(Venue.name == "Fern Hall, Thornmere", Venue.town == "Thornmere"))
    twice = browser.post("/venues/new", data={"name": "Fern Hall, Thornmere", "address": "1 Fern Road"})
    assert twice.status_code == 422
    assert "1 Fern Road" in twice.text
    assert browser.post(f"/venues/{venue_id}", data={"name": "Fern House"}).status_code == 303


def test_a_trainer_sees_own_events_only(sign_in: SignIn, make: Make) -> None:
    trainer = make.person("Denzil Marrowby", roles=(Role.TRAINER,))
    own, other = make.event(make.course("Neglect")), make.event(make.course("Safer babies"))
    own.trainers = [trainer]
    own_id, other_id = own.id, other.id
    browser = sign_in(trainer)
    html = browser.get("/my-events").text
    assert "Neglect" in html
    assert "Safer babies" not in html
    assert browser.get(f"/my-events/{own_id}").status_code == 200
    assert browser.get(f"/my-events/{other_id}").status_code == 404
    assert browser.get(f"/events/{own_id}/manage").status_code == 403


@pytest.mark.parametrize("address", ["/week", "/events", "/events/new", "/events/1/manage", "/venues", "/catalogue"])
def test_delegates_and_the_public_do_not_get_in(client: FlaskClient, sign_in: SignIn, make: Make, address: str) -> None:
    assert sign_in(make.person()).get(address).status_code == 403
    assert client.get(address).status_code == 302


@ON_SQLITE
def test_an_unknown_event_is_not_found(browser: FlaskClient) -> None:
    for address in ("manage", "edit", "move", "copy", "capacity", "cancel", "postpone"):
        assert browser.get(f"/events/99/{address}").status_code == 404
