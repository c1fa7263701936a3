"""What the partnership says about places: who may book, who is next, when a place still moves, what is late."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from courses.programme.events.life import BOOK
from courses.programme.events.rules import EventState
from lms.frame.access import Actor
from lms.kit.errors import Conflict, Reason
from lms.kit.working_days import end_of_day, is_late, wall_time, working_days_after, working_days_before


class BookingState(StrEnum):
    """The life of a claim, from asking to what became of it."""

    AWAITING_MANAGER = "awaiting_manager"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    SUBSTITUTED = "substituted"
    TRANSFERRED = "transferred"
    RELEASED = "released"  # by the partnership: one place, or all of a cancelled event


NOT_OPEN_YET = Reason("not_open_yet", "Booking for the event has not opened yet.")
CLOSED = Reason("closed", "Booking for the event has closed.")
FULL = Reason("full", "Every place is taken, or others wait for one. With join_waiting_list the claim would wait.")
BOOKED_ALREADY = Reason("booked_already", "The person has a booking for this event already.")
TRAINS = Reason("trainer", "The person is a trainer of this event and takes no place in it.")
NOT_HERE = Reason("left", "The person has left, or the record was merged into another.")
CLASH = Reason(
    "clash", "The person has something else booked at that time, or the same course: clash_reason says why both."
)
"""What other systems are told of a refusal."""

STRANGERS_A_WEEK = 10
"""How many bookings a week somebody may make for themselves by which we write to an address that nobody knows."""


LIVE_STATES = (
    BookingState.AWAITING_MANAGER,
    BookingState.WAITING,
    BookingState.OFFERED,
    BookingState.CONFIRMED,
)


class BookingSource(StrEnum):
    """How the claim came about."""

    DELEGATE = "delegate"
    COORDINATOR = "coordinator"
    AGENCY_LEAD = "agency_lead"
    API = "api"
    IMPORT = "import"
    WALK_IN = "walk_in"
    LINE_MANAGER = "line_manager"  # by the link of a letter


def source_by(actor: Actor, *, person_id: int, agency_id: int | None) -> BookingSource:
    """How a claim comes about that this actor makes of a booking of this person, by giving it on or moving it."""
    if actor.person_id == person_id:
        return BookingSource.DELEGATE
    if actor.person_id is None and actor.address:
        return BookingSource.LINE_MANAGER
    return BookingSource.AGENCY_LEAD if agency_id in actor.leads_agency_ids else BookingSource.COORDINATOR


class ManagerSaid(StrEnum):
    """Who the line manager is."""

    LAST = "last"  # the one of the last booking: shown only to whoever has proved who they are
    NEW = "new"
    NONE = "none"


@dataclass(frozen=True)
class BookingRequest:
    """What somebody says when they book. `clash_reason`: why both, when it overlaps something they have booked."""

    source: BookingSource = BookingSource.DELEGATE
    manager_name: str = ""
    manager_email: str = ""
    phone_on_day: str = ""
    needs: str = ""
    food: str = ""
    is_declared: bool = False
    clash_reason: str = ""


class Outcome(StrEnum):
    """What became of a confirmed booking, derived from the register's marks."""

    ATTENDED = "attended"
    PART_ATTENDED = "part_attended"
    DID_NOT_ATTEND = "did_not_attend"
    TURNED_AWAY = "turned_away"


OUTCOME_WORDS = {
    Outcome.ATTENDED: "Attended",
    Outcome.PART_ATTENDED: "Part attended",
    Outcome.DID_NOT_ATTEND: "Did not attend",
    Outcome.TURNED_AWAY: "Turned away",
}
THERE = (Outcome.ATTENDED, Outcome.PART_ATTENDED)
"""Who came at all: not counted as absent, and asked what it changed."""


REMINDERS_GO_AT = time(9, 0)


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

    event_state: EventState
    opens_at: datetime | None
    closes_at: datetime
    starts_at: datetime


def check_can_book(window: BookingWindow, now: datetime, *, by_coordinator: bool) -> None:
    """Refuse in words when no booking is taken now. The coordinator can still add after booking has closed."""
    BOOK.check(window.event_state, has_started=now >= window.starts_at)
    if by_coordinator:
        return
    if window.opens_at is not None and now < window.opens_at:
        words = "Booking for this event has not opened yet. The course page says when it does."
        raise Conflict(words, reason=NOT_OPEN_YET)
    if now > window.closes_at:
        words = "Booking for this event has closed. Choose another date, or ask the training team."
        raise Conflict(words, reason=CLOSED)


def next_place_of_history(taken: Collection[int]) -> int:
    """A place in an event that is past: history is kept as it was, also where more came than there were places."""
    return max(taken, default=0) + 1


GRACE = timedelta(minutes=60)
"""For so long after booking, giving it up is as if it had never been booked."""


def is_in_grace(booked_at: datetime, told_at: datetime) -> bool:
    """A slip: given up within the hour after it was booked."""
    return booked_at <= told_at <= booked_at + GRACE


def is_late_cancellation(cancelled_at: datetime, free_until: datetime, *, is_postponed: bool) -> bool:
    """A cancellation is late once the free period has ended; never while the event has no date."""
    return not is_postponed and is_late(cancelled_at, free_until)


def free_until_when_promoted(free_until: datetime, starts_at: datetime, promoted_at: datetime) -> datetime:
    """Somebody promoted inside the notice period never cancels late: free until the start. Others have the usual."""
    return starts_at if is_late(promoted_at, free_until) else free_until


def came_late_from_the_list(
    queued_at: datetime | None,
    confirmed_at: datetime | None,
    free_until: datetime,
    *,
    starts_at: datetime,
    moved_at: datetime | None,
) -> bool:
    """Whether it is free until the start because the place came so late, and not because the event moved that near."""
    waited, is_free_to_the_end = queued_at is not None, free_until >= starts_at
    since_it_moved = moved_at is None or (confirmed_at is not None and confirmed_at > moved_at)
    return waited and is_free_to_the_end and since_it_moved


def free_again_until(free_until: datetime, left_on: date, reconfirm_working_days: int, starts_at: datetime) -> datetime:
    """Free cancellation after an event moved: open for so many working days after its letter left.

    The later of the new date's own deadline and 23:59:59 on the last of those days, and never past the start.
    """
    reopened = end_of_day(working_days_after(left_on, reconfirm_working_days))
    return min(max(free_until, reopened), starts_at)


class Reminder(StrEnum):
    """The three letters before an event, the first one first."""

    FIRST = "first"  # while cancelling is still free
    JOINING = "joining"  # how to find it and what to bring
    LAST = "last"


def reminder_moments(first_day: date, working_days: Mapping[Reminder, int]) -> dict[Reminder, datetime]:
    """When each goes: 09:00 in London, so many working days before the first day."""
    return {
        each: wall_time(working_days_before(first_day, days), REMINDERS_GO_AT) for each, days in working_days.items()
    }


def reminders_due(
    moments: Mapping[Reminder, datetime], *, known_since: datetime, starts_at: datetime, now: datetime
) -> list[Reminder]:
    """Which reminders somebody gets now, unless they have had them. `known_since`: when they had their place confirmed,
    or were told that the event moved.

    Of those whose moment has come, only the latest: nobody is sent last week's with today's. Somebody who books late
    gets those still to come, and the joining instructions at once, because nobody can come without them; and so does
    everybody who was told of other days or another place.
    """
    come = [each for each in Reminder if moments[each] <= now < starts_at]
    if not come:
        return []
    latest = come[-1]
    wanted = {Reminder.JOINING} & set(come)
    if moments[latest] > known_since:
        wanted.add(latest)
    return [each for each in come if each in wanted]


def access_needs_go_on(last_day: date, days_kept: int) -> date:
    """The last day on which access needs are kept."""
    return last_day + timedelta(days=days_kept)


def calendar_uid(booking_id: int, day_id: int, host: str) -> str:
    """The calendar's name for one person's one day, for life, whatever moves."""
    return f"booking-{booking_id}-day-{day_id}@{host}"
