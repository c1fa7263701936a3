"""Events for other systems: dates with their places."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from courses.programme.courses.models import Course
from courses.programme.courses.rules import EventType
from courses.programme.events.models import Event, EventDay
from courses.programme.events.queries import EventRow, event_rows
from courses.programme.events.rules import EventState
from lms.api.cursors import Paged, page_after, read_cursor
from lms.api.shapes import says
from lms.frame.plugins import Asked, Operation
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import wall_time


@dataclass(frozen=True)
class EventsWanted(Paged):
    """Which events: without days, those that have not ended."""

    from_on: date | None = field(default=None, metadata=says("Beginning on this day or later.", name="from"))
    to_on: date | None = field(default=None, metadata=says("Beginning on this day or earlier.", name="to"))
    course_code: str = field(default="", metadata=says("Of this course alone."))
    updated_since: datetime | None = field(
        default=None,
        metadata=says(
            "Whose dates, places offered, venue or state changed at this moment or later, whenever they are."
        ),
    )


@dataclass(frozen=True)
class DayAnswer:
    """A day of an event."""

    day: int
    starts_at: datetime
    ends_at: datetime
    venue: str


@dataclass(frozen=True)
class EventAnswer:
    """An event with its places. `places_left`: what somebody new could have; none while others wait."""

    id: str
    ref: str
    course_code: str
    title: str
    type: EventType
    state: EventState
    days: tuple[DayAnswer, ...]
    capacity: int
    places_left: int
    waiting: int
    free_cancellation_until: datetime
    booking_closes_at: datetime


@dataclass(frozen=True)
class EventPage:
    """A page of events, soonest first."""

    items: tuple[EventAnswer, ...]
    next_cursor: str | None


def list_events(work: Work, asked: Asked) -> EventPage:
    """Events between two days; what is only planned is for those who plan. Three queries a page."""
    query: EventsWanted = asked.query
    found = (
        sa.select(Event.id, Event.starts_at)
        .join(Course, Course.id == Event.course_id)
        .where(_visible(work), *_between(query, work.now))
    )
    after = read_cursor(query.cursor)
    if after is not None:
        found = found.where(sa.tuple_(Event.starts_at, Event.id) > sa.tuple_(sa.literal(after[0]), after[1]))
    if query.course_code:
        found = found.where(Course.code == query.course_code)
    rows = work.session.execute(found.order_by(Event.starts_at, Event.id).limit(query.limit + 1)).all()
    page, next_cursor = page_after(rows, query.limit, lambda row: (row.starts_at, row.id))
    return EventPage(tuple(_answers(work, [row.id for row in page])), next_cursor)


def one_event(work: Work, asked: Asked) -> EventAnswer:
    """One event. Raises NotFound."""
    event_id = asked.number("event_id")
    visible = work.session.scalar(sa.select(Event.id).where(Event.id == event_id, _visible(work)))
    if visible is None:
        raise NotFound("We cannot find that event. GET /events lists them all.")
    return _answers(work, [event_id])[0]


def _visible(work: Work) -> sa.ColumnElement[bool]:
    return sa.true() if work.actor.may("courses.manage_events") else Event.state != EventState.PLANNED


def _between(query: EventsWanted, now: datetime) -> list[sa.ColumnElement[bool]]:
    if query.from_on is None and query.to_on is None and query.updated_since is None:
        return [Event.ends_at > now]
    where = []
    if query.updated_since is not None:
        day = sa.exists().where(EventDay.event_id == Event.id, EventDay.changed_at >= query.updated_since)
        where.append(sa.or_(Event.changed_at >= query.updated_since, day))
    if query.from_on is not None:
        where.append(Event.starts_at >= _midnight(query.from_on))
    if query.to_on is not None:
        where.append(Event.starts_at < _midnight(query.to_on + timedelta(days=1)))
    return where


def _midnight(day: date) -> datetime:
    return wall_time(day, time(0, 0)).astimezone(UTC)


def _answers(work: Work, event_ids: list[int]) -> list[EventAnswer]:
    rows = event_rows(work, Event.id.in_(event_ids))
    kind = sa.case((Event.state == EventState.DELIVERED, Event.event_type), else_=Course.event_type)
    of_events = sa.select(Event.id, kind).join(Course, Course.id == Event.course_id).where(Event.id.in_(event_ids))
    kinds: dict[int, EventType] = dict(work.session.execute(of_events).all())
    return [_answer(row, kinds[row.id]) for row in rows]


def _answer(row: EventRow, kind: EventType) -> EventAnswer:
    return EventAnswer(
        id=str(row.id),
        ref=row.ref,
        course_code=row.course_code,
        title=row.title,
        type=kind,
        state=row.state,
        days=tuple(DayAnswer(day.number, day.starts_at, day.ends_at, day.place) for day in row.days),
        capacity=row.capacity,
        places_left=0 if row.places.waiting else max(row.left, 0),
        waiting=row.places.waiting,
        free_cancellation_until=row.free_until,
        booking_closes_at=row.booking_closes_at,
    )


OPERATIONS = (
    Operation(
        name="courses.list_events",
        method="GET",
        path="/events",
        words="Events with their days and places",
        query=EventsWanted,
        answer=EventPage,
        run=list_events,
    ),
    Operation(
        name="courses.one_event",
        method="GET",
        path="/events/{event_id}",
        words="One event",
        answer=EventAnswer,
        run=one_event,
    ),
)
