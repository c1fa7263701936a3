"""A booking is free to cancel by the policy version that it is stamped with, not by that of the day of planning."""

from dataclasses import replace
from datetime import date, timedelta

from courses.booking.bookings.about.queries import event_to_book
from courses.booking.bookings.listeners import follow_moved_event
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.booking.bookings.tables import IMPORT
from courses.facts import EventMoved
from courses.programme.events.models import Event
from courses.programme.events.queries import event_rows
from lms.frame.work import Work
from lms.kit.working_days import free_cancellation_until, london_date
from lms.policies.models import PolicyVersion
from lms.policies.rules import Policy
from tests.make import Make
from tests.moments import NOW

PLAIN = BookingRequest()
FIRST_DAY, MOVED_TO = date(2026, 4, 9), date(2026, 6, 18)


def ten_days_from_tomorrow(work: Work) -> PolicyVersion:
    """Version 2: ten working days instead of five."""
    version = PolicyVersion(
        number=2,
        in_force_from=NOW + timedelta(hours=1),
        terms=replace(Policy(), notice_working_days=10).as_terms(),
        approved_at=NOW,
    )
    work.session.add(version)
    work.session.flush()
    return version


def test_each_booking_is_free_by_its_own_version(work: Work, make: Make) -> None:
    event, second = make.event(), ten_days_from_tomorrow(work)
    before = book_place(work, event.id, make.person(), PLAIN)
    after = book_place(replace(work, now=NOW + timedelta(hours=2)), event.id, make.person("Later"), PLAIN)
    assert before.free_until == free_cancellation_until(FIRST_DAY, 5)
    assert after.policy_version == second
    assert after.free_until == free_cancellation_until(FIRST_DAY, 10)
    shown = event_to_book(work.session, event.id, NOW + timedelta(hours=2))
    assert shown.free_until == after.free_until


def test_whoever_looks_for_a_date_reads_the_terms_of_now(work: Work, make: Make) -> None:
    """On the course's page, on the event's and for programs: what a booking made now would be stamped with."""
    event = make.event()
    ten_days_from_tomorrow(work)
    later = replace(work, now=NOW + timedelta(hours=2))
    for by, days in ((work, 5), (later, 10)):
        (row,) = event_rows(by, Event.id == event.id)
        assert row.free_until == free_cancellation_until(FIRST_DAY, days)
    (over,) = event_rows(replace(work, now=NOW + timedelta(days=90)), Event.id == event.id)
    assert over.free_until == event.free_until, "what is over is told as it was planned"


def test_an_event_that_moves_keeps_each_on_the_terms_they_booked_on(work: Work, make: Make) -> None:
    event = make.event()
    ten_days_from_tomorrow(work)
    before = book_place(work, event.id, make.person(), PLAIN)
    after = book_place(replace(work, now=NOW + timedelta(hours=2)), event.id, make.person("Later"), PLAIN)
    ahead = timedelta(days=(MOVED_TO - FIRST_DAY).days)
    was = event.starts_at
    event.starts_at, event.ends_at = event.starts_at + ahead, event.ends_at + ahead
    for day in event.days:
        day.starts_at, day.ends_at = day.starts_at + ahead, day.ends_at + ahead
    work.session.flush()
    follow_moved_event(work, EventMoved(event.id, was, is_inside_notice=False))
    assert london_date(event.starts_at) == MOVED_TO
    assert before.free_until == free_cancellation_until(MOVED_TO, 5)
    assert after.free_until == free_cancellation_until(MOVED_TO, 10)


def test_an_imported_booking_is_free_by_the_terms_of_its_day(work: Work, make: Make) -> None:
    event, person = make.event(), make.person()
    ten_days_from_tomorrow(work)
    row = {column.name: "" for column in IMPORT.columns}
    row |= {"event_ref": event.ref, "person_ref": person.ref, "status": "confirmed", "booked_at": "2026-03-01 10:00"}
    made = IMPORT.reader(replace(work, now=NOW + timedelta(days=1)), [row])(row).thing
    assert made is not None
    assert made.free_until == free_cancellation_until(FIRST_DAY, 5)  # type: ignore[attr-defined]
