"""The events that a trainer trains at."""

import sqlalchemy as sa

from courses.programme.events.models import Event, EventTrainer
from courses.programme.events.queries import EventRow, event_rows
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.errors import NotFound

SHOWN = (EventState.PUBLISHED, EventState.POSTPONED, EventState.PLANNED)


def trains_at(person_id: int) -> sa.ColumnElement[bool]:
    """The person is a trainer of the event."""
    return Event.id.in_(sa.select(EventTrainer.event_id).where(EventTrainer.person_id == person_id))


def coming_events_of(work: Work, person_id: int) -> list[EventRow]:
    """The events still to come that a person trains at, and those whose register is not finalised, soonest first."""
    is_open = sa.or_(Event.ends_at > work.now, Event.state == EventState.PUBLISHED)
    return event_rows(work, trains_at(person_id), Event.state.in_(SHOWN), is_open)


def own_event(work: Work, event_id: int, person_id: int) -> EventRow:
    """One event, if this person trains at it. Raises NotFound for any other."""
    found = event_rows(work, Event.id == event_id, trains_at(person_id), with_trainers=True)
    if not found:
        raise NotFound("We cannot find that event among yours. My events has those that you train at.")
    return found[0]
