"""What the partnership says about events: their stage, places, times and calendar names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from lms.kit.errors import Invalid
from lms.kit.working_days import end_of_day, free_cancellation_until, is_late, london_date, working_days_before


class EventState(StrEnum):
    """What somebody has decided about an event. "Full", "booking closed" and "held" follow from facts."""

    PLANNED = "planned"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    DELIVERED = "delivered"  # its register is finalised
    CANCELLED = "cancelled"


class EventStage(StrEnum):
    """Where an event stands, in words: its state and what follows from the time."""

    PLANNED = "Planned, not published"
    NOT_OPEN = "Booking not open yet"
    OPEN = "Booking open"
    CLOSED = "Booking closed"
    UNDER_WAY = "Under way"
    HELD = "Held: register to finalise"
    DELIVERED = "Delivered"
    POSTPONED = "Postponed"
    CANCELLED = "Cancelled"


_STAGE_OF_STATE = {
    EventState.PLANNED: EventStage.PLANNED,
    EventState.POSTPONED: EventStage.POSTPONED,
    EventState.DELIVERED: EventStage.DELIVERED,
    EventState.CANCELLED: EventStage.CANCELLED,
}


@dataclass(frozen=True)
class Timing:
    """An event's state as somebody decided it, and its moments."""

    state: EventState
    starts_at: datetime
    ends_at: datetime
    booking_opens_at: datetime | None
    booking_closes_at: datetime


def stage(timing: Timing, now: datetime) -> EventStage:
    """Where an event stands now."""
    if timing.state in _STAGE_OF_STATE:
        return _STAGE_OF_STATE[timing.state]
    if now >= timing.ends_at:
        return EventStage.HELD
    if now >= timing.starts_at:
        return EventStage.UNDER_WAY
    if timing.booking_opens_at is not None and now < timing.booking_opens_at:
        return EventStage.NOT_OPEN
    return EventStage.CLOSED if is_late(now, timing.booking_closes_at) else EventStage.OPEN


# Places


def places_left(capacity: int, confirmed: int) -> int:
    """Places that nobody holds. An over-booked event has none."""
    return max(capacity - confirmed, 0)


def is_full(capacity: int, confirmed: int) -> bool:
    """Every place is taken."""
    return confirmed >= capacity


def over_booked_by(capacity: int, confirmed: int) -> int:
    """How many more hold a place than there are: capacity was cut, and nobody is dropped."""
    return max(confirmed - capacity, 0)


def percent_taken(capacity: int, confirmed: int) -> float:
    """How much of the bar beside the words is filled; never more than all of it."""
    return min(round(100 * confirmed / capacity, 1), 100.0)


def has_low_numbers(capacity: int, confirmed: int) -> bool:
    """Fewer than a third of the places are taken."""
    return 3 * confirmed < capacity


# Time


def usual_closing(first_day: date, working_days: int) -> datetime:
    """When booking closes unless said otherwise: 23:59:59 on the nth working day before the first day."""
    return end_of_day(working_days_before(first_day, working_days))


def cpd_minutes(blocks: Sequence[tuple[datetime, datetime, int]]) -> int:
    """Learning time credited for days of (start, end, minutes of breaks): breaks are left out."""
    return sum(max(int((end - start).total_seconds()) // 60 - breaks, 0) for start, end, breaks in blocks)


def free_until_now(planned: datetime, starts_at: datetime, notice: int | None, now: datetime) -> datetime:
    """Until when a booking made now can be cancelled free of charge; of what is over, as it was planned."""
    if notice is None or starts_at <= now:
        return planned
    return free_cancellation_until(london_date(starts_at), notice)


def needs_free_period_again(
    now: datetime, *, was_free_until: datetime, new_free_until: datetime, was_postponed: bool
) -> bool:
    """Whether a move has to reopen free cancellation: the old period or the new one is over, or the date was open."""
    return was_postponed or is_late(now, was_free_until) or is_late(now, new_free_until)


# Days


@dataclass(frozen=True)
class PlannedDay:
    """A day as somebody plans it. Online when there is no venue."""

    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0
    venue_id: int | None = None
    online_url: str = ""


@dataclass(frozen=True)
class EventDetails:
    """What may change about an event without moving it. `closes_at=None` is the usual time before the first day."""

    trainer_ids: tuple[int, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    joining_note: str = ""


def in_order(days: Sequence[PlannedDay]) -> list[PlannedDay]:
    """The days by their start. Refuses none at all, a day that ends before it starts, and days that overlap."""
    if not days:
        raise Invalid("Give the event at least one day.", field="days")
    ordered = sorted(days, key=lambda day: day.starts_at)
    for day in ordered:
        if day.ends_at <= day.starts_at:
            raise Invalid("Each day has to end after it starts. Check the times.", field="days")
        if not 0 <= day.break_minutes < (day.ends_at - day.starts_at).total_seconds() / 60:
            raise Invalid("The breaks of a day have to be shorter than the day. Check the minutes.", field="days")
    if any(earlier.ends_at > later.starts_at for earlier, later in pairwise(ordered)):
        raise Invalid("Two days of this event overlap. Check the dates and times.", field="days")
    return ordered


def check_window(opens_at: datetime | None, closes_at: datetime, first_day: date) -> None:
    """Refuse a booking window that closes before it opens or after the event has begun."""
    if london_date(closes_at) > first_day:
        raise Invalid("Booking has to close on or before the first day of the event.", field="closes_on")
    if opens_at is not None and opens_at >= closes_at:
        raise Invalid("Booking has to open before it closes.", field="opens_on")


# Names


def event_ref(prefix: str, event_id: int) -> str:
    """How screens and files name an event: RV-E-0142."""
    return f"{prefix}-E-{event_id:04d}"


def calendar_uid(day_id: int, host: str) -> str:
    """The public calendar's name for one day of an event, for life, whatever moves."""
    return f"event-day-{day_id}@{host}"


_POSTCODE = re.compile(r"\b(?P<area>[A-Z]{1,2}\d[A-Z\d]?)\s*\d[A-Z]{2}\b", re.IGNORECASE)
_PLATFORMS = {"teams.": "Teams", "zoom.": "Zoom", "webex.": "Webex", "meet.google.": "Google Meet"}


def postcode_area(address: str) -> str:
    """RV1, of an address with RV1 4QT: where about it is, for those to who the address is not shown. "" without."""
    found = _POSTCODE.search(address)
    return found["area"].upper() if found else ""


def place_words(venue: str | None, online_url: str) -> str:
    """How everybody reads where a day is. Never the link itself: that is for confirmed delegates."""
    platform = next((name for part, name in _PLATFORMS.items() if part in online_url.casefold()), "")
    online = f"Online ({platform})" if platform else "Online"
    if venue is None:
        return online
    return f"{venue}, or {online[0].lower()}{online[1:]}" if online_url else venue


def town_of(venue_name: str) -> str:
    """A guess at the town of a room that is only known by name: what stands after the last comma."""
    _, comma, town = venue_name.rpartition(",")
    return town.strip() if comma else ""


# What a coordinator looks at


class EventsListed(StrEnum):
    """Which events a coordinator wants to see."""

    COMING = "coming"
    PLANNED = "planned"
    POSTPONED = "postponed"
    HELD = "held"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    ALL = "all"


WANTED_WORDS = {
    EventsListed.COMING: "Coming, published or planned",
    EventsListed.PLANNED: "Planned, not published",
    EventsListed.POSTPONED: "Postponed",
    EventsListed.HELD: "Held, register to finalise",
    EventsListed.DELIVERED: "Delivered",
    EventsListed.CANCELLED: "Cancelled",
    EventsListed.ALL: "All events",
}
