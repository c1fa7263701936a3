"""Telephones are telephones, wherever they are typed; what is there already is listed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from courses.booking.bookings.checks import telephones_that_are_none as of_bookings
from courses.booking.bookings.models import Booking
from courses.booking.bookings.services import BookingRequest, book_place, change_needs
from courses.booking.delegates.services import book_for
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.partnership.checks import telephones_that_are_none as of_partnership
from lms.partnership.services import found_partnership
from lms.people.checks import telephones_that_are_none as of_people
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person, change_person
from tests.make import Make
from tests.moments import NOW


@pytest.mark.parametrize("words", ["child", "at work", "none", "0"])
def test_words_are_refused_for_people_and_bookings(work: Work, make: Make, words: str) -> None:
    person, event = make.person(), make.event()
    with pytest.raises(Invalid, match="telephone") as refused:
        change_person(work, person, PersonDetails("Amara Fenwick-Osei", phone=words))
    assert refused.value.field == "phone"
    with pytest.raises(Invalid, match="telephone"):
        add_person(work, PersonDetails("Bo Ashgrove", phone=words))
    with pytest.raises(Invalid, match="telephone") as refused:
        book_place(work, event.id, person, BookingRequest(phone_on_day=words))
    assert refused.value.field == "phone_on_day"


def test_a_booking_made_for_somebody_leaves_out_what_is_no_telephone(work: Work, make: Make) -> None:
    person, other = make.person(phone="child"), make.person("Bo Ashgrove", phone="07700 900 418")
    booking = book_for(work, make.event().id, person.ref, "")
    assert booking.phone_on_day == ""
    assert book_for(work, booking.event_id, other.ref, "").phone_on_day == "07700 900 418"
    with pytest.raises(Invalid):
        change_needs(work, booking, needs="", food="", phone_on_day="ask Bo")


def test_the_check_lists_what_was_kept_before(work: Work, make: Make) -> None:
    person = make.person(phone="at work", ref="P7")
    make.person("Bo Ashgrove", phone="07700 900 418")
    for starts in (NOW + timedelta(days=30), NOW - timedelta(days=30)):
        event = make.event(starts=starts)
        earlier = replace(work, now=starts - timedelta(days=20))
        book_place(earlier, event.id, person, BookingRequest(phone_on_day="101", clash_reason="Both"))
    work.session.execute(sa.update(Booking).values(phone_on_day="child"))
    found_partnership(work).front_door_phone = "ask at the desk"
    work.session.flush()
    assert list(of_people(work)) == ["Person P7, telephone: 'at work' is no number."]
    assert [line.partition(":")[2] for line in of_bookings(work)] == [" 'child' is no telephone number."]
    assert list(of_partnership(work)) == ["The partnership, front_door_phone: 'ask at the desk' is no number."]


def test_the_page_says_so_at_the_field_and_keeps_what_was_typed(
    app: Flask, make: Make, sign_in: Callable[[Person], Any], session: Session
) -> None:
    person = make.person(phone="07700 900 418")
    browser, agency = sign_in(person), person.agency_id
    page = browser.post(
        "/my/details", data={"name": person.name, "phone": "ask my child", "agency": agency, "role_group": 0}
    )
    assert page.status_code == 422
    assert "Enter a telephone number in digits" in page.text
    assert 'value="ask my child"' in page.text
    session.rollback()
    assert session.get_one(Person, person.id).phone == "07700 900 418"
