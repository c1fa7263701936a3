"""What becomes of bookings and calendars when their event changes; invitations are read back by a calendar parser."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from icalendar import Calendar

from courses.booking.bookings.listeners import (
    follow_moved_event,
    follow_postponed_event,
    move_up_when_places_are_added,
    release_bookings,
)
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place, cancel_booking
from courses.facts import (
    CapacityChanged,
    ChangedPart,
    EventCancelled,
    EventChanges,
    EventMoved,
    EventPart,
    EventPostponed,
    RemovedDay,
)
from lms.frame.work import Work
from lms.kit.working_days import free_cancellation_until, london_date
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from tests.make import Make

PLAIN = BookingRequest(manager_name="Colette Barraclough-Ames", manager_email="colette@rvch.example")
ANOTHER_DAY = EventChanges((ChangedPart(EventPart.TIME, "When", "Thursday", "Friday"),))


def calendars(work: Work) -> list[tuple[str, str, int, datetime]]:
    """Method, UID, SEQUENCE and start of each invitation, in the order in which they were written."""
    found = []
    for letter in work.session.scalars(
        sa.select(OutboxLetter).where(OutboxLetter.calendar_text.is_not(None)).order_by(OutboxLetter.id)
    ):
        calendar = Calendar.from_ical(letter.calendar_text or "")
        (event,) = calendar.walk("VEVENT")
        assert str(calendar["METHOD"]) == letter.calendar_method
        found.append((str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), event["DTSTART"].dt))
    return found


def test_an_invitation_keeps_its_uid_through_create_move_and_cancel_with_a_rising_sequence(
    work: Work, make: Make
) -> None:
    event = make.event()
    booking = book_place(work, event.id, make.person(), PLAIN)
    was = event.starts_at
    for day in event.days:
        day.starts_at += timedelta(days=30)
        day.ends_at += timedelta(days=30)
    event.starts_at, event.ends_at = event.days[0].starts_at, event.days[0].ends_at
    follow_moved_event(work, EventMoved(event.id, was_starts_at=was, is_inside_notice=False, changes=ANOTHER_DAY))
    work.now += timedelta(hours=2)  # past the hour in which it would be as if never booked
    cancel_booking(work, booking)
    uid = f"booking-{booking.id}-day-{event.days[0].id}@training.rowanvalleyscp.example"
    assert calendars(work) == [
        ("REQUEST", uid, 0, was),
        ("REQUEST", uid, 1, event.starts_at),
        ("CANCEL", uid, 2, event.starts_at),
    ]


def test_each_day_of_an_event_has_an_invitation_of_its_own(work: Work, make: Make) -> None:
    event = make.event(days=2)
    book_place(work, event.id, make.person(), PLAIN)
    assert [entry[3] for entry in calendars(work)] == [day.starts_at for day in event.days]
    assert len({entry[1] for entry in calendars(work)}) == 2


def test_a_day_that_is_no_longer_held_leaves_calendars(work: Work, make: Make) -> None:
    event = make.event(days=2)
    book_place(work, event.id, make.person(), PLAIN)
    work.session.execute(sa.update(OutboxLetter).values(state=LetterState.SENT, sent_at=work.now))
    gone = event.days.pop()
    removed = RemovedDay(gone.id, gone.starts_at, gone.ends_at)
    work.session.flush()
    fact = EventMoved(
        event.id, was_starts_at=event.starts_at, is_inside_notice=False, removed_days=(removed,), changes=ANOTHER_DAY
    )
    follow_moved_event(work, fact)
    last = calendars(work)[-1]
    assert last[0] == "CANCEL"
    assert last[1].startswith("booking-")
    assert f"day-{removed.day_id}@" in last[1]


def test_moving_inside_the_notice_period_reopens_free_cancellation(work: Work, make: Make) -> None:
    event = make.event()
    booking = book_place(work, event.id, make.person(), PLAIN)
    work.now = datetime(2026, 4, 2, 10, tzinfo=UTC)  # the Thursday before Easter
    event.starts_at = event.days[0].starts_at = event.starts_at + timedelta(days=1)
    event.ends_at = event.days[0].ends_at = event.ends_at + timedelta(days=1)
    event.free_until = free_cancellation_until(london_date(event.starts_at), 5)
    follow_moved_event(work, EventMoved(event.id, was_starts_at=event.starts_at, is_inside_notice=True))
    assert booking.free_until == datetime(2026, 4, 8, 22, 59, 59, tzinfo=UTC)


def test_a_postponed_event_keeps_places_and_takes_entries_out_of_calendars(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    holder = book_place(work, event.id, make.person("Amara"), PLAIN)
    waits = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    follow_postponed_event(work, EventPostponed(event.id, "The trainer is ill"))
    assert (holder.state, waits.state) == (BookingState.CONFIRMED, BookingState.WAITING)
    told = work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.event_postponed")).all()
    assert [each.context["why"] for each in told] == ["The trainer is ill"] * 2
    assert [entry[0] for entry in calendars(work)] == ["REQUEST", "CANCEL"]


def test_a_cancelled_event_releases_everybody_and_tells_each_once(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    holder = book_place(work, event.id, make.person("Amara"), PLAIN)
    waits = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    release_bookings(work, EventCancelled(event.id, reason="the trainer is ill"))
    release_bookings(work, EventCancelled(event.id, reason="the trainer is ill"))
    assert (holder.state, waits.state) == (BookingState.RELEASED, BookingState.RELEASED)
    assert holder.place_number is None
    told = work.session.scalars(sa.select(OutboxLetter).where(OutboxLetter.kind == "courses.event_cancelled")).all()
    assert sorted(letter.person_id or 0 for letter in told) == sorted([holder.person_id, waits.person_id])


def test_more_places_are_offered_to_who_waits(work: Work, make: Make) -> None:
    event = make.event(capacity=1)
    book_place(work, event.id, make.person("Amara"), PLAIN)
    waits = book_place(work, event.id, make.person("Tobiah"), PLAIN)
    event.capacity = 2
    work.session.flush()
    move_up_when_places_are_added(work, CapacityChanged(event.id, before=1, after=2))
    assert waits.state is BookingState.OFFERED
