"""What people have booked, or train at, at the same time as an event: for letters, their own pages and the office."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES
from courses.programme import words
from courses.programme.events.clashes.rules import TakenDay, overlap
from courses.programme.events.models import Event, EventDay, EventTrainer
from courses.programme.events.rules import EventState
from lms.kit.words import listed

TRAINED = (EventState.PUBLISHED, EventState.PLANNED)
IS_WANTED = sa.and_(Booking.state.in_(LIVE_STATES), Booking.outcome.is_(None))


def clashes_of_people(session: Session, event: Event, person_ids: Collection[int]) -> dict[int, str]:
    """What each of these people has booked or trains at besides, that overlaps the event: in words, by person."""
    if not person_ids:
        return {}
    other_day, this_day = aliased(EventDay), aliased(EventDay)
    at_the_time = (
        sa.select(other_day.event_id)
        .join(this_day, (other_day.starts_at < this_day.ends_at) & (this_day.starts_at < other_day.ends_at))
        .where(this_day.event_id == event.id, other_day.event_id != event.id)
    )
    booked = (
        sa.select(Booking.person_id, Event, sa.false())
        .join(Event, Event.id == Booking.event_id)
        .where(Event.id.in_(at_the_time), Event.state == EventState.PUBLISHED)
        .where(Booking.person_id.in_(person_ids), IS_WANTED)
    )
    trains = (
        sa.select(EventTrainer.person_id, Event, sa.true())
        .join(Event, Event.id == EventTrainer.event_id)
        .where(Event.id.in_(at_the_time), Event.state.in_(TRAINED), EventTrainer.person_id.in_(person_ids))
    )
    found: dict[int, list[str]] = {}
    for query in (booked, trains):
        rows = session.execute(query.options(*_WITH_DAYS).order_by(Event.starts_at, Event.id)).all()
        for person_id, other, is_trainer in rows:
            said = _words(other, is_trainer=is_trainer)
            if said not in found.setdefault(person_id, []):
                found[person_id].append(said)
    return {person_id: listed(said) for person_id, said in found.items()}


_WITH_DAYS = (joinedload(Event.version), selectinload(Event.days))


def _words(event: Event, *, is_trainer: bool) -> str:
    """Neglect, Thursday 9 April 2026, 13:00 to 16:00 (as a trainer)."""
    return f"{event.version.title}, {words.when(event)}{' (as a trainer)' if is_trainer else ''}"


@dataclass(frozen=True)
class _Engagement:
    """An event to come that somebody comes to, waits for or trains at."""

    event: Event
    is_trainer: bool

    def overlaps(self, other: "_Engagement") -> bool:
        return any(overlap(mine, theirs) for mine in _blocks(self.event) for theirs in _blocks(other.event))


def _blocks(event: Event) -> Iterable[TakenDay]:
    return (TakenDay(event.id, day.starts_at, day.ends_at) for day in event.days)


def own_clashes(session: Session, person_id: int, now: datetime) -> dict[int, str]:
    """Of one person's events to come, by event: what else of theirs is at the same time, in words."""
    mine = sa.select(Booking.event_id).where(Booking.person_id == person_id, IS_WANTED)
    trained = sa.select(EventTrainer.event_id).where(EventTrainer.person_id == person_id)
    found = (
        sa.select(Event, Event.id.in_(trained))
        .where(Event.ends_at > now)
        .where(
            sa.or_(
                sa.and_(Event.id.in_(mine), Event.state == EventState.PUBLISHED),
                sa.and_(Event.id.in_(trained), Event.state.in_(TRAINED)),
            )
        )
        .options(*_WITH_DAYS)
        .order_by(Event.starts_at, Event.id)
    )
    all_of_it = [_Engagement(event, is_trainer) for event, is_trainer in session.execute(found)]
    clashes = {
        each.event.id: [other for other in all_of_it if other is not each and each.overlaps(other)]
        for each in all_of_it
    }
    return {
        event_id: listed(_words(other.event, is_trainer=other.is_trainer) for other in others)
        for event_id, others in clashes.items()
        if others
    }
