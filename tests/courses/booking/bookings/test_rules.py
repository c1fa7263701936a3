"""What the partnership says about places."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.booking.bookings.life import CANCEL
from courses.booking.bookings.rules import (
    BookingState,
    BookingWindow,
    Reminder,
    check_can_book,
    free_again_until,
    free_until_when_promoted,
    is_late_cancellation,
    next_place,
    reminder_moments,
    reminders_due,
)
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict

START = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 16, 9, 52, tzinfo=UTC)
WINDOW = BookingWindow(
    event_state=EventState.PUBLISHED, opens_at=None, closes_at=START - timedelta(days=2), starts_at=START
)
DAYS = {Reminder.FIRST: 10, Reminder.JOINING: 5, Reminder.LAST: 1}
MOMENTS = reminder_moments(date(2026, 4, 9), DAYS)


@given(taken=st.sets(st.integers(1, 40)), capacity=st.integers(1, 30))
def test_a_place_is_given_only_when_fewer_are_taken_than_there_are(taken: set[int], capacity: int) -> None:
    place = next_place(taken, capacity)
    if len(taken) >= capacity:
        assert place is None
    else:
        assert place is not None
        assert 1 <= place <= capacity
        assert place not in taken


def test_booking_is_open_until_it_closes_to_the_second() -> None:
    check_can_book(WINDOW, WINDOW.closes_at, by_coordinator=False)
    with pytest.raises(Conflict, match="has closed"):
        check_can_book(WINDOW, WINDOW.closes_at + timedelta(seconds=1), by_coordinator=False)


def test_the_coordinator_can_still_add_after_booking_has_closed() -> None:
    check_can_book(WINDOW, WINDOW.closes_at + timedelta(hours=5), by_coordinator=True)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (BookingWindow(EventState.POSTPONED, None, WINDOW.closes_at, START), "does not take bookings"),
        (BookingWindow(EventState.PUBLISHED, NOW + timedelta(days=1), WINDOW.closes_at, START), "has not opened"),
        (BookingWindow(EventState.PUBLISHED, None, WINDOW.closes_at, NOW), "has started"),
    ],
)
def test_what_cannot_be_booked_is_refused_in_words(window: BookingWindow, words: str) -> None:
    with pytest.raises(Conflict, match=words):
        check_can_book(window, NOW, by_coordinator=False)


def test_a_started_event_cannot_be_cancelled() -> None:
    with pytest.raises(Conflict, match="has started"):
        CANCEL.check(BookingState.CONFIRMED, has_started=True)


def test_cancelling_a_postponed_event_is_never_late() -> None:
    assert is_late_cancellation(START, NOW, is_postponed=False)
    assert not is_late_cancellation(START, NOW, is_postponed=True)


def test_somebody_promoted_inside_the_notice_period_never_cancels_late() -> None:
    deadline = START - timedelta(days=7)
    assert free_until_when_promoted(deadline, START, deadline) == deadline
    assert free_until_when_promoted(deadline, START, deadline + timedelta(seconds=1)) == START


def test_moving_inside_the_notice_period_reopens_free_cancellation_for_two_working_days() -> None:
    before_easter = date(2026, 4, 2)
    summer, far = datetime(2026, 7, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    assert free_again_until(NOW, before_easter, 2, summer) == datetime(2026, 4, 8, 22, 59, 59, tzinfo=UTC)
    assert free_again_until(far, before_easter, 2, summer) == far
    tomorrow = datetime(2026, 4, 3, 8, 30, tzinfo=UTC)
    assert free_again_until(NOW, before_easter, 2, tomorrow) == tomorrow, "never past the start"


def test_reminders_go_at_nine_ten_five_and_one_working_days_before() -> None:
    assert {
        Reminder.FIRST: datetime(2026, 3, 24, 9, 0, tzinfo=UTC),
        Reminder.JOINING: datetime(2026, 3, 31, 8, 0, tzinfo=UTC),
        Reminder.LAST: datetime(2026, 4, 8, 8, 0, tzinfo=UTC),
    } == MOMENTS


@pytest.mark.parametrize(
    ("confirmed", "now", "due"),
    [
        (NOW, datetime(2026, 3, 24, 8, 59, tzinfo=UTC), []),
        (NOW, datetime(2026, 3, 24, 9, 0, tzinfo=UTC), [Reminder.FIRST]),
        (NOW, datetime(2026, 3, 31, 9, 0, tzinfo=UTC), [Reminder.JOINING]),
        (NOW, datetime(2026, 4, 8, 9, 0, tzinfo=UTC), [Reminder.JOINING, Reminder.LAST]),
        (datetime(2026, 3, 25, tzinfo=UTC), datetime(2026, 3, 26, tzinfo=UTC), []),
        (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 1, 1, tzinfo=UTC), [Reminder.JOINING]),
        (NOW, START, []),
    ],
    ids=["too early", "first", "only the latest", "joining is never lost", "late booker", "books late", "started"],
)
def test_only_the_reminders_that_still_help_are_sent(confirmed: datetime, now: datetime, due: list[Reminder]) -> None:
    assert reminders_due(MOMENTS, known_since=confirmed, starts_at=START, now=now) == due
