"""When two days of events get into each other's way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TakenDay:
    """A day of an event as rooms and people are taken by it. `event_id` is None for one still being planned."""

    event_id: int | None
    starts_at: datetime
    ends_at: datetime
    venue_id: int | None = None
    person_ids: frozenset[int] = frozenset()


def overlap(one: TakenDay, other: TakenDay) -> bool:
    """They share some time. One that starts when the other ends does not."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def clashes(wanted: Collection[TakenDay], taken: Collection[TakenDay]) -> list[tuple[TakenDay, TakenDay]]:
    """Pairs of a wanted day and one of another event that has its room or a trainer of it at the same time."""
    return [
        (mine, theirs)
        for mine in wanted
        for theirs in taken
        if theirs.event_id != mine.event_id
        and overlap(mine, theirs)
        and (is_same_room(mine, theirs) or mine.person_ids & theirs.person_ids)
    ]


def is_same_room(one: TakenDay, other: TakenDay) -> bool:
    """Both are in this room. Events online share nothing."""
    return one.venue_id is not None and one.venue_id == other.venue_id
