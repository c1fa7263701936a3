"""Booking, cancelling and moving up, on a real database of each kind."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import places_of, queue_of
from courses.booking.bookings.rules import BookingRequest, BookingSource, BookingState
from courses.booking.bookings.services import (
    book_place,
    cancel_booking,
    change_needs,
    fill_places,
    promote,
)
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.questions import Places
from lms.frame.access import program
from lms.frame.db import engine_options, prepare_engine, writing
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from tests.databases import NoSite
from tests.make import Make
from tests.moments import NOW

PLAIN = BookingRequest(manager_name="Colette Barraclough-Ames", manager_email="colette@rvch.example")


def kinds_of_letters(work: Work) -> list[str]:
    return list(work.session.scalars(sa.select(OutboxLetter.kind).order_by(OutboxLetter.id)))


def test_the_last_place_is_confirmed_and_the_next_person_waits(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    first = book_place(work, event.id, make.person("Amara Fenwick-Osei"), PLAIN)
    second = book_place(work, event.id, make.person("Tobiah Hanley-Roe"), PLAIN)
    assert (first.state, first.place_number) == (BookingState.CONFIRMED, 1)
    assert (second.state, second.place_number) == (BookingState.WAITING, None)
    assert kinds_of_letters(work) == ["courses.booking_confirmed", "courses.managers_copy", "courses.waiting"]


def test_a_booking_keeps_agency_and_terms_as_they_were(work: Work, make: Make) -> None:
    person = make.person()
    agency = person.agency
    booking = book_place(work, make.event().id, person, PLAIN)
    person.agency = make.agency("Oakmere Bridge Academy")
    work.session.flush()
    assert booking.agency is agency
    assert booking.policy_version.number == 1


def test_a_cancelled_place_is_offered_to_the_first_who_waits(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    holder = book_place(work, event.id, make.person("Amara"), PLAIN)
    first = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    second = book_place(work, event.id, make.person("Nerys"), PLAIN)
    cancel_booking(work, holder, reason="on leave")
    assert [holder.state, first.state, second.state] == [
        BookingState.CANCELLED,
        BookingState.OFFERED,
        BookingState.WAITING,
    ]
    assert kinds_of_letters(work)[-1] == "courses.place_offered"


def test_somebody_who_has_left_is_passed_over_and_keeps_the_turn(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    holder = book_place(work, event.id, make.person("Amara"), PLAIN)
    gone = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    there = book_place(work, event.id, make.person("Nerys"), PLAIN)
    gone.person.left_on = NOW.date()
    cancel_booking(work, holder)
    assert there.state is BookingState.OFFERED
    assert [booking.id for booking in queue_of(work.session, event.id)] == [gone.id]


def test_nobody_is_dropped_when_capacity_is_cut_and_nobody_moves_up_until_places_are_free(
    work: Work, make: Make
) -> None:
    event = make.event(capacity=3)
    bookings = [book_place(work, event.id, make.person(f"Person {n}"), PLAIN) for n in range(4)]
    event.capacity = 2
    work.session.flush()
    assert fill_places(work, event) == []
    assert places_of(work.session, [event.id])[event.id].confirmed == 3
    cancel_booking(work, bookings[0])
    assert bookings[3].state is BookingState.WAITING
    cancel_booking(work, bookings[1])
    assert bookings[3].state is BookingState.OFFERED
    assert places_of(work.session, [event.id])[event.id] == Places(confirmed=1, waiting=1, offered=1)


def test_more_places_are_offered_in_order(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    bookings = [book_place(work, event.id, make.person(f"Person {n}"), PLAIN) for n in range(4)]
    event.capacity = 3
    work.session.flush()
    assert [offer.booking_id for offer in fill_places(work, event)] == [bookings[1].id, bookings[2].id]
    assert fill_places(work, event) == []


def test_a_newcomer_never_overtakes_those_who_wait(work: Work, make: Make) -> None:
    event = make.event(capacity=1, starts=NOW + timedelta(hours=20), booking_closes_at=NOW + timedelta(hours=19))
    holder = book_place(work, event.id, make.person("Amara"), PLAIN)
    first = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    cancel_booking(work, holder)
    assert first.state is BookingState.OFFERED
    newcomer = book_place(work, event.id, make.person("Nerys"), PLAIN)
    assert newcomer.state is BookingState.OFFERED, "a day before, everyone who waits is asked"
    assert promote(work, first).state is BookingState.CONFIRMED
    assert (first.accepted_at, newcomer.state) == (None, BookingState.WAITING)
    with pytest.raises(Conflict, match="Every place is taken"):
        promote(work, newcomer)


def test_cancelling_at_the_deadline_is_free_and_one_second_later_late(work: Work, make: Make) -> None:
    event = make.event()
    on_time = book_place(work, event.id, make.person("Amara"), PLAIN)
    late = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    work.now = event.free_until
    cancel_booking(work, on_time)
    work.now = event.free_until + timedelta(seconds=1)
    cancel_booking(work, late)
    letters = work.session.scalars(
        sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.booking_cancelled").order_by(OutboxLetter.id)
    )
    assert [letter.context["is_late"] for letter in letters] == [False, True]


def test_a_second_live_booking_is_refused_and_again_after_cancelling_allowed(work: Work, make: Make) -> None:
    event, person = make.event(), make.person()
    booking = book_place(work, event.id, person, PLAIN)
    with pytest.raises(Conflict, match="already"):
        book_place(work, event.id, person, PLAIN)
    cancel_booking(work, booking)
    assert book_place(work, event.id, person, PLAIN).state is BookingState.CONFIRMED


def test_the_database_itself_refuses_a_second_live_booking_and_a_place_held_twice(work: Work, make: Make) -> None:
    event, person = make.event(), make.person()
    booking = book_place(work, event.id, person, PLAIN)
    copied = {column.name: getattr(booking, column.name) for column in Booking.__table__.columns if column.name != "id"}
    with pytest.raises(IntegrityError), work.session.begin_nested():
        work.session.execute(sa.insert(Booking).values(copied | {"place_number": 2}))
    with pytest.raises(IntegrityError), work.session.begin_nested():
        work.session.execute(sa.insert(Booking).values(copied | {"person_id": make.person("Tobiah").id}))


def test_an_overlapping_event_needs_a_reason(work: Work, make: Make) -> None:
    person, event = make.person(), make.event()
    book_place(work, event.id, person, PLAIN)
    other = make.event(make.course("Neglect: seeing a child's daily life"), starts=event.starts_at + timedelta(hours=3))
    with pytest.raises(Invalid, match="at the same time") as refusal:
        book_place(work, other.id, person, PLAIN)
    assert refusal.value.field == "clash_reason"
    booking = book_place(work, other.id, person, BookingRequest(clash_reason="leaving at noon"))
    assert booking.clash_reason == "leaving at noon"


def test_the_same_course_again_needs_a_reason(work: Work, make: Make) -> None:
    person, course = make.person(), make.course()
    book_place(work, make.event(course).id, person, PLAIN)
    again = make.event(course, starts=NOW + timedelta(days=90))
    with pytest.raises(Invalid, match="this course"):
        book_place(work, again.id, person, PLAIN)


def test_a_trainer_takes_no_place(work: Work, make: Make) -> None:
    trainer = make.person("Denzil Marrowby")
    event = make.event(trainers=[trainer])
    with pytest.raises(Conflict, match="trainer"):
        book_place(work, event.id, trainer, PLAIN)


def test_a_coordinator_adds_after_booking_has_closed_and_others_cannot(work: Work, make: Make) -> None:
    event = make.event(booking_closes_at=NOW - timedelta(hours=1))
    with pytest.raises(Conflict, match="closed"):
        book_place(work, event.id, make.person("Amara"), PLAIN)
    added = book_place(work, event.id, make.person("Tobiah"), BookingRequest(source=BookingSource.COORDINATOR))
    assert added.state is BookingState.CONFIRMED


def test_cancelling_twice_is_refused(work: Work, make: Make) -> None:
    booking = book_place(work, make.event().id, make.person(), PLAIN)
    cancel_booking(work, booking)
    with pytest.raises(Conflict, match="already ended"):
        cancel_booking(work, booking)


def test_a_postponed_event_is_cancelled_free_however_late(work: Work, make: Make) -> None:
    event = make.event(starts=NOW + timedelta(days=2), free_until=NOW - timedelta(days=3))
    booking = book_place(work, event.id, make.person(), PLAIN)
    event.state = EventState.POSTPONED
    cancel_booking(work, booking)
    letter = work.session.scalar(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.booking_cancelled"))
    assert letter is not None
    assert letter.context["is_late"] is False


def test_what_people_need_is_kept_apart(work: Work, make: Make) -> None:
    event = make.event()
    booking = book_place(work, event.id, make.person(), BookingRequest(needs="Hearing loop", food="Vegetarian"))
    change_needs(work, booking, needs="Hearing loop, near the front", food="", phone_on_day="07700 900 418")
    assert booking.needs is not None
    assert booking.needs.needs == "Hearing loop, near the front"
    assert booking.needs.delete_after == event.ends_at.date() + timedelta(days=30)


@pytest.mark.slow
def test_two_hundred_threads_book_twenty_five_places(engine: Engine, database_url: str, make: Make) -> None:
    """Exactly 25 are confirmed and 175 wait, in the order in which they came."""
    event, agency = make.event(capacity=25), make.agency()
    people = [make.person(f"Person {n}", agency=agency) for n in range(200)]
    event_id, person_ids = event.id, [person.id for person in people]
    make.commit()
    # Whoever waits for one of the 30 connections waits as long as it takes: the machine may be slow.
    many = prepare_engine(sa.create_engine(database_url, **engine_options(database_url), pool_timeout=300))
    start = Barrier(len(person_ids))
    failures: list[Exception] = []

    def book(person_id: int) -> None:
        start.wait()
        try:
            with writing(many) as session:
                work = Work(session=session, actor=program("test"), now=NOW, site=NoSite())
                person = session.get_one(Person, person_id)
                book_place(work, event_id, person, PLAIN)
        except Exception as failure:
            failures.append(failure)

    threads = [Thread(target=book, args=(person_id,)) for person_id in person_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    many.dispose()
    assert failures == []
    with writing(engine) as session:
        bookings = session.scalars(sa.select(Booking).order_by(Booking.id)).all()
        confirmed = [booking for booking in bookings if booking.state is BookingState.CONFIRMED]
        waiting = [booking for booking in bookings if booking.state is BookingState.WAITING]
        assert sorted(booking.place_number or 0 for booking in confirmed) == list(range(1, 26))
        assert len(waiting) == 175
        assert [booking.id for booking in queue_of(session, event_id)] == [booking.id for booking in waiting]
        assert max(booking.id for booking in confirmed) < min(booking.id for booking in waiting)
        assert session.get_one(Event, event_id).capacity == 25
