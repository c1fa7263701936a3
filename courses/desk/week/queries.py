"""A week's event days, and what waits for the coordinator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from courses.programme.courses.models import Interest
from courses.programme.demand.queries import is_open
from courses.programme.events.models import Event, EventDay
from courses.programme.events.queries import DayRow, EventRow, event_rows
from courses.programme.events.rules import EventState, has_low_numbers
from lms.frame.work import Work
from lms.kit.working_days import london_date, wall_time, working_days_after

LOW_NUMBERS_WORKING_DAYS = 10
ROWS_IN_A_CARD = 20
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DayOfWeek:
    """One event day in the week."""

    event: EventRow
    day: DayRow

    @property
    def title(self) -> str:
        """The event, and which of its days."""
        number = len(self.event.days)
        return self.event.title + (f", day {self.day.number} of {number}" if number > 1 else "")


@dataclass(frozen=True)
class WeekWaiting:
    """What waits for the coordinator, whatever the week."""

    low: list[EventRow]
    over_booked: list[EventRow]
    to_finalise: list[EventRow]
    postponed: list[EventRow]
    to_publish: list[EventRow]
    asking: int


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def days_of_week(work: Work, monday: date) -> list[DayOfWeek]:
    """The event days from Monday to Sunday in order; cancelled and postponed events are left out."""
    since, until = wall_time(monday, time(0, 0)), wall_time(monday + ONE_WEEK, time(0, 0))
    in_week = Event.id.in_(sa.select(EventDay.event_id).where(EventDay.starts_at >= since, EventDay.starts_at < until))
    rows = event_rows(
        work, in_week, Event.state.not_in([EventState.CANCELLED, EventState.POSTPONED]), with_trainers=True
    )
    found = [DayOfWeek(row, day) for row in rows for day in row.days if since <= day.starts_at < until]
    return sorted(found, key=lambda each: (each.day.starts_at, each.event.id))


def waiting_for_coordinator(work: Work) -> WeekWaiting:
    """Every event on which somebody has to decide something, and how many people ask for dates."""
    now = work.now
    rows = event_rows(
        work,
        sa.or_(
            Event.state.in_([EventState.PUBLISHED, EventState.POSTPONED]),
            sa.and_(Event.state == EventState.PLANNED, Event.ends_at > now),
        ),
    )
    soon = working_days_after(london_date(now), LOW_NUMBERS_WORKING_DAYS)
    asking = work.session.scalar(sa.select(sa.func.count(Interest.id)).where(is_open()))
    return WeekWaiting(
        low=[row for row in _coming(rows, now) if london_date(row.starts_at) <= soon and _is_low(row)],
        over_booked=[row for row in _coming(rows, now) if row.over_booked],
        to_finalise=[row for row in rows if row.state is EventState.PUBLISHED and row.ends_at <= now],
        postponed=[row for row in rows if row.state is EventState.POSTPONED],
        to_publish=[row for row in rows if row.state is EventState.PLANNED],
        asking=asking or 0,
    )


def _coming(rows: list[EventRow], now: datetime) -> Iterator[EventRow]:
    return (row for row in rows if row.state is EventState.PUBLISHED and row.starts_at > now)


def _is_low(row: EventRow) -> bool:
    return has_low_numbers(row.capacity, row.places.confirmed)
