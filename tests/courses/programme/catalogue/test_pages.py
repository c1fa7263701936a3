"""The catalogue and a course's page, as everybody sees them."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.courses.models import Course
from courses.programme.courses.rules import CourseStatus, EventType
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.kit.working_days import wall_time
from lms.people.models import Person
from tests.databases import ON_SQLITE
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

MOST_BYTES = 60_000
MOST_QUERIES = 10


def book(
    make: Make, event: Event, person: Person, state: BookingState = BookingState.CONFIRMED, place: int = 1
) -> None:
    is_confirmed = state is BookingState.CONFIRMED
    make.session.add(
        Booking(
            event=event,
            person=person,
            policy_version_id=1,
            state=state,
            booked_at=NOW,
            queued_at=NOW,
            confirmed_at=NOW if is_confirmed else None,
            place_number=place if is_confirmed else None,
            free_until=event.free_until,
        )
    )
    make.session.flush()


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def titles(html: str) -> list[str]:
    return [each.get_text(strip=True) for each in soup(html).select(".gt-course h3")]


@ON_SQLITE
def test_the_catalogue_shows_courses_with_their_coming_dates_soonest_first(client: FlaskClient, make: Make) -> None:
    babies, neglect = make.course("Safer babies"), make.course("Neglect")
    make.course("A draft", status=CourseStatus.DRAFT)
    make.event(babies, starts=wall_time(date(2026, 6, 16), time(9, 30)))
    make.event(neglect, starts=wall_time(date(2026, 5, 12), time(9, 30)), days=2)
    make.event(neglect, starts=wall_time(date(2026, 2, 12), time(9, 30)))
    make.event(neglect, state=EventState.PLANNED)
    make.course("Forum", event_type=EventType.FORUM)
    make.commit()
    html = client.get("/courses").text
    assert titles(html) == ["Neglect", "Safer babies", "Forum"]
    assert "3 courses, 2 dates" in html
    assert "Tue 12 and Wed 13 May 2026" in html
    assert "<b>24</b> places left" in html
    assert "No date yet" in html


def test_a_full_date_says_how_many_wait_and_offers_the_list(client: FlaskClient, make: Make) -> None:
    event = make.event(capacity=1)
    book(make, event, make.person())
    book(make, event, make.person("Second"), BookingState.WAITING)
    make.commit()
    html = client.get("/courses").text
    assert "Full, <b>1 waiting</b>" in html
    assert "Join list" in html


def test_a_person_sees_how_they_are_booked(sign_in: Callable[[Person], FlaskClient], make: Make) -> None:
    person = make.person()
    course = make.course()
    book(make, make.event(course), person)
    book(make, make.event(course, starts=wall_time(date(2026, 5, 5), time(9, 30))), person, BookingState.WAITING)
    browser = sign_in(person)
    for address in ("/courses", f"/courses/{course.code}"):
        links = [each.find(string=True) for each in soup(browser.get(address).text).select("a[href='/my']")]
        assert [link for link in links if link in ("Booked", "Waiting")] == ["Booked", "Waiting"]


@pytest.fixture
def programme(make: Make) -> None:
    visitors = make.role_group("Health visiting")
    babies = make.course("Safer BABIES", level="3", summary="Ça va: éviter le pire")
    babies.versions[0].audience = [visitors]
    police = make.course("Exploitation", level="2", event_type=EventType.WEBINAR, outcomes=["spot a county line"])
    police.versions[0].audience = [make.role_group("Police")]
    make.event(babies, venue=make.venue("Ashbeck Centre, Larkham", town="Larkham"))
    online = make.event(police, starts=wall_time(date(2026, 5, 20), time(9, 30)), capacity=1)
    online.days[0].venue = None
    online.days[0].online_url = "https://teams.microsoft.example/secret-link"
    make.session.flush()
    book(make, online, make.person())
    make.role_group_id = visitors.id  # type: ignore[attr-defined]
    make.commit()


@ON_SQLITE
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=safer+babies", ["Safer BABIES"]),
        ("q=ÉVITER", ["Safer BABIES"]),
        ("q=county+LINE", ["Exploitation"]),
        ("q=c1", ["Safer BABIES"]),
        ("month=2026-05", ["Exploitation"]),
        ("level=3", ["Safer BABIES"]),
        ("level=2&level=3", ["Safer BABIES", "Exploitation"]),
        ("type=webinar", ["Exploitation"]),
        ("where=online", ["Exploitation"]),
        ("where=Larkham", ["Safer BABIES"]),
        ("places=left", ["Safer BABIES"]),
        ("month=nonsense", []),
        ("audience=99999999999999999999", []),
        ("page=99", ["Safer BABIES", "Exploitation"]),
    ],
)
@pytest.mark.usefixtures("programme")
def test_the_address_says_what_is_shown(client: FlaskClient, query: str, found: list[str]) -> None:
    answer = client.get(f"/courses?{query}")
    assert answer.status_code == 200
    assert titles(answer.text) == found


@ON_SQLITE
@pytest.mark.usefixtures("programme")
def test_whoever_is_signed_in_is_offered_their_own_kind_of_work(
    sign_in: Callable[[Person], FlaskClient], make: Make
) -> None:
    browser = sign_in(make.person(role_group=make.role_group("Police")))
    link = soup(browser.get("/courses?level=2").text).find("a", string="Only for my kind of work: Police")
    assert titles(browser.get(link["href"]).text) == ["Exploitation"]
    assert "Only for my kind of work" not in browser.get(link["href"]).text


@ON_SQLITE
def test_the_course_page_says_parking_and_access_and_leaves_the_address_to_delegates(
    client: FlaskClient, make: Make
) -> None:
    """A venue may be one that is not found by its address for a reason: only its postcode area is searched."""
    venue = make.venue(town="Larkham", address="4 Mill Lane, Larkham RV1 4QT", parking="20 spaces", access="A lift")
    course = make.course()
    make.event(course, venue=venue)
    make.commit()
    html = client.get(f"/courses/{course.code}").text
    assert "20 spaces" in html
    assert "A lift" in html
    assert "Mill Lane" not in html
    assert "Why we show it" in client.get("/courses?q=rv1").text
    for place in ("Mill Lane", "RV1 4QT", "4QT"):
        assert "Nothing matches" in client.get("/courses", query_string={"q": place}).text, place


@ON_SQLITE
@pytest.mark.usefixtures("programme")
def test_a_chosen_filter_can_be_taken_away(client: FlaskClient, make: Make) -> None:
    html = client.get(f"/courses?audience={make.role_group_id}&level=3&q=").text  # type: ignore[attr-defined]
    assert titles(html) == ["Safer BABIES"]
    links = {each.get_text(" ", strip=True): each["href"] for each in soup(html).select(".gt-links a")}
    assert links["Remove filter: Level 3 ✕"] == f"/courses?audience={make.role_group_id}"  # type: ignore[attr-defined]
    assert links["Remove filter: Health visiting ✕"] == "/courses?level=3"
    assert links["Clear all filters"] == "/courses?q="


@pytest.mark.usefixtures("programme")
def test_the_link_to_an_online_event_is_on_no_public_page(client: FlaskClient, make: Make) -> None:
    for address in ("/courses", "/courses?where=online", "/courses/C2", "/courses.ics"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "secret-link" not in answer.text
        assert "Online (Teams)" in answer.text


def test_an_unknown_or_draft_course_is_not_found(client: FlaskClient, make: Make) -> None:
    make.course("Draft", code="DRAFT", status=CourseStatus.DRAFT)
    make.commit()
    for code in ("DRAFT", "NOPE"):
        assert client.get(f"/courses/{code}").status_code == 404
    assert client.get("/courses/%00").status_code == 400, "no sign that a database refuses comes that far"


@ON_SQLITE
def test_the_course_page_says_until_when_cancelling_is_free(client: FlaskClient, make: Make) -> None:
    course = make.course(outcomes=["name the signs", "ask again"])
    event = make.event(course)
    event.trainers = [make.person("Ffion Trevanley")]
    make.commit()
    html = client.get(f"/courses/{course.code}").text
    assert "Tue 31 March" in html
    assert "<li>ask again</li>" in html
    assert "Trainer: Ffion Trevanley" in html
    assert f"/events/{event.id}/book" in html


def many_events(make: Make, one_course: bool) -> Course:
    courses = [
        make.course(f"Course {number} about something with a long title", code=f"X{number}") for number in range(20)
    ]
    for number in range(200):
        starts = wall_time(date(2026, 4, 1) + timedelta(days=number // 2), time(9, 30))
        make.event(courses[0 if one_course else number % 20], starts=starts, days=1 + number % 2)
    make.commit()
    return courses[0]


@pytest.mark.slow
@pytest.mark.parametrize("one_course", [True, False])
def test_two_hundred_events_stay_small_in_queries_and_bytes(
    app: Flask, sign_in: Callable[[Person], FlaskClient], make: Make, one_course: bool
) -> None:
    course = many_events(make, one_course)
    browser = sign_in(make.person())
    engine = app.extensions["sqlalchemy"]
    with app.app_context():
        database = engine.engine
    for address in ("/courses", f"/courses/{course.code}"):
        with counted_queries(database) as sent:
            answer = browser.get(address)
        assert answer.status_code == 200
        assert len(sent) <= MOST_QUERIES, "\n\n".join(sent)
        assert len(answer.data) < MOST_BYTES, f"{address}: {len(answer.data)} bytes"


@ON_SQLITE
def test_the_public_calendar_keeps_its_names_when_an_event_moves(client: FlaskClient, make: Make) -> None:
    event = make.event(days=2)
    make.event(state=EventState.PLANNED)
    make.commit()
    before = Calendar.from_ical(client.get("/courses.ics").data)
    event.days[0].starts_at -= timedelta(hours=1)
    event.moved_at = NOW + timedelta(hours=1)
    make.commit()
    after = Calendar.from_ical(client.get("/courses.ics").data)
    uids = [str(each["UID"]) for each in before.walk("VEVENT")]
    assert uids == [f"event-day-{day.id}@localhost" for day in event.days]
    assert [str(each["UID"]) for each in after.walk("VEVENT")] == uids
    assert after.walk("VEVENT")[0]["SEQUENCE"] > before.walk("VEVENT")[0]["SEQUENCE"]
    assert all(each["TRANSP"] == "TRANSPARENT" for each in after.walk("VEVENT"))
