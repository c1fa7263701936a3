"""Who gives up the place, on which terms, and the ways back: another date, undoing it, the hour after booking."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from charges.claims.rules import covered
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.bookings.undoing.services import undo
from courses.booking.ending.services import release_booking
from courses.booking.offers.services import accept_offer
from courses.booking.transfers.services import move_booking
from courses.programme.courses.models import Course
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

PLAIN = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example", needs="A ramp")
SOON, LATER = timedelta(days=4), timedelta(days=60)
HOURS_LATER = NOW + timedelta(hours=3)


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei")


@pytest.fixture
def course(make: Make) -> Course:
    return make.course()


def by(office: Work, person: Person, now: datetime = HOURS_LATER) -> Work:
    return replace(office, actor=Actor(person.name, person.id), now=now)


def booked(office: Work, make: Make, person: Person, course: Course, ahead: timedelta = SOON) -> Booking:
    """A place, its letters gone."""
    event = make.event(course, starts=NOW + ahead)
    booking = book_place(by(office, person, NOW), event.id, person, PLAIN)
    office.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=NOW))
    return booking


def kinds(work: Work) -> list[str]:
    """What waits to be sent, without copies and entries of further days."""
    waiting = sa.select(OutboxLetter.kind).where(OutboxLetter.state == LetterState.WAITING).order_by(OutboxLetter.id)
    return [kind.removeprefix("courses.") for kind in work.session.scalars(waiting)]


def charges(work: Work) -> list[Charge]:
    return list(work.session.scalars(sa.select(Charge).order_by(Charge.id)))


def test_a_place_that_the_partnership_takes_back_is_never_charged_and_says_sorry(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course)
    release_booking(replace(office, now=HOURS_LATER), booking, "One more was booked than there are places")
    assert (booking.state, charges(office)) == (BookingState.RELEASED, [])
    assert kinds(office) == ["booking_released", "managers_copy"]


def test_whose_place_was_taken_back_has_the_first_turn_at_another_date(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    release_booking(office, booked(office, make, amara, course), "One too many")
    full = make.event(course, starts=NOW + LATER, capacity=1)
    for name in ("Holder", "Waits"):
        person = make.person(name)
        book_place(by(office, person, NOW), full.id, person, PLAIN)
    theirs = book_place(by(office, amara), full.id, amara, PLAIN)
    waits = office.session.scalars(
        sa.select(Booking)
        .where(Booking.event_id == full.id, Booking.state == BookingState.WAITING)
        .order_by(Booking.queued_at)
    ).all()
    assert waits[0] is theirs
    other = make.event(course, starts=NOW + LATER + timedelta(days=1), capacity=1)
    person = make.person("Quick")
    book_place(by(office, person, NOW), other.id, person, PLAIN)
    cancel_booking(by(office, amara), theirs)
    again = book_place(by(office, amara), other.id, amara, PLAIN)
    assert again.queued_at == HOURS_LATER, "the first turn is had once"


def test_the_day_on_which_somebody_told_the_office_decides_the_terms(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course, timedelta(days=10))
    late = replace(office, now=booking.free_until + timedelta(days=1))
    cancel_booking(late, booking, told_us_at=booking.free_until, told_us_how="By telephone")
    assert charges(office) == []
    told = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.booking_cancelled")).one()
    assert (told.context["is_late"], told.context["told_us"]) == (False, "Thursday 19 March 2026")


def test_a_slip_within_the_hour_costs_nothing_and_writes_one_letter_more(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    event = make.event(course, starts=NOW + SOON, days=3)
    booking = book_place(by(office, amara, NOW), event.id, amara, PLAIN)
    cancel_booking(by(office, amara, NOW + timedelta(seconds=20)), booking)
    assert kinds(office) == ["booking_cancelled"], "nothing else had left"
    letter = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING)).one()
    assert (letter.context["is_grace"], letter.context["is_late"], letter.calendar_text) == (True, False, None)
    assert charges(office) == []


def test_a_slip_after_the_letters_left_takes_the_entries_away_and_tells_the_manager_who_knew(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course)
    cancel_booking(by(office, amara, NOW + timedelta(minutes=59)), booking)
    assert kinds(office) == ["booking_cancelled", "managers_copy"]
    assert charges(office) == []
    office.session.rollback()


def test_an_hour_later_it_is_late(office: Work, make: Make, amara: Person, course: Course) -> None:
    booking = booked(office, make, amara, course)
    cancel_booking(by(office, amara, NOW + timedelta(minutes=61)), booking, reason="My train does not run")
    (charge,) = charges(office)
    assert "charge_reason" not in [
        each.kind.removeprefix("courses.")
        for each in office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.person_id == amara.id))
    ], "what they typed is not asked again"
    assert [(each.said_as.value, each.words) for each in charge.answers] == [("delegate", "My train does not run")]


def test_moving_to_another_date_is_one_step_and_links_both_bookings(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking, other = booked(office, make, amara, course, LATER), make.event(course, starts=NOW + LATER * 2)
    new = move_booking(by(office, amara), booking, other.id, clash_reason="")
    assert (booking.state, booking.moved_to_id, new.state) == (
        BookingState.TRANSFERRED, new.id, BookingState.CONFIRMED,
    )  # fmt: skip
    assert new.needs is not None
    assert (new.needs.needs, new.manager_email, charges(office)) == ("A ramp", PLAIN.manager_email, [])
    assert kinds(office) == ["booking_moved", "managers_copy", "calendar_day"]
    third = make.event(course, starts=NOW + LATER * 3)
    with pytest.raises(Conflict, match="already been moved once"):
        move_booking(by(office, amara), new, third.id)
    with pytest.raises(Invalid, match="Explain why"):
        move_booking(office, new, third.id)
    assert move_booking(office, new, third.id, reason="The trainer is ill").state is BookingState.CONFIRMED


def test_a_full_date_takes_nobody_and_the_place_is_kept(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course, LATER)
    full = make.event(course, starts=NOW + LATER * 2, capacity=1)
    person = make.person("Quick")
    book_place(by(office, person, NOW), full.id, person, PLAIN)
    with pytest.raises(Conflict, match="You still have your place"):
        move_booking(by(office, amara), booking, full.id)
    assert booking.state is BookingState.CONFIRMED


def test_moving_late_is_a_late_cancellation_unless_somebody_who_waited_takes_the_place(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    event, other = make.event(course, starts=NOW + SOON, capacity=1), make.event(course, starts=NOW + LATER)
    booking = book_place(by(office, amara, NOW), event.id, amara, PLAIN)
    move_booking(by(office, amara), booking, other.id)
    (charge,) = charges(office)
    assert charge.explanation.startswith("Moved to another date ")
    keen = make.person("Keen")
    first = book_place(by(office, make.person("Quick")), event.id, office.session.get_one(Person, keen.id), PLAIN)
    assert first.state is BookingState.CONFIRMED
    assert charge.state is ChargeState.OPEN, "who books again has not waited"


def test_whoever_waited_and_takes_the_place_clears_the_charge(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    event, other = make.event(course, starts=NOW + SOON, capacity=1), make.event(course, starts=NOW + LATER)
    booking = book_place(by(office, amara, NOW), event.id, amara, PLAIN)
    keen = make.person("Keen")
    waits = book_place(by(office, keen, NOW), event.id, keen, PLAIN)
    move_booking(by(office, amara), booking, other.id)
    assert charges(office) == [], "it is not decided while someone may take it"
    offer = live_offer(office.session, waits.id)
    assert offer is not None
    accept_offer(by(office, keen, HOURS_LATER + timedelta(hours=1)), offer.id)
    assert [each for each in charges(office) if each.state is not ChargeState.VOID] == []


def test_each_who_waited_clears_one_move() -> None:
    at = [datetime(2026, 3, 16, hour, tzinfo=UTC) for hour in range(9, 14)]
    assert covered([(1, at[0]), (2, at[2])], [at[1]]) == {1}
    assert covered([(1, at[0]), (2, at[2])], [at[1], at[3]]) == {1, 2}
    assert covered([(1, at[2])], [at[1]]) == set()


def test_whoever_did_it_can_undo_it_for_an_hour_where_the_place_is_free(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course)
    cancel_booking(by(office, amara), booking)
    assert len(charges(office)) == 1
    with pytest.raises(Conflict):
        undo(by(office, make.person("Other")), booking)
    with pytest.raises(Conflict):
        undo(by(office, amara, HOURS_LATER + timedelta(minutes=61)), booking)
    undo(by(office, amara, HOURS_LATER + timedelta(minutes=5)), booking)
    assert (booking.state, booking.cancelled_at) == (BookingState.CONFIRMED, None)
    assert {each.state for each in charges(office)} == {ChargeState.VOID}
    assert "booking_restored" in kinds(office)
    assert "booking_cancelled" not in kinds(office), "it had not left"


def test_a_place_that_somebody_else_has_is_not_given_back(
    office: Work, make: Make, amara: Person, course: Course
) -> None:
    event = make.event(course, starts=NOW + SOON, capacity=1)
    booking = book_place(by(office, amara, NOW), event.id, amara, PLAIN)
    cancel_booking(by(office, amara), booking)
    quick = make.person("Quick")
    book_place(by(office, quick), event.id, quick, PLAIN)
    with pytest.raises(Conflict, match="The place has now gone"):
        undo(by(office, amara, HOURS_LATER + timedelta(minutes=5)), booking)


@pytest.mark.slow
def test_the_pages_lead_from_cancel_to_another_date_and_back(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking, other = booked(office, make, amara, course), make.event(course, starts=NOW + LATER)
    booking.booked_at -= timedelta(days=1)
    browser = sign_in(amara)
    assert f"/bookings/{booking.id}/move" in browser.get(f"/bookings/{booking.id}").text
    cancel = browser.get(f"/bookings/{booking.id}/cancel").text
    assert "This is a late cancellation" in cancel
    assert "move to another date" in cancel
    move = browser.get(f"/bookings/{booking.id}/move").text
    assert "This counts as a late cancellation" in move
    assert "unless someone on the waiting list takes the place" in move
    answer = browser.post(f"/bookings/{booking.id}/move", data={"event_id": other.id}, follow_redirects=True)
    assert "Your place is booked." in answer.text
    new = int(answer.request.path.rsplit("/", 1)[1])
    for old in (f"/bookings/{booking.id}", f"/bookings/{booking.id}/move", f"/bookings/{booking.id}/ended"):
        assert f'href="/bookings/{new}"' in browser.get(old).text, "the old booking leads to the new one"
    ended = browser.post(f"/bookings/{new}/cancel", data={}, follow_redirects=True)
    assert "you can undo it within an hour" in ended.text
    assert "back in place" in browser.post(f"/bookings/{new}/undo", follow_redirects=True).text


@pytest.mark.slow
def test_the_office_is_asked_who_gives_up_the_place(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course, timedelta(days=3))
    booking.booked_at -= timedelta(days=20)
    browser = sign_in(make.coordinator())
    address = f"/bookings/{booking.id}/give-up"
    assert browser.get(f"/bookings/{booking.id}/cancel").location.endswith(address)
    page = browser.get(address).text
    for words in ("The delegate asked", "We are taking it back", "Move to another date"):
        assert words in page
    assert browser.post(address, data={}).status_code == 422
    assert "Explain why we take the place back" in browser.post(address, data={"who": "release"}).text
    moved = browser.post(address, data={"who": "move", "told_on": "some day"})
    assert moved.location.endswith(f"/bookings/{booking.id}/move"), "what belongs to another choice is not asked"
    refused = browser.post(address, data={"who": "asked", "told_on": "2026-03-17"})
    assert "That day is in the future" in refused.text
    done = browser.post(address, data={"who": "asked", "told_on": "2026-03-11", "told_how": "By telephone"})
    assert done.status_code == 303
    office.session.rollback()
    again = office.session.get_one(Booking, booking.id)
    assert (again.state, again.told_us_how) == (BookingState.CANCELLED, "By telephone")


def test_the_office_moves_with_a_reason_and_reads_what_is_not_free_any_more(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make, amara: Person, course: Course
) -> None:
    booking = booked(office, make, amara, course, timedelta(days=30))
    make.event(course, starts=NOW + timedelta(days=2))
    browser, address = sign_in(make.coordinator()), f"/bookings/{booking.id}/move"
    page = browser.get(address).text
    assert "It can no longer be cancelled free of charge." in page
    assert "(optional)" not in page.partition("Why is it moved?")[2][:20]
    assert "Explain why the booking is moved" in browser.post(address, data={"event_id": booking.event_id}).text
    assert "What they told us" in browser.get(f"/bookings/{booking.id}").text


def test_who_holds_no_place_gives_none_up(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make, amara: Person, course: Course
) -> None:
    event = make.event(course, starts=NOW + LATER, capacity=1)
    book_place(office, event.id, make.person("Quick"), PLAIN)
    waiting = book_place(office, event.id, amara, PLAIN)
    answer = sign_in(make.coordinator()).get(f"/bookings/{waiting.id}/give-up", follow_redirects=True)
    assert answer.request.path == f"/bookings/{waiting.id}/cancel"
    assert "Leave the waiting list" in answer.text
