"""A place goes to a colleague: before the start by the delegate, on the day by whoever keeps the register."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import mark_people
from courses.attendance.walkins.services import add_comer, add_new_comer
from courses.booking.bookings.checks import offers_out_of_step
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.places.services import fill_places
from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import book_place
from courses.booking.substitutions.services import give_place
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from lms.people.rules import PersonDetails
from tests.make import Make

PLAIN = BookingRequest(manager_name="Colette", manager_email="colette@rvch.example")
NINE = datetime(2026, 4, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def booking(work: Work, make: Make) -> Booking:
    """Bronagh's place in an event of one place."""
    return book_place(work, make.event(capacity=1).id, make.person("Bronagh Whitlowe", agency=make.agency()), PLAIN)


@pytest.fixture
def colleague(make: Make, booking: Booking) -> Person:
    return make.person("Kezia Lanercoste", agency=booking.agency, manager_email="her.manager@rvch.example")


def test_the_colleague_holds_the_same_place_on_the_same_terms(work: Work, booking: Booking, colleague: Person) -> None:
    work.now = booking.free_until + timedelta(days=1)
    new = give_place(work, booking, colleague.ref)
    assert (booking.state, booking.place_number) == (BookingState.SUBSTITUTED, None)
    assert (new.state, new.place_number, new.person) == (BookingState.CONFIRMED, 1, colleague)
    assert (new.free_until, new.policy_version) == (booking.free_until, booking.policy_version)
    letters = work.session.execute(
        sa.select(OutboxLetter.kind, OutboxLetter.calendar_method).order_by(OutboxLetter.id)
    ).all()[2:]
    assert [tuple(each) for each in letters] == [
        ("courses.place_given", "CANCEL"),
        ("courses.managers_copy", None),
        ("courses.place_taken", "REQUEST"),
        ("courses.managers_copy", None),
    ]


def test_somebody_who_waited_takes_the_place_with_their_own_claim(
    work: Work, booking: Booking, colleague: Person
) -> None:
    waiting = book_place(work, booking.event_id, colleague, PLAIN)
    assert waiting.state is BookingState.WAITING
    assert give_place(work, booking, colleague.email) is waiting
    assert (waiting.state, waiting.place_number) == (BookingState.CONFIRMED, 1)


def test_a_place_that_was_offered_to_the_colleague_meanwhile_goes_to_the_next(
    work: Work, make: Make, booking: Booking, colleague: Person
) -> None:
    """They have the place of who gave it: what was held for them is free, and nobody is offered two places."""
    event = booking.event
    theirs = book_place(work, event.id, colleague, PLAIN)
    next_one = book_place(work, event.id, make.person("Next In Line", agency=booking.agency), PLAIN)
    event.capacity = 2
    fill_places(work, event)
    assert (theirs.state, next_one.state) == (BookingState.OFFERED, BookingState.WAITING)
    give_place(work, booking, colleague.ref)
    assert (theirs.state, theirs.place_number) == (BookingState.CONFIRMED, 1)
    assert live_offer(work.session, theirs.id) is None
    assert next_one.state is BookingState.OFFERED
    assert list(offers_out_of_step(work)) == []


def test_a_walk_in_who_was_offered_a_place_lets_go_of_it(
    work: Work, make: Make, booking: Booking, colleague: Person
) -> None:
    event = booking.event
    theirs = book_place(work, event.id, colleague, PLAIN)
    event.capacity = 2
    fill_places(work, event)
    assert theirs.state is BookingState.OFFERED
    work.now = NINE
    add_comer(work, event.id, 1, colleague.id)
    assert (theirs.state, theirs.place_number) == (BookingState.CONFIRMED, None)
    assert live_offer(work.session, theirs.id) is None


def test_nobody_of_another_agency_takes_it_and_nothing_is_told_of_them(
    work: Work, make: Make, booking: Booking
) -> None:
    other = make.person("Eoin Stannerford")
    told = []
    for ref in (other.ref, "NOBODY"):
        with pytest.raises(Invalid) as refusal:
            give_place(work, booking, ref)
        told.append(refusal.value.words)
    assert told[0] == told[1]
    assert booking.state is BookingState.CONFIRMED


def test_after_the_start_it_is_for_the_register(work: Work, booking: Booking, colleague: Person) -> None:
    work.now = booking.event.starts_at
    with pytest.raises(Conflict, match="has started"):
        give_place(work, booking, colleague.ref)


def test_a_place_is_given_once(work: Work, booking: Booking, colleague: Person) -> None:
    give_place(work, booking, colleague.ref)
    with pytest.raises(Conflict, match="does not have a place"):
        give_place(work, booking, colleague.ref)


def test_a_colleague_found_on_the_day_is_a_substitution_and_the_first_did_not_fail_to_attend(
    work: Work, booking: Booking, colleague: Person
) -> None:
    work.now = NINE
    mark_people(work, booking.event_id, 1, {booking.id: Seen(MarkKind.ABSENT)})
    new = add_comer(work, booking.event_id, 1, colleague.id, instead_of=booking.id)
    assert (booking.state, booking.outcome) == (BookingState.SUBSTITUTED, None)
    assert (new.place_number, new.source) == (1, BookingSource.COORDINATOR)
    assert list(work.session.scalars(sa.select(Mark.booking_id))) == [new.id]


def test_somebody_who_was_there_is_not_substituted(work: Work, booking: Booking, colleague: Person) -> None:
    work.now = NINE
    mark_people(work, booking.event_id, 1, {booking.id: Seen(MarkKind.PRESENT)})
    with pytest.raises(Conflict, match="was here"):
        add_comer(work, booking.event_id, 1, colleague.id, instead_of=booking.id)


def test_a_walk_in_when_full_is_a_walk_in(work: Work, make: Make, booking: Booking) -> None:
    work.now = NINE
    new = add_comer(work, booking.event_id, 1, make.person("Eoin Stannerford").id)
    assert (new.source, new.state, new.place_number) == (BookingSource.WALK_IN, BookingState.CONFIRMED, None)
    assert booking.place_number == 1
    with pytest.raises(Conflict, match="already on the register"):
        add_comer(work, booking.event_id, 1, new.person_id)


def test_somebody_who_waited_and_came_is_a_walk_in(work: Work, booking: Booking, colleague: Person) -> None:
    waiting = book_place(work, booking.event_id, colleague, PLAIN)
    work.now = NINE
    assert add_comer(work, booking.event_id, 1, colleague.id) is waiting
    assert (waiting.source, waiting.state) == (BookingSource.WALK_IN, BookingState.CONFIRMED)


def test_somebody_new_gets_a_record_and_an_address_is_theirs_alone(work: Work, booking: Booking) -> None:
    work.now = NINE
    new = add_new_comer(work, booking.event_id, 1, PersonDetails(name="Farida Wexcombe"))
    assert (new.person.name, new.person.email, new.source) == ("Farida Wexcombe", "", BookingSource.WALK_IN)
    with pytest.raises(Invalid, match="has this address"):
        add_new_comer(work, booking.event_id, 1, PersonDetails(name="X", email=booking.person.email))


def test_a_trainer_of_the_event_is_no_walk_in(work: Work, make: Make, booking: Booking) -> None:
    work.now = NINE
    trainer = make.person("Denzil Marrowby")
    booking.event.trainers.append(trainer)
    with pytest.raises(Invalid, match="trainer"):
        add_comer(work, booking.event_id, 1, trainer.id)


@pytest.fixture
def at_agency(work: Work, make: Make) -> Booking:
    """Bronagh's place, her agency with a domain of its own."""
    agency = make.agency("Ashgrove Housing", domains=["ashgrove.example"])
    bronagh = make.person("Bronagh Whitlowe", agency=agency, email="bronagh@ashgrove.example")
    return book_place(work, make.event(capacity=1).id, bronagh, BookingRequest())


def test_a_colleague_without_a_record_is_named_with_their_work_address(work: Work, at_agency: Booking) -> None:
    with pytest.raises(Invalid, match="Enter their name too") as refused:
        give_place(work, at_agency, "Kezia@Ashgrove.example")
    assert refused.value.field == "name"
    assert at_agency.state is BookingState.CONFIRMED
    new = give_place(work, at_agency, "Kezia@Ashgrove.example", "Kezia Lanercoste")
    assert (new.person.name, new.person.email) == ("Kezia Lanercoste", "kezia@ashgrove.example")
    assert new.person.agency_id == at_agency.agency_id
    assert new.state is BookingState.CONFIRMED
    assert [grant.role for grant in new.person.roles] == []


@pytest.mark.parametrize("address", ["kezia@elsewhere.example", "kezia@sub.ashgrove.example", "kezia", "x@", ""])
def test_who_is_not_at_the_agency_gets_no_record(work: Work, make: Make, at_agency: Booking, address: str) -> None:
    make.person("Kezia Lanercoste", email="kezia@elsewhere.example")
    people = work.session.scalar(sa.select(sa.func.count(Person.id)))
    with pytest.raises(Invalid, match="No one at this agency"):
        give_place(work, at_agency, address, "Kezia Lanercoste")
    assert work.session.scalar(sa.select(sa.func.count(Person.id))) == people


def test_an_address_that_others_have_makes_no_second_record(work: Work, make: Make, at_agency: Booking) -> None:
    for name in ("One", "Other"):
        make.person(name, agency=at_agency.agency, email="office@ashgrove.example")
    left = make.person("Has left", email="left@ashgrove.example", left_on=work.now.date())
    for address in ("office@ashgrove.example", left.email):
        with pytest.raises(Invalid, match="No one at this agency"):
            give_place(work, at_agency, address, "Kezia Lanercoste")


def test_few_records_a_week_are_made_so(work: Work, make: Make, at_agency: Booking) -> None:
    work.actor = Actor("Bronagh", person_id=at_agency.person_id)
    booking = at_agency
    for number in range(10):
        booking = give_place(work, booking, f"new{number}@ashgrove.example", f"New {number}")
    with pytest.raises(Invalid, match="many new colleagues"):
        give_place(work, booking, "new10@ashgrove.example", "New ten")


def test_the_name_is_shown_before_it_is_done(
    sign_in: Callable[[Person], FlaskClient], make: Make, at_agency: Booking
) -> None:
    kezia = make.person("Kezia Lanercoste", agency=at_agency.agency, email="kezia@ashgrove.example")
    browser, url = sign_in(at_agency.person), f"/bookings/{at_agency.id}/give"
    shown = browser.post(url, data={"person_ref": kezia.ref})
    assert shown.status_code == 200
    assert "Give the place to Kezia Lanercoste" in shown.text
    make.session.rollback()
    assert make.session.get_one(Booking, at_agency.id).state is BookingState.CONFIRMED
    form = BeautifulSoup(shown.text, "html.parser").select("main form input[type=hidden]")
    carried = {str(each["name"]): str(each.get("value", "")) for each in form}
    assert carried["person_ref"] == kezia.ref
    back = browser.post(url, data={**carried, "step": "change"})
    assert kezia.ref in back.text
    new_here = browser.post(url, data={"person_ref": "odile@ashgrove.example"})
    assert new_here.status_code == 422
    assert "Enter their name too" in new_here.text
    hostile = browser.post(url, data={"person_ref": "odile@ashgrove.example", "name": "=?utf-8?q?x?="})
    assert hostile.status_code == 422
    assert browser.post(url, data={**carried, "step": "give"}).status_code == 303
    make.session.rollback()
    assert make.session.get_one(Booking, at_agency.id).state is BookingState.SUBSTITUTED
