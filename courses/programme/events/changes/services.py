"""What changed of an event, by hand or by a file, told to whoever it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.facts import (
    CapacityChanged,
    EventCancelled,
    EventChanges,
    EventMoved,
    EventPart,
    EventPostponed,
    EventPublished,
    JoiningChanged,
    RemovedDay,
)
from courses.programme.events import rules
from courses.programme.events.changes.rules import (
    DayTold,
    EventTold,
    Place,
    changed_parts,
    given_a_date_again,
    may_be_kept_quiet,
)
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.frame.work import Work


def what_is_told_of(event: Event) -> list[object]:
    """What has to be told to those who come when it changes. Breaks are not."""
    return [(day.starts_at, day.ends_at, day.venue_id, day.online_url) for day in event.days]


def told_of(event: Event) -> EventTold:
    """The same in words, with how to join."""
    return EventTold(
        days=tuple(
            DayTold(
                day.starts_at,
                day.ends_at,
                _place(day),
                day.online_url,
            )
            for day in event.days
        ),
        joining_note=event.joining_note,
        trainers=tuple(sorted(each.name for each in event.trainers)),
    )


def _place(day: EventDay) -> Place:
    venue = day.venue
    if venue is None:
        return Place()
    way = " ".join(filter(None, (venue.directions, venue.parking, venue.access)))
    return Place(venue.name, venue.address, way, venue.id)


def _trainer_ids(event: Event) -> frozenset[int]:
    return frozenset(each.id for each in event.trainers)


@dataclass(frozen=True)
class Before:
    """What those who booked knew of an event before it was changed."""

    state: EventState
    starts_at: datetime
    free_until: datetime
    capacity: int
    days: list[object]
    trainer_ids: frozenset[int]
    told: EventTold

    @classmethod
    def of(cls, event: Event) -> "Before":
        return cls(
            event.state,
            event.starts_at,
            event.free_until,
            event.capacity,
            what_is_told_of(event),
            _trainer_ids(event),
            told_of(event),
        )

    def may_clash(self, event: Event) -> bool:
        """Whether its days, places or trainers are others now, or it takes place again."""
        was_free = self.state in (EventState.POSTPONED, EventState.CANCELLED)
        return was_free or (self.days, self.trainer_ids) != (what_is_told_of(event), _trainer_ids(event))


def tell_what_changed(work: Work, event: Event, before: Before | None) -> None:
    """Tell what an import did to an event that is still to come. Nobody hears of history."""
    if event.is_history or event.ends_at <= work.now:
        return
    work.session.flush()
    was = before.state if before else EventState.PLANNED
    was_told = was in (EventState.PUBLISHED, EventState.POSTPONED)
    if event.state is EventState.CANCELLED and was_told:
        work.tell(EventCancelled(event.id, event.cancel_reason))
    elif event.state is EventState.POSTPONED and was is EventState.PUBLISHED:
        tell_postponed(work, event)
    elif event.state is EventState.PUBLISHED and not was_told:
        work.tell(EventPublished(event.id))
    elif event.state is EventState.PUBLISHED and before:
        tell_changes(work, event, before)
    if before and before.capacity != event.capacity:
        work.tell(CapacityChanged(event.id, before.capacity, event.capacity))


def tell_changes(
    work: Work,
    event: Event,
    before: Before,
    *,
    why: str = "",
    is_correction: bool = False,
    removed: Sequence[RemovedDay] = (),
) -> EventChanges:
    """Tell of other days or places with all that goes with them; or only how to join. Answers what has changed.

    `is_correction`: only a spelling; nobody is told, where it can be no more than that.
    """
    work.session.flush()
    for day in event.days:
        work.session.refresh(day, ["venue"])
    now = told_of(event)
    parts = changed_parts(before.told, now)
    was_postponed = before.state is EventState.POSTPONED and event.state is EventState.PUBLISHED
    if was_postponed:
        parts = (given_a_date_again(before.told, now), *(each for each in parts if each.part is not EventPart.TIME))
    changes = EventChanges(parts, why.strip(), before.trainer_ids)
    is_time = changes.has(EventPart.TIME)
    if is_time or changes.has(EventPart.PLACE):
        was_moved_at, event.moved_at, event.told_version = event.moved_at, work.now, event.told_version + 1
        event.joining_version += 1
        is_inside_notice = rules.needs_free_period_again(
            work.now, was_free_until=before.free_until, new_free_until=event.free_until, was_postponed=was_postponed
        )
        work.session.flush()
        work.tell(
            EventMoved(event.id, before.starts_at, is_inside_notice, tuple(removed), changes, is_time, was_moved_at)
        )
    elif changes.parts:
        is_quiet = is_correction and may_be_kept_quiet(changes.parts)
        event.joining_version += not is_quiet
        work.session.flush()
        work.tell(JoiningChanged(event.id, changes, is_quiet))
    return changes


def tell_venue_corrected(work: Work, event: Event, before: Before, *, why: str, is_correction: bool) -> None:
    """Tell those who come that the place of an event is described otherwise: its name, its address, the way there.

    `is_correction`: only a spelling; nobody is told, and what has not left is right.
    """
    changes = EventChanges(changed_parts(before.told, told_of(event)), why.strip(), before.trainer_ids)
    if changes.parts:
        event.joining_version += not is_correction
        work.session.flush()
        work.tell(JoiningChanged(event.id, changes, is_correction))


def tell_postponed(work: Work, event: Event, why: str = "") -> None:
    """Tell that it will not run on its dates."""
    event.told_version += 1
    work.session.flush()
    work.tell(EventPostponed(event.id, why.strip()))
