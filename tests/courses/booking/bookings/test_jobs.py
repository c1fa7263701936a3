"""Reminders over time, and people who move up without anybody asking."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from courses.booking.bookings.jobs import move_people_up, send_reminders
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from lms.frame.work import Work
from lms.jobs.services import carry_out
from lms.mail.models import OutboxLetter
from tests.make import Make
from tests.moments import NOW

REMINDERS = ("courses.reminder", "courses.joining_instructions", "courses.last_reminder")
PLAIN = BookingRequest()


def reminders(work: Work, person_id: int) -> list[str]:
    return list(
        work.session.scalars(
            sa.select(OutboxLetter.kind)
            .where(OutboxLetter.kind.in_(REMINDERS), OutboxLetter.person_id == person_id)
            .order_by(OutboxLetter.id)
        )
    )


def walk(work: Work, until: datetime, step: timedelta = timedelta(hours=6)) -> None:
    while work.now < until:
        work.now += step
        carry_out(work, send_reminders)


def test_each_reminder_goes_once_however_often_the_job_runs(work: Work, make: Make) -> None:
    event = make.event()
    person = make.person()
    book_place(work, event.id, person, PLAIN)
    walk(work, event.ends_at)
    assert reminders(work, person.id) == list(REMINDERS)


def test_somebody_who_books_late_gets_the_remaining_ones(work: Work, make: Make) -> None:
    event = make.event()
    person = make.person()
    work.now = datetime(2026, 3, 27, 12, tzinfo=UTC)
    book_place(work, event.id, person, PLAIN)
    walk(work, event.ends_at)
    assert reminders(work, person.id) == list(REMINDERS[1:])


def test_a_moved_event_reminds_again_and_a_cancelled_booking_never(work: Work, make: Make) -> None:
    event = make.event()
    stays, goes = make.person("Amara"), make.person("Tobiah")
    book_place(work, event.id, stays, PLAIN)
    cancel_booking(work, book_place(work, event.id, goes, PLAIN))
    work.now = datetime(2026, 3, 24, 12, tzinfo=UTC)
    carry_out(work, send_reminders)
    event.starts_at = event.days[0].starts_at = event.starts_at + timedelta(days=60)
    event.ends_at = event.days[0].ends_at = event.ends_at + timedelta(days=60)
    work.session.flush()
    walk(work, event.ends_at, timedelta(days=1))
    assert reminders(work, stays.id) == ["courses.reminder", *REMINDERS]
    assert reminders(work, goes.id) == []


def test_after_a_week_without_a_worker_nobody_gets_last_weeks_reminder(work: Work, make: Make) -> None:
    event = make.event()
    person = make.person()
    book_place(work, event.id, person, PLAIN)
    work.now = datetime(2026, 4, 1, 12, tzinfo=UTC)
    carry_out(work, send_reminders)
    assert reminders(work, person.id) == ["courses.joining_instructions"]


def test_a_place_left_idle_is_offered_to_whoever_waits(work: Work, make: Make) -> None:
    event = make.event(capacity=1, starts=NOW + timedelta(days=20))
    book_place(work, event.id, make.person("Amara"), PLAIN)
    waits = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    event.capacity = 2
    work.session.flush()
    carry_out(work, move_people_up)
    assert waits.state is BookingState.OFFERED
