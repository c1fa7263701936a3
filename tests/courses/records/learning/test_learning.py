"""My learning as its person reads it: what is due, what there is from what they attended, and what they gave up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from courses.booking.bookings.rules import BookingRequest, Outcome
from courses.booking.bookings.services import book_place, cancel_booking
from courses.programme.events.rules import EventState
from courses.records.certificates.services import issue_for_event
from courses.records.completions.models import Completion
from courses.records.materials.services import add_material
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.people.models import Person
from tests.courses.records.conftest import Attend
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

SignIn = Callable[[Person], FlaskClient]
LONG_AGO = NOW - timedelta(days=3 * 365 - 20)


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei", email="amara@rvch.example")


def test_what_is_due_has_a_date_near_her_and_one_button(
    sign_in: SignIn, make: Make, amara: Person, attend: Attend
) -> None:
    course, here, far = make.course(refresher_months=36), make.venue("A", town="Larkham"), make.venue("B", town="Derby")
    attend(make.event(course, starts=LONG_AGO, state=EventState.DELIVERED, finalised_at=NOW, venue=here), amara)
    make.event(course, starts=NOW + timedelta(days=20), venue=far)
    near = make.event(course, starts=NOW + timedelta(days=40), venue=here)
    address = f'href="/events/{near.id}/book"'
    browser = sign_in(amara)
    page = browser.get("/my").text
    assert ("Refresh by" in page, page.count('/book"')) == (True, 1)
    assert address in page


def test_what_is_booked_again_or_was_learned_online_since_is_not_due(
    sign_in: SignIn, office: Work, make: Make, amara: Person, attend: Attend
) -> None:
    booked, online = (make.course(title, refresher_months=36) for title in ("Neglect", "Prevent"))
    for course in (booked, online):
        attend(make.event(course, starts=LONG_AGO, state=EventState.DELIVERED, finalised_at=NOW), amara)
    coming = make.event(booked, starts=NOW + timedelta(days=30))
    book_place(replace(office, actor=Actor(amara.name, amara.id)), coming.id, amara, BookingRequest())
    last = NOW.date() - timedelta(days=5)
    office.session.add(Completion(course_id=online.id, person_id=amara.id, completed_on=last, created_at=NOW))
    browser = sign_in(amara)
    assert 'id="due"' not in browser.get("/my").text


def test_what_she_attended_leads_to_certificate_and_slides_and_never_to_cancelling(
    sign_in: SignIn, office: Work, work: Work, make: Make, amara: Person, attend: Attend
) -> None:
    event = make.event(starts=NOW - timedelta(days=9), state=EventState.DELIVERED, finalised_at=NOW)
    booking = attend(event, amara)
    (certificate,) = issue_for_event(work, event.id)
    material = add_material(office, event, title="Slides", name="s.pdf", data=b"%PDF-1.7 of the day")
    address, serial, material_id = f"/bookings/{booking.id}", certificate.serial, material.id
    browser = sign_in(amara)
    assert f'href="{address}"' in browser.get("/my").text
    page = browser.get(address).text
    for has in (f"/certificates/{serial}.pdf", f"/materials/{material_id}", "Attended"):
        assert has in page, has
    for has_not in ("/cancel", "/move", "/give", "/needs", "How to join", "Add to calendar"):
        assert has_not not in page, has_not
    assert browser.get(f"{address}/cancel").status_code == 302
    assert browser.post(f"{address}/cancel", data={}).status_code == 409


def test_what_she_gave_up_stays_visible(sign_in: SignIn, office: Work, make: Make, amara: Person) -> None:
    own = replace(office, actor=Actor(amara.name, amara.id))
    booking = book_place(own, make.event().id, amara, BookingRequest())
    cancel_booking(own, booking)
    address = f'href="/bookings/{booking.id}"'
    page = sign_in(amara).get("/my").text
    assert "You cancelled this booking." in page
    assert address in page


def test_the_page_asks_the_same_however_much_there_is(
    app: Flask, sign_in: SignIn, make: Make, amara: Person, attend: Attend
) -> None:
    def learned(number: int) -> None:
        for each in range(number):
            course = make.course(f"Course {each}", refresher_months=36)
            attend(make.event(course, starts=LONG_AGO, state=EventState.DELIVERED, finalised_at=NOW), amara)
            make.event(course, starts=NOW + timedelta(days=20 + each))
        make.commit()

    browser = sign_in(amara)
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    learned(1)
    browser.get("/my")
    with counted_queries(engine) as few:
        browser.get("/my")
    learned(5)
    with counted_queries(engine) as many:
        assert browser.get("/my").text.count('/book"') == 6
    assert len(many) == len(few) > 0


def test_the_office_sees_what_came_of_it_and_no_survey_of_hers(
    sign_in: SignIn, make: Make, amara: Person, attend: Attend
) -> None:
    event = make.event(starts=NOW - timedelta(days=9), state=EventState.DELIVERED, finalised_at=NOW)
    booking = attend(event, amara, Outcome.PART_ATTENDED)
    address = f"/bookings/{booking.id}"
    page = sign_in(make.coordinator()).get(address).text
    assert ("What they have from it" in page, "Two minutes of questions" in page) == (True, False)
