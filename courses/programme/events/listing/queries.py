"""The coordinators' list of events: found by what each is called, before its places are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.queries import EventRow, event_rows
from courses.programme.events.rules import EventsListed, EventState
from lms.frame.work import Work


@dataclass(frozen=True)
class Listed:
    """Enough of an event to find it by, before its places are counted."""

    id: int
    course_code: str
    starts_at: datetime
    words: str


def listed_events(session: Session, wanted: EventsListed, now: datetime) -> list[Listed]:
    """Events of a kind, soonest first; what is over, latest first."""
    is_over = wanted in (EventsListed.HELD, EventsListed.DELIVERED, EventsListed.CANCELLED, EventsListed.ALL)
    found = session.execute(
        sa.select(Event.id, Course.code, Event.starts_at, Event.ref, CourseVersion.title, Venue.name)
        .join(Course, Course.id == Event.course_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .join(EventDay, sa.and_(EventDay.event_id == Event.id, EventDay.number == 1))
        .outerjoin(Venue, Venue.id == EventDay.venue_id)
        .where(_meets(wanted, now))
        .order_by(Event.starts_at.desc() if is_over else Event.starts_at, Event.id)
    )
    return [
        Listed(event_id, code, starts_at, " ".join((ref, code, title, venue or "online")))
        for event_id, code, starts_at, ref, title, venue in found
    ]


def _meets(wanted: EventsListed, now: datetime) -> sa.ColumnElement[bool]:
    match wanted:
        case EventsListed.COMING:
            return sa.and_(Event.state.in_([EventState.PLANNED, EventState.PUBLISHED]), Event.ends_at > now)
        case EventsListed.HELD:
            return sa.and_(Event.state == EventState.PUBLISHED, Event.ends_at <= now)
        case EventsListed.ALL:
            return sa.true()
        case _:
            return Event.state == EventState(wanted.value)


def rows_in_order(work: Work, event_ids: Sequence[int]) -> list[EventRow]:
    """The rows of these events, in this order."""
    rows = {row.id: row for row in event_rows(work, Event.id.in_(event_ids), with_trainers=True)}
    return [rows[event_id] for event_id in event_ids if event_id in rows]
