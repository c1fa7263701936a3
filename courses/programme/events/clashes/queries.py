"""What is taken in a stretch of time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from courses.programme.events.clashes.rules import Block
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState


@dataclass(frozen=True)
class Taken:
    """A day on which a room or a trainer is taken, and by what."""

    block: Block
    title: str
    venue: str
    trainers: dict[int, str]


def taken_blocks(session: Session, since: datetime, until: datetime, *, but_event_id: int | None) -> list[Taken]:
    """The days of other events that touch a stretch of time, cancelled and postponed ones left out."""
    days = session.scalars(
        sa.select(EventDay)
        .join(EventDay.event)
        .where(
            EventDay.starts_at < until,
            EventDay.ends_at > since,
            Event.state.not_in([EventState.CANCELLED, EventState.POSTPONED]),
            Event.id != (but_event_id or 0),
        )
        .options(
            contains_eager(EventDay.event).joinedload(Event.version),
            contains_eager(EventDay.event).selectinload(Event.trainers),
            joinedload(EventDay.venue),
        )
        .order_by(EventDay.starts_at, EventDay.id)
    )
    return [
        Taken(
            block=Block(
                event_id=day.event_id,
                starts_at=day.starts_at,
                ends_at=day.ends_at,
                venue_id=day.venue_id,
                trainer_ids=frozenset(each.id for each in day.event.trainers),
            ),
            title=day.event.version.title,
            venue=day.venue.name if day.venue else "",
            trainers={each.id: each.name for each in day.event.trainers},
        )
        for day in days
    ]
