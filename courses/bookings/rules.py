"""What the partnership says about places: who may book, who is next, when a place still moves, what is late."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lms.errors import Conflict
from lms.working_days import is_late, wall_time, working_days_after, working_days_before

REMINDERS_GO_AT = time(9, 0)
END_OF_DAY = time(23, 59, 59)


def booking_ref(prefix: str, booking_id: int) -> str:
    """How letters and screens name a booking: RV-B-21936."""
    return f"{prefix}-B-{booking_id:05d}"


def next_place(taken: Collection[int], capacity: int) -> int | None:
    """The lowest free place number, or None when as many places are taken as there are.

    An event whose capacity was cut may hold numbers above it; they count as taken.
    """
    if len(taken) >= capacity:
        return None
    return next(number for number in range(1, capacity + 1) if number not in taken)


@dataclass(frozen=True)
class BookingWindow:
    """When and whether an event takes bookings."""

    is_published: bool
    opens_at: datetime | None
    closes_at: datetime
    starts_at: datetime


def check_can_book(window: BookingWindow, now: datetime, *, by_coordinator: bool) -> None:
    """Refuse in words when no booking is taken now. The coordinator can still add after booking has closed."""
    if not window.is_published:
        raise Conflict("This event does not take bookings. Choose another date.")
    if now >= window.starts_at:
        raise Conflict("This event has started, so it can no longer be booked. Choose another date.")
    if by_coordinator:
        return
    if window.opens_at is not None and now < window.opens_at:
        raise Conflict("Booking for this event has not opened yet. The course page says when it does.")
    if now > window.closes_at:
        raise Conflict("Booking for this event has closed. Choose another date, or ask the training team.")


def promotion_ends_at(starts_at: datetime, hours: int) -> datetime:
    """Until when a free place goes to the next person by itself: so many elapsed hours before the start.

    Later nobody can be sure that they read our letter, so the coordinator gives the place by hand.
    """
    return starts_at - timedelta(hours=hours)


class WhyWaiting(StrEnum):
    """Why somebody in the list does not have a place, for the coordinator's eyes."""

    FULL = "every place is taken"
    OTHERS_FIRST = "others are before them"
    TOO_LATE = "places no longer move by themselves this close to the start"
    NOT_PUBLISHED = "the event does not take bookings now"
    GONE = "they have left, or their record was merged"


@dataclass(frozen=True)
class Waiting:
    """Somebody in the list: which booking, and whether the person is still with us."""

    booking_id: int
    is_here: bool


def promoted(queue: Sequence[Waiting], free_places: int) -> list[int]:
    """The bookings that move up now, in the list's order; those who have gone are passed over and keep their turn."""
    return [each.booking_id for each in queue if each.is_here][: max(free_places, 0)]


def why_waiting(queue: Sequence[Waiting], *, free_places: int, is_published: bool, is_in_time: bool) -> list[WhyWaiting]:
    """For each in the list, in order: why they still wait."""
    reasons = []
    left = free_places
    for each in queue:
        if not each.is_here:
            reasons.append(WhyWaiting.GONE)
        elif left <= 0:
            reasons.append(WhyWaiting.FULL if free_places <= 0 else WhyWaiting.OTHERS_FIRST)
        else:
            left -= 1
            reasons.append(WhyWaiting.NOT_PUBLISHED if not is_published else WhyWaiting.TOO_LATE)
    return reasons if not (is_published and is_in_time) else [_in_time(reason) for reason in reasons]


def _in_time(reason: WhyWaiting) -> WhyWaiting:
    return WhyWaiting.OTHERS_FIRST if reason is WhyWaiting.TOO_LATE else reason


def check_can_cancel(*, is_live: bool, has_started: bool) -> None:
    """Refuse in words what cannot be cancelled."""
    if not is_live:
        raise Conflict("This booking has ended already. My learning shows what became of it.")
    if has_started:
        raise Conflict("The event has started, so the booking can no longer be cancelled. Tell the training team.")


def is_late_cancellation(cancelled_at: datetime, free_until: datetime, *, is_postponed: bool) -> bool:
    """A cancellation is late once the free period has ended; never while the event has no date."""
    return not is_postponed and is_late(cancelled_at, free_until)


def free_again_until(free_until: datetime, moved_on: date, reconfirm_working_days: int) -> datetime:
    """Free cancellation after an event moved inside the notice period: it reopens for so many working days.

    The later of the new date's own deadline and 23:59:59 on the last of those days.
    """
    reopened = wall_time(working_days_after(moved_on, reconfirm_working_days), END_OF_DAY)
    return max(free_until, reopened)


def reminder_moment(first_day: date, working_days: int) -> datetime:
    """When the reminder so many working days before the first day goes: 09:00 in London."""
    return wall_time(working_days_before(first_day, working_days), REMINDERS_GO_AT)


JOINING_INSTRUCTIONS = 5


def reminders_due(
    first_day: date, stages: Collection[int], *, confirmed_at: datetime, starts_at: datetime, now: datetime
) -> list[int]:
    """Which reminders (by their working days before) somebody should have had or get now.

    Only the latest that is due: nobody is sent yesterday's reminder with today's. Somebody who books late gets those
    that are still to come, and the joining instructions at once, because nobody can come without them.
    """
    if now >= starts_at:
        return []
    moments = {stage: reminder_moment(first_day, stage) for stage in stages}
    due = [stage for stage in sorted(stages) if moments[stage] <= now]
    if not due:
        return []
    latest = due[0]
    wanted = [latest] if moments[latest] > confirmed_at else []
    if JOINING_INSTRUCTIONS in due and JOINING_INSTRUCTIONS not in wanted:
        wanted.append(JOINING_INSTRUCTIONS)
    return wanted


def access_needs_go_on(last_day: date, days_kept: int) -> date:
    """The last day on which access needs are kept."""
    return last_day + timedelta(days=days_kept)


def calendar_uid(booking_id: int, day_id: int, host: str) -> str:
    """The calendar's name for one person's one day, for life, whatever moves."""
    return f"booking-{booking_id}-day-{day_id}@{host}"
