"""What changed of an event, by hand or by a file, told to whoever it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPostponed, EventPublished, RemovedDay
from courses.programme.events import rules
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work


def what_is_told_of(event: Event) -> list[object]:
    """What has to be told to those who come when it changes. Breaks are not."""
    return [(day.starts_at, day.ends_at, day.venue_id, day.online_url) for day in event.days]


def _trainer_ids(event: Event) -> frozenset[int]:
    return frozenset(each.id for each in event.trainers)


@dataclass(frozen=True)
class Before:
    """What those who booked knew of an event before a file changed it."""

    state: EventState
    starts_at: datetime
    free_until: datetime
    capacity: int
    days: list[object]
    trainer_ids: frozenset[int]

    @classmethod
    def of(cls, event: Event) -> "Before":
        return cls(
            event.state, event.starts_at, event.free_until, event.capacity, what_is_told_of(event), _trainer_ids(event)
        )

    def is_moved(self, event: Event) -> bool:
        """Whether those who come have to hear of other days or places, or that it takes place after all."""
        return self.state is EventState.POSTPONED or self.days != what_is_told_of(event)

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
    elif event.state is EventState.PUBLISHED and before and before.is_moved(event):
        tell_moved(work, event, before.starts_at, before.free_until, was_postponed=was is EventState.POSTPONED)
    if before and before.capacity != event.capacity:
        work.tell(CapacityChanged(event.id, before.capacity, event.capacity))


def tell_moved(
    work: Work,
    event: Event,
    was_starts_at: datetime,
    was_free_until: datetime,
    *,
    was_postponed: bool,
    removed: Sequence[RemovedDay] = (),
) -> None:
    """Tell of its new days, and whether they lie so near that nobody need be charged for giving up a place."""
    event.moved_at, event.told_version = work.now, event.told_version + 1
    is_inside_notice = rules.needs_free_period_again(
        work.now, was_free_until=was_free_until, new_free_until=event.free_until, was_postponed=was_postponed
    )
    work.session.flush()
    work.tell(EventMoved(event.id, was_starts_at, is_inside_notice, tuple(removed)))


def tell_postponed(work: Work, event: Event) -> None:
    """Tell that it will not run on its dates."""
    event.told_version += 1
    work.session.flush()
    work.tell(EventPostponed(event.id))
