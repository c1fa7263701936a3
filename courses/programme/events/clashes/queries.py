"""What is taken in a stretch of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from courses.programme.events.clashes.rules import TakenDay, clashes, is_same_room
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from courses.questions import PlacesHeldBy
from lms.frame.work import Work
from lms.kit.words import day_and_month, listed


@dataclass(frozen=True)
class Taken:
    """A day on which a room or somebody is taken, and by what. `people`: who trains there, and who has a place."""

    block: TakenDay
    title: str
    venue: str
    people: dict[int, str]


def taken_blocks(
    work: Work, since: datetime, until: datetime, *, trainers: Mapping[int, str], but_event_id: int | None
) -> list[Taken]:
    """The days of other events that touch a stretch of time, cancelled and postponed ones left out.

    Somebody is taken by what they train, and one of `trainers` (names by ids) also by what they come to themselves.
    """
    days = work.session.scalars(
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
    ).all()
    held = work.ask(PlacesHeldBy(tuple(sorted({day.event_id for day in days})), tuple(sorted(trainers))))
    coming = {event_id: {each: trainers[each] for each in people} for event_id, people in held.items()}
    return [_taken(day, coming.get(day.event_id, {})) for day in days]


def _taken(day: EventDay, coming: Mapping[int, str]) -> Taken:
    people = {**{each.id: each.name for each in day.event.trainers}, **coming}
    return Taken(
        block=TakenDay(day.event_id, day.starts_at, day.ends_at, day.venue_id, frozenset(people)),
        title=day.event.version.title,
        venue=day.venue.name if day.venue else "",
        people=people,
    )


def clashes_of(work: Work, event: Event) -> tuple[str, ...]:
    """A sentence for each day to come of another event that has a room of this one, or that a trainer is taken by."""
    trainers = {each.id: each.name for each in event.trainers}
    trainer_ids = frozenset(trainers)
    wanted = [
        TakenDay(event.id, day.starts_at, day.ends_at, day.venue_id, trainer_ids)
        for day in event.days
        if day.ends_at > work.now
    ]
    with work.session.no_autoflush:
        taken = taken_blocks(
            work, event.days[0].starts_at, event.days[-1].ends_at, trainers=trainers, but_event_id=event.id
        )
    about = {id(each.block): each for each in taken}
    pairs = clashes(wanted, [each.block for each in taken])
    return tuple(dict.fromkeys(_words(mine, about[id(theirs)]) for mine, theirs in pairs))


def _words(mine: TakenDay, theirs: Taken) -> str:
    """Thornmere Library and Denzil Marrowby are taken on Tue 28 April, by Neglect."""
    names = [name for person_id, name in theirs.people.items() if person_id in mine.person_ids]
    if is_same_room(mine, theirs.block):
        names = [theirs.venue, *names]
    is_are = "is" if len(names) == 1 else "are"
    return f"{listed(names)} {is_are} taken on {day_and_month(mine.starts_at)}, by {theirs.title}."
