"""Claims on places while the person is erased, merged or leaves, or books elsewhere: on two connections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from courses.attendance.walkins.services import add_comer
from courses.booking.approvals.services import agree_booking
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.booking.bookings.services import BookingRequest, book_place, cancel_booking, promote
from courses.booking.bookings.tables import IMPORT
from courses.booking.offers.services import accept_offer
from courses.booking.substitutions.services import give_place
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, Refused
from lms.merging.services import merge_people
from lms.people.models import Person
from lms.people.services import mark_left
from lms.personal_data.services import erase_person
from tests.at_once import AtOnce
from tests.make import Make
from tests.moments import NOW
from tests.teams import book_team

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
MANAGER = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example")
REQUEST = BookingRequest(needs="A ramp")


def the_person(work: Work, person_id: int) -> Person:
    return work.session.get_one(Person, person_id)


def erase(person_id: int) -> Callable[[Work], Any]:
    return lambda work: erase_person(work, the_person(work, person_id), reason="Asked for it")


def leave(person_id: int) -> Callable[[Work], Any]:
    return lambda work: mark_left(work, the_person(work, person_id), on=NOW.date())


def merge_into(kept_id: int, person_id: int) -> Callable[[Work], Any]:
    return lambda work: merge_people(work, the_person(work, kept_id), the_person(work, person_id))


def live(work: Work, *people: int) -> list[tuple[int, int]]:
    """(event, person) of each live claim of theirs."""
    work.session.rollback()
    wanted = sa.select(Booking.event_id, Booking.person_id).where(Booking.state.in_(LIVE_STATES))
    return [
        tuple(row) for row in work.session.execute(wanted.where(Booking.person_id.in_(people)).order_by(Booking.id))
    ]


@dataclass(frozen=True)
class Claim:
    """A way to get a place, prepared: `do(work)` takes it for `person_id` and would succeed if nothing met it."""

    person_id: int
    do: Callable[[Work], Any]


def books(make: Make, work: Work) -> Claim:
    event, person = make.event(), make.person()
    return Claim(person.id, lambda other: book_place(other, event.id, the_person(other, person.id), REQUEST))


def is_booked_with_the_team(make: Make, work: Work) -> Claim:
    event, person = make.event(), make.person()
    colleague = make.person("Abel", agency=person.agency)

    def do(other: Work) -> Any:
        other.actor = Actor("Lead", person_id=None, leads_agency_ids=frozenset({person.agency_id or 0}))
        return book_team(other, event.id, [colleague.id, person.id])

    return Claim(person.id, do)


def accepts_an_offer(make: Make, work: Work) -> Claim:
    event, person = make.event(capacity=1), make.person()
    first = book_place(work, event.id, make.person("First"), REQUEST)
    book_place(work, event.id, person, REQUEST)
    cancel_booking(work, first)
    offer = work.session.scalars(sa.select(Offer).where(Offer.event_id == event.id)).one()
    return Claim(person.id, lambda other: accept_offer(other, offer.id))


def is_moved_up(make: Make, work: Work) -> Claim:
    event, person = make.event(capacity=1), make.person()
    first = book_place(work, event.id, make.person("First"), REQUEST)
    waiting = book_place(work, event.id, person, REQUEST)
    cancel_booking(work, first)
    return Claim(person.id, lambda other: promote(other, other.session.get_one(Booking, waiting.id)))


def has_the_managers_word(make: Make, work: Work) -> Claim:
    event, person = make.event(make.course(needs_approval=True)), make.person()
    booking = book_place(work, event.id, person, MANAGER)
    return Claim(person.id, lambda other: agree_booking(other, booking.id))


def is_given_a_place(make: Make, work: Work) -> Claim:
    event, giver = make.event(), make.person("Giver")
    person = make.person(agency=giver.agency)
    booking = book_place(work, event.id, giver, REQUEST)
    return Claim(person.id, lambda other: give_place(other, other.session.get_one(Booking, booking.id), person.ref))


def walks_in(make: Make, work: Work) -> Claim:
    event, person = make.event(starts=NOW - timedelta(minutes=20)), make.person()
    return Claim(person.id, lambda other: add_comer(other, event.id, 1, person.id))


def is_imported(make: Make, work: Work) -> Claim:
    event, person = make.event(), make.person()
    row = {"event_ref": event.ref, "person_ref": person.ref, "status": "confirmed"}
    row = {column.name: row.get(column.name, "") for column in IMPORT.columns}
    return Claim(person.id, lambda other: IMPORT.reader(other, [row])(row))


NEW_CLAIMS = [books, is_booked_with_the_team, is_given_a_place, walks_in, is_imported]
CLAIMS = [*NEW_CLAIMS, accepts_an_offer, is_moved_up, has_the_managers_word]
Prepare = Callable[[Make, Work], Claim]


@pytest.mark.parametrize("prepare", NEW_CLAIMS)
def test_nobody_has_a_place_whose_record_is_just_being_erased(
    at_once: AtOnce, prepared: tuple[Make, Work], prepare: Prepare
) -> None:
    make, work = prepared
    claim = prepare(make, work)
    make.commit()
    erased, claimed = at_once.meet(
        erase(claim.person_id), claim.do, second_has_read=lambda other: the_person(other, claim.person_id)
    )
    assert not isinstance(erased, Refused)
    assert isinstance(claimed, Conflict | Invalid)
    assert live(work, claim.person_id) == []


@pytest.mark.parametrize("prepare", CLAIMS)
def test_nobody_is_erased_who_is_just_getting_a_place(
    at_once: AtOnce, prepared: tuple[Make, Work], prepare: Prepare
) -> None:
    make, work = prepared
    claim = prepare(make, work)
    make.commit()
    _, erased = at_once.meet(
        claim.do, erase(claim.person_id), second_has_read=lambda other: the_person(other, claim.person_id)
    )
    assert isinstance(erased, Conflict)
    assert len(live(work, claim.person_id)) == 1
    assert the_person(work, claim.person_id).erased_at is None


@pytest.mark.parametrize("prepare", CLAIMS)
def test_nobody_has_a_place_who_has_just_left(at_once: AtOnce, prepared: tuple[Make, Work], prepare: Prepare) -> None:
    make, work = prepared
    claim = prepare(make, work)
    make.commit()
    before = live(work, claim.person_id)
    _, claimed = at_once.meet(
        leave(claim.person_id), claim.do, second_has_read=lambda other: the_person(other, claim.person_id)
    )
    assert isinstance(claimed, Conflict | Invalid)
    assert live(work, claim.person_id) == before
    states = work.session.scalars(sa.select(Booking.state).where(Booking.person_id == claim.person_id)).all()
    assert BookingState.CONFIRMED not in states


@pytest.mark.parametrize("prepare", CLAIMS)
def test_a_claim_of_a_record_that_is_just_being_merged_is_refused(
    at_once: AtOnce, prepared: tuple[Make, Work], prepare: Prepare
) -> None:
    """Read again, the offer or the request is the person's who was kept, and can be answered."""
    make, work = prepared
    claim, kept = prepare(make, work), make.person("Kept")
    make.commit()
    _, claimed = at_once.meet(
        merge_into(kept.id, claim.person_id),
        claim.do,
        second_has_read=lambda other: the_person(other, claim.person_id),
    )
    assert isinstance(claimed, Conflict | Invalid)
    assert [person for _, person in live(work, claim.person_id, kept.id)] == [kept.id] * (prepare not in NEW_CLAIMS)


@pytest.mark.parametrize("prepare", NEW_CLAIMS)
def test_a_merge_takes_along_the_place_that_is_just_being_booked(
    at_once: AtOnce, prepared: tuple[Make, Work], prepare: Prepare
) -> None:
    make, work = prepared
    claim, kept = prepare(make, work), make.person("Kept")
    make.commit()
    _, merged = at_once.meet(claim.do, merge_into(kept.id, claim.person_id))
    assert not isinstance(merged, Refused)
    assert [person for _, person in live(work, claim.person_id, kept.id)] == [kept.id]


def test_one_human_with_two_records_has_one_place(at_once: AtOnce, prepared: tuple[Make, Work]) -> None:
    """The record kept books while the duplicate, who has a place there, is merged into it."""
    make, work = prepared
    event, kept, duplicate = make.event(), make.person("Kept"), make.person("Duplicate")
    book_place(work, event.id, duplicate, REQUEST)
    make.commit()

    def book(other: Work) -> Any:
        return book_place(other, event.id, the_person(other, kept.id), REQUEST)

    _, booked = at_once.meet(merge_into(kept.id, duplicate.id), book)
    assert isinstance(booked, Conflict)
    assert live(work, kept.id, duplicate.id) == [(event.id, kept.id)]


def test_the_merge_waits_for_the_booking_that_it_would_clash_with(at_once: AtOnce, prepared: tuple[Make, Work]) -> None:
    make, work = prepared
    event, kept, duplicate = make.event(), make.person("Kept"), make.person("Duplicate")
    book_place(work, event.id, duplicate, REQUEST)
    make.commit()
    booked, merged = at_once.meet(
        lambda other: book_place(other, event.id, the_person(other, kept.id), REQUEST),
        merge_into(kept.id, duplicate.id),
    )
    assert isinstance(booked, Booking)
    assert isinstance(merged, Conflict)
    assert len(live(work, kept.id, duplicate.id)) == 2


def test_two_overlapping_events_are_not_booked_from_two_tabs(at_once: AtOnce, prepared: tuple[Make, Work]) -> None:
    make, work = prepared
    person, events = make.person(), [make.event(make.course(f"Course {each}")) for each in range(2)]
    make.commit()
    ids = [each.id for each in events]

    def book(event_id: int) -> Callable[[Work], Any]:
        return lambda other: book_place(other, event_id, the_person(other, person.id), REQUEST)

    first, second = at_once.meet(book(ids[0]), book(ids[1]))
    assert isinstance(first, Booking)
    assert isinstance(second, Invalid)
    assert second.field == "clash_reason"
    assert live(work, person.id) == [(ids[0], person.id)]


def test_the_last_place_is_still_given_once(at_once: AtOnce, prepared: tuple[Make, Work]) -> None:
    make, work = prepared
    event, people = make.event(capacity=1), [make.person(), make.person("Other")]
    make.commit()
    ids = [each.id for each in people]

    def book(person_id: int) -> Callable[[Work], BookingState]:
        return lambda other: book_place(other, event.id, the_person(other, person_id), REQUEST).state

    assert at_once.meet(book(ids[0]), book(ids[1])) == (BookingState.CONFIRMED, BookingState.WAITING)
    assert work.session.scalar(sa.select(sa.func.count(Booking.place_number))) == 1
