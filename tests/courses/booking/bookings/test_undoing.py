"""The ways back: by whoever did it, and whoever was told is told that it was undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from charges.charge.models import Charge
from charges.charge.rules import ChargeState
from charges.claims.queries import told_of as claims_of
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.booking.bookings.undoing.services import undo
from courses.booking.substitutions.services import give_place
from courses.booking.transfers.services import move_booking
from courses.programme.events.services import postpone_event
from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW

PLAIN = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example")
S = BookingState
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def agency(make: Make) -> Agency:
    return make.agency()


@pytest.fixture
def amara(make: Make, agency: Agency) -> Person:
    return make.person("Amara Fenwick-Osei", agency=agency)


@pytest.fixture
def kezia(make: Make, agency: Agency) -> Person:
    return make.person("Kezia Lanercoste", agency=agency, manager_email="her.manager@rvch.example")


def by(office: Work, person: Person, hours: float = 3) -> Work:
    return replace(office, actor=Actor(person.name, person.id), now=NOW + hours * AN_HOUR)


def has_left(work: Work) -> None:
    gone = {"state": LetterState.SENT, "sent_at": work.now}
    work.session.execute(sa.update(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING).values(gone))


def to_be_told(work: Work) -> list[tuple[int | None, str]]:
    """Whom a letter waits for, and which: None for a manager. Entries of single days are left out."""
    waiting = sa.select(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING).order_by(OutboxLetter.id)
    rows = [row for row in work.session.scalars(waiting) if row.kind != "courses.calendar_day"]
    return [(row.person_id, str(row.context.get("about", row.kind.removeprefix("courses.")))) for row in rows]


def booked(office: Work, make: Make, person: Person, **of_event: object) -> Booking:
    booking = book_place(by(office, person, 0), make.event(capacity=1, **of_event).id, person, PLAIN)  # type: ignore[arg-type]
    has_left(office)
    return booking


def test_a_place_given_to_a_colleague_comes_back_and_everybody_who_was_told_hears_it(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    new = give_place(by(office, amara), booking, kezia.ref)
    has_left(office)
    late = by(office, amara, 24 * 20)
    undo(late, booking)
    assert (booking.state, booking.place_number, booking.given_to_id) == (S.CONFIRMED, 1, None)
    assert (new.state, new.place_number) == (S.SUBSTITUTED, None)
    assert to_be_told(office) == [
        (kezia.id, "place_returned"),
        (None, "place_returned"),
        (amara.id, "booking_restored"),
        (None, "booking_restored"),
    ]
    gone = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.place_returned")).one()
    assert gone.calendar_method == "CANCEL"
    assert [each.assessment.lines for each in claims_of(office.session, [new.id, booking.id])] == [(), ()]


def test_what_has_not_left_of_it_is_withdrawn_and_the_colleague_hears_nothing(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    give_place(by(office, amara), booking, kezia.ref)
    undo(by(office, amara), booking)
    assert to_be_told(office) == [(amara.id, "booking_restored")], "who did it sees that it is done"


def test_whoever_never_heard_that_somebody_gave_their_place_on_hears_nothing(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking, lead = booked(office, make, amara), make.person("Odile Marsh")
    give_place(by(office, lead), booking, kezia.ref)
    undo(by(office, lead), booking)
    assert to_be_told(office) == []


def test_nobody_else_undoes_it_and_nobody_after_the_start(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    give_place(by(office, amara), booking, kezia.ref)
    for work in (by(office, kezia), office):
        with pytest.raises(Conflict, match="person who gave the place"):
            undo(work, booking)
    with pytest.raises(Conflict, match="has started"):
        undo(replace(by(office, amara), now=booking.event.starts_at), booking)


def test_it_comes_back_only_while_the_colleague_has_it(
    office: Work, make: Make, amara: Person, kezia: Person, agency: Agency
) -> None:
    booking, third = booked(office, make, amara), make.person("Tobiah Wren", agency=agency)
    new = give_place(by(office, amara), booking, kezia.ref)
    last = give_place(by(office, kezia), new, third.ref)
    with pytest.raises(Conflict, match="no longer has the place"):
        undo(by(office, amara), booking)
    undo(by(office, kezia), new)
    undo(by(office, amara), booking)
    assert [each.state for each in (booking, new, last)] == [S.CONFIRMED, S.SUBSTITUTED, S.SUBSTITUTED]


def test_who_has_booked_again_meanwhile_does_not_get_two(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    give_place(by(office, amara), booking, kezia.ref)
    book_place(by(office, amara), booking.event_id, amara, PLAIN)
    with pytest.raises(Conflict, match="another booking for this event"):
        undo(by(office, amara), booking)


@pytest.mark.parametrize("has_gone", [True, False])
def test_a_colleague_who_waited_waits_again_in_their_old_turn(
    office: Work, make: Make, amara: Person, kezia: Person, agency: Agency, has_gone: bool
) -> None:
    booking = booked(office, make, amara)
    first, claim = (
        book_place(by(office, each, hours), booking.event_id, each, PLAIN)
        for hours, each in ((1, make.person("First", agency=agency)), (2, kezia))
    )
    has_left(office)
    was = claim.queued_at, claim.free_until, claim.policy_version_id
    give_place(by(office, amara), booking, kezia.ref)
    if has_gone:
        has_left(office)
    undo(by(office, amara, 4), booking)
    assert (claim.state, claim.place_number, claim.confirmed_at) == (S.WAITING, None, None)
    assert (claim.queued_at, claim.free_until, claim.policy_version_id) == was
    assert first.state is S.WAITING
    told = [each for each in to_be_told(office) if each[0] == kezia.id]
    assert told == ([(kezia.id, "place_returned")] if has_gone else [])
    if has_gone:
        row = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.place_returned")).one()
        assert (row.context["now"], row.context["position"]) == ("waiting", 2)


def test_a_colleague_whose_manager_was_asked_is_asked_for_again(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    booking.event.course.needs_approval = True
    claim = book_place(by(office, kezia, 1), booking.event_id, kezia, PLAIN)
    assert claim.state is S.AWAITING_MANAGER
    has_left(office)
    give_place(by(office, amara), booking, kezia.ref)
    undo(by(office, amara), booking)
    assert (claim.state, claim.confirmed_at, booking.state) == (S.AWAITING_MANAGER, None, S.CONFIRMED)


def test_a_place_given_while_the_event_has_no_date_is_told_so_and_comes_back_so(
    office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    postpone_event(office, booking.event_id)
    has_left(office)
    give_place(by(office, amara), booking, kezia.ref)
    taken = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.place_taken")).one()
    assert (taken.context["is_postponed"], taken.calendar_method) == (True, None)
    assert office.site.why_not_send(office, taken) == ""
    has_left(office)
    undo(by(office, amara), booking)
    row = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.booking_restored")).one()
    assert office.site.why_not_send(office, row) == ""


def test_a_move_is_undone_within_the_hour_and_nothing_is_owed(office: Work, make: Make, amara: Person) -> None:
    booking = booked(office, make, amara, starts=NOW + timedelta(days=4))
    other = make.event(booking.event.course, starts=NOW + timedelta(days=60), capacity=1)
    new = move_booking(by(office, amara), booking, other.id)
    keen = make.person("Keen")
    waits = book_place(by(office, keen, 3.2), other.id, keen, replace(PLAIN, clash_reason="Both"))
    assert [each.state for each in office.session.scalars(sa.select(Charge))] == [ChargeState.OPEN]
    has_left(office)
    with pytest.raises(Conflict, match="within an hour"):
        undo(by(office, amara, 4.1), booking)
    undo(by(office, amara, 3.5), booking)
    assert (booking.state, booking.moved_to_id, booking.place_number) == (S.CONFIRMED, None, 1)
    assert (new.state, waits.state) == (S.CANCELLED, S.OFFERED), "the place on the other date goes on"
    assert [each.state for each in office.session.scalars(sa.select(Charge))] == [ChargeState.VOID]
    assert [each.assessment.lines for each in claims_of(office.session, [new.id])] == [()]
    told = office.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.booking_restored")).one()
    assert told.context["undone"] == "moved"
    assert (None, "booking_restored") in to_be_told(office)
    assert live_offer(office.session, waits.id) is not None
    again = move_booking(
        by(office, amara, 3.6), booking, make.event(booking.event.course, starts=NOW + timedelta(days=90)).id
    )
    assert again.state is S.CONFIRMED, "a move that was undone was none"


def test_a_move_whose_old_place_is_taken_stays(office: Work, make: Make, amara: Person, kezia: Person) -> None:
    booking = booked(office, make, amara)
    other = make.event(booking.event.course, starts=NOW + timedelta(days=60))
    new = move_booking(by(office, amara), booking, other.id)
    book_place(by(office, kezia), booking.event_id, kezia, PLAIN)
    with pytest.raises(Conflict, match="gone to someone else"):
        undo(by(office, amara), booking)
    cancel_booking(by(office, amara), new)
    with pytest.raises(Conflict, match="ended already"):
        undo(by(office, amara), booking)


def test_a_move_that_nobody_heard_of_yet_is_told_to_nobody(office: Work, make: Make, amara: Person) -> None:
    booking, lead = booked(office, make, amara), make.person("Odile Marsh")
    other = make.event(booking.event.course, starts=NOW + timedelta(days=60))
    move_booking(by(office, lead), booking, other.id)
    undo(by(office, lead), booking)
    assert to_be_told(office) == []


def test_the_pages_offer_the_way_back(
    sign_in: Callable[[Person], FlaskClient], office: Work, make: Make, amara: Person, kezia: Person
) -> None:
    booking = booked(office, make, amara)
    other = make.event(booking.event.course, starts=NOW + timedelta(days=60))
    browser, address = sign_in(amara), f"/bookings/{booking.id}/give"
    done = browser.post(address, data={"person_ref": kezia.ref, "step": "give"}, follow_redirects=True)
    assert "Kezia Lanercoste has the place." in done.text
    assert "until the event starts" in done.text
    assert f"/bookings/{booking.id}/ended" in browser.get(f"/bookings/{booking.id}").text
    assert "back in place" in browser.post(f"/bookings/{booking.id}/undo", follow_redirects=True).text
    moved = browser.post(f"/bookings/{booking.id}/move", data={"event_id": other.id}, follow_redirects=True)
    assert "Undo the move" in moved.text
    assert "back in place" in browser.post(f"/bookings/{booking.id}/undo", follow_redirects=True).text
