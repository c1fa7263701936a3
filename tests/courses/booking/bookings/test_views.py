"""Booking, cancelling and looking after bookings through the pages."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event
from lms.frame.access import Role
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]
ANSWERS = {
    "manager": "new",
    "manager_name": "Colette Barraclough-Ames",
    "manager_email": "Colette@rvch.example",
    "needs": "Hearing loop",
    "is_declared": "y",
}


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei")


@pytest.fixture
def event(make: Make) -> Event:
    return make.event(capacity=1, joining_note="Ring the bell")


def the_booking(session: Session) -> Booking:
    session.rollback()
    return session.scalars(sa.select(Booking)).one()


def test_a_full_event_offers_the_waiting_list(
    sign_in: SignIn, session: Session, amara: Person, event: Event, make: Make
) -> None:
    tobiah = make.person("Tobiah Hanley-Roe")
    address = f"/events/{event.id}/book"
    sign_in(tobiah).post(address, data=ANSWERS)
    browser = sign_in(amara)
    assert "Join the waiting list" in browser.get(address).text
    browser.post(address, data=ANSWERS)
    assert "You are 1st of 1 on the list" in browser.get("/my").text


def test_cancelling_offers_the_place_to_the_next_person(
    sign_in: SignIn, session: Session, amara: Person, event: Event, make: Make
) -> None:
    nerys = make.person("Nerys Calloway-Jha")
    for person in (amara, nerys):
        sign_in(person).post(f"/events/{event.id}/book", data=ANSWERS)
    session.rollback()
    first, second = session.scalars(sa.select(Booking).order_by(Booking.id)).all()
    first_id, second_id = first.id, second.id
    session.rollback()
    browser = sign_in(amara)
    assert "there is nothing to pay" in browser.get(f"/bookings/{first_id}/cancel").text
    assert browser.post(f"/bookings/{first_id}/cancel", data={"reason": "on leave"}).status_code == 303
    session.rollback()
    assert session.get_one(Booking, first_id).state is BookingState.CANCELLED
    assert session.get_one(Booking, second_id).state is BookingState.OFFERED


@pytest.mark.parametrize("path", ["", "/cancel", "/needs"])
def test_nobody_sees_or_touches_another_persons_booking(
    sign_in: SignIn, session: Session, amara: Person, event: Event, make: Make, path: str
) -> None:
    stranger = make.person("Tobiah Hanley-Roe", roles=(Role.TRAINER,))
    sign_in(amara).post(f"/events/{event.id}/book", data=ANSWERS)
    booking_id = the_booking(session).id
    session.rollback()
    browser = sign_in(stranger)
    assert browser.get(f"/bookings/{booking_id}{path}").status_code == 404
    if path:
        assert browser.post(f"/bookings/{booking_id}{path}").status_code == 404


def test_what_is_needed_on_the_day_can_be_changed_and_deleted(
    sign_in: SignIn, session: Session, amara: Person, event: Event
) -> None:
    browser = sign_in(amara)
    browser.post(f"/events/{event.id}/book", data=ANSWERS)
    booking_id = the_booking(session).id
    session.rollback()
    assert "Hearing loop" in browser.get(f"/bookings/{booking_id}/needs").text
    browser.post(f"/bookings/{booking_id}/needs", data={"needs": "", "food": "", "phone_on_day": "07700 900 418"})
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(AccessNeeds)) == 0


def test_the_coordinator_books_for_somebody_and_sees_who_is_coming(
    sign_in: SignIn, session: Session, amara: Person, event: Event, make: Make
) -> None:
    browser = sign_in(make.coordinator())
    refused = browser.post(f"/events/{event.id}/bookings/add", data={"person_ref": "nobody"})
    assert refused.status_code == 422
    assert 'value="nobody"' in refused.text
    browser.post(f"/events/{event.id}/bookings/add", data={"person_ref": amara.ref})
    session.rollback()
    page = browser.get(f"/events/{event.id}/bookings").text
    assert "Amara Fenwick-Osei" in page


def test_only_the_training_team_and_this_events_trainers_see_who_is_coming(
    sign_in: SignIn, amara: Person, event: Event, make: Make
) -> None:
    own, other = make.person("Denzil", roles=(Role.TRAINER,)), make.person("Ffion", roles=(Role.TRAINER,))
    event.trainers.append(own)
    sign_in(amara).post(f"/events/{event.id}/book", data=ANSWERS)
    address = f"/events/{event.id}/bookings"
    assert "Hearing loop" in sign_in(own).get(address).text
    assert sign_in(other).get(address).status_code == 403
    assert sign_in(amara).get(address).status_code == 403


def test_the_personal_calendar_has_a_secret_address_that_can_be_replaced(
    sign_in: SignIn, session: Session, client: FlaskClient, amara: Person, event: Event
) -> None:
    browser = sign_in(amara)
    browser.post(f"/events/{event.id}/book", data=ANSWERS)
    browser.post("/my/calendar")
    session.rollback()
    secret = session.get_one(Person, amara.id).calendar_secret
    session.rollback()
    feed = client.get(f"/calendar/{secret}.ics")
    assert feed.content_type == "text/calendar; charset=utf-8"
    assert "BEGIN:VEVENT" in feed.text
    browser.post("/my/calendar")
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_a_calendar_ends_with_the_person_and_follows_a_merge(
    sign_in: SignIn, client: FlaskClient, make: Make, amara: Person, event: Event
) -> None:
    """Somebody who left has no feed, and none of before when they are back; a duplicate's shows the person kept."""
    amara.calendar_secret = "a-secret-of-amara"
    kept, duplicate = make.person("Kept"), make.person("Duplicate", calendar_secret="a-secret-of-a-duplicate")
    duplicate.merged_into_id = kept.id
    amara_id, kept_id = amara.id, kept.id
    browser = sign_in(make.coordinator())
    feeds = "/calendar/a-secret-of-amara.ics", "/calendar/a-secret-of-a-duplicate.ics"
    assert [client.get(each).status_code for each in feeds] == [200, 200]
    for person_id in (amara_id, kept_id):
        assert browser.post(f"/people/{person_id}/left", data={"left_on": "2026-03-16"}).status_code == 303
    assert [client.get(each).status_code for each in feeds] == [404, 404]
    assert browser.post(f"/people/{amara_id}/back").status_code == 303
    assert client.get(feeds[0]).status_code == 404


def test_the_link_to_an_online_event_is_shown_to_confirmed_delegates_only(
    sign_in: SignIn, client: FlaskClient, session: Session, amara: Person, make: Make
) -> None:
    event = make.event(capacity=1)
    event.days[0].venue, event.days[0].online_url = None, "https://meet.example/secret-room"
    waits = make.person("Tobiah Hanley-Roe")
    code = event.course.code
    for person in (amara, waits):
        sign_in(person).post(f"/events/{event.id}/book", data=ANSWERS)
    session.rollback()
    ids = list(session.scalars(sa.select(Booking.id).order_by(Booking.id)))
    session.rollback()
    assert "secret-room" in sign_in(amara).get(f"/bookings/{ids[0]}").text
    assert "secret-room" not in sign_in(waits).get(f"/bookings/{ids[1]}").text
    for path in ("/courses", f"/courses/{code}", "/courses.ics", f"/events/{event.id}/book"):
        assert "secret-room" not in client.get(path, follow_redirects=True).text


def test_a_get_of_any_address_in_our_letters_changes_nothing(
    sign_in: SignIn, session: Session, amara: Person, event: Event
) -> None:
    browser = sign_in(amara)
    browser.post(f"/events/{event.id}/book", data=ANSWERS)
    booking_id = the_booking(session).id
    session.rollback()
    for path in ("", "/cancel", "/needs"):
        assert browser.get(f"/bookings/{booking_id}{path}").status_code == 200
    assert the_booking(session).state is BookingState.CONFIRMED
    assert the_booking(session).booked_at == NOW


def test_who_booked_and_who_cancelled_is_said(
    sign_in: SignIn, session: Session, make: Make, amara: Person, event: Event
) -> None:
    lead = make.person("Bethan Okonjo-Lyle", roles=(Role.AGENCY_LEAD,), agency=amara.agency)
    browser, own = sign_in(lead), sign_in(amara)
    browser.post(f"/events/{event.id}/book-team", data={"ticked": str(amara.id), "is_declared": "y"})
    booking = the_booking(session)
    assert "Bethan Okonjo-Lyle booked this for you." in own.get(f"/bookings/{booking.id}").text
    browser.post(f"/bookings/{booking.id}/cancel", data={})
    page = own.get(f"/bookings/{booking.id}").text
    assert "Bethan Okonjo-Lyle cancelled this booking." in page
    assert "You cancelled" not in page
