"""The calendar that somebody subscribes to: it stays as it is until something changes, and reminds as they chose."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.diary.rules import Alarms, alarms_before
from courses.programme.events.rules import PlannedDay
from courses.programme.events.services import move_event
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

FEED = "/calendar/a-secret-of-amara.ics"
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def booking(office: Work, make: Make) -> Booking:
    amara = make.person("Amara Fenwick-Osei", calendar_secret="a-secret-of-amara")
    return book_place(replace(office, actor=Actor(amara.name, amara.id)), make.event().id, amara, BookingRequest())


def line(text: str, name: str) -> str:
    return re.findall(rf"^{name}[:;](.*)\r$", text, re.MULTILINE)[-1]


def test_it_is_the_same_hour_after_hour_and_is_not_sent_again(
    client: FlaskClient, office: Work, make: Make, booking: Booking, clock: Callable[[], object]
) -> None:
    make.commit()
    first = client.get(FEED)
    clock.now = NOW + timedelta(hours=5)  # type: ignore[attr-defined]
    later = client.get(FEED)
    assert (later.data, later.headers["ETag"]) == (first.data, first.headers["ETag"])
    known = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    moved = replace(office, now=NOW + timedelta(hours=6))
    ahead = timedelta(days=7)
    days = [PlannedDay(each.starts_at + ahead, each.ends_at + ahead, 0, each.venue_id) for each in booking.event.days]
    move_event(moved, booking.event_id, days)
    make.commit()
    new = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert new.status_code == 200
    assert line(new.text, "UID") == line(first.text, "UID")
    assert int(line(new.text, "SEQUENCE")) > int(line(first.text, "SEQUENCE"))
    assert line(new.text, "DTSTAMP") > line(first.text, "DTSTAMP")


def test_reminders_are_a_choice(make: Make, booking: Booking, sign_in: SignIn, client: FlaskClient) -> None:
    browser = sign_in(booking.person)
    assert "VALARM" not in client.get(FEED).text
    assert browser.post("/my/calendar/reminders", data={"alarms": "day_and_hour"}).status_code == 303
    text = client.get(FEED).text
    assert re.findall(r"TRIGGER:(.*)\r", text) == ["-P1D", "-PT1H"]
    assert text.count("BEGIN:VALARM") == 2
    assert 'value="day_and_hour" checked' in browser.get("/my").text
    browser.post("/my/calendar/reminders", data={"alarms": "never heard of"})
    assert client.get(FEED).text == text


@pytest.mark.parametrize("kept", ["", "of another release"])
def test_what_is_not_known_reminds_of_nothing(kept: str) -> None:
    assert alarms_before(kept) == ()
    assert all(alarms_before(each.value) for each in Alarms if each)


def test_one_booking_for_ones_own_calendar(office: Work, make: Make, booking: Booking, sign_in: SignIn) -> None:
    address, stranger = f"/bookings/{booking.id}/calendar.ics", make.person("Tobiah")
    browser = sign_in(booking.person)
    file = browser.get(address)
    assert file.headers["Content-Disposition"] == f'attachment; filename="booking-{booking.id}.ics"'
    assert line(file.text, "UID") == line(browser.get(FEED).text, "UID"), "with the email's it is one entry"
    assert address in browser.get(f"/bookings/{booking.id}").text
    assert address in browser.get("/my").text
    assert sign_in(stranger).get(address).status_code == 404
    cancel_booking(office, booking)
    make.commit()
    assert browser.get(address).status_code == 404
