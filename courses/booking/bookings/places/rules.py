"""What the partnership says about free places: who is offered one, for how long, and what is held for whom. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from lms.kit.working_days import london_date, wall_time


class OfferEnd(StrEnum):
    """How an offer ended. Withdrawn: the place went to somebody quicker, or the event or the claim changed."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


OFFER_NOON = time(12)
"""A held place is answered by noon on the day before the start, if its hours do not end sooner."""
OFFERS_OF_ONE_CLAIM = 2
"""A lapsed offer returns to its old position once; the second time the claim ends."""


@dataclass(frozen=True)
class Room:
    """An event's places: how many there are, how many are taken by sector (held offers too), and held for a sector."""

    capacity: int
    taken: Mapping[int | None, int] = field(default_factory=dict)
    holds: Mapping[int, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        """Places that nobody has, held ones included; negative in an over-booked event."""
        return self.capacity - sum(self.taken.values())

    def held_for_others(self, sector: int | None) -> int:
        """Places that are held for other sectors and not used by them yet."""
        return sum(max(places - self.taken.get(each, 0), 0) for each, places in self.holds.items() if each != sector)

    def open_to(self, sector: int | None) -> int:
        """How many of the free places somebody of this sector can have."""
        return max(self.free - self.held_for_others(sector), 0)

    def with_one_more(self, sector: int | None) -> "Room":
        """After somebody of this sector has taken one."""
        return replace(self, taken={**self.taken, sector: self.taken.get(sector, 0) + 1})


@dataclass(frozen=True)
class WaitingClaim:
    """Somebody in the list as these rules see them."""

    booking_id: int
    sector: int | None = None
    is_here: bool = True


def who_is_offered(queue: Sequence[WaitingClaim], room: Room, *, to_everybody: bool) -> list[int]:
    """The bookings to which free places are offered now, in the order of the list.

    One place each; close to the start, every free place to everybody who could have it, and the first to accept has it.
    """
    chosen = []
    for each in queue:
        if not each.is_here or not room.open_to(each.sector):
            continue
        chosen.append(each.booking_id)
        if not to_everybody:
            room = room.with_one_more(each.sector)
    return chosen


def goes_to_everybody(starts_at: datetime, now: datetime, hours: int) -> bool:
    """Inside so many elapsed hours before the start a free place is offered to everybody who waits."""
    return now > starts_at - timedelta(hours=hours) or now >= _noon_before(starts_at)


def open_until(starts_at: datetime, now: datetime, held_hours: int) -> datetime:
    """Until when a place is held for the one it is offered to: so many hours, or noon the day before if sooner."""
    return min(now + timedelta(hours=held_hours), _noon_before(starts_at))


def _noon_before(starts_at: datetime) -> datetime:
    return wall_time(london_date(starts_at) - timedelta(days=1), OFFER_NOON)


class WhyWaiting(StrEnum):
    """Why somebody in the list does not have a place, for the coordinator's eyes."""

    GONE = "has left, or the record was merged"
    NOT_PUBLISHED = "the event does not take bookings now"
    OFFERED = "a place is held for them until they answer"
    OFFERED_TO_ALL = "a place is offered to everybody who waits; the first to accept has it"
    FULL = "every place is taken, or held for somebody who has not answered yet"
    HELD = "the free places are held for another sector"
    NEXT = "is offered a place as soon as anything changes"


def why_waiting(*, is_here: bool, is_published: bool, room: Room, sector: int | None, offer: str = "") -> WhyWaiting:
    """Why a person still waits. `offer`: "held" or "all" while one is open to them."""
    if not is_here:
        return WhyWaiting.GONE
    if not is_published:
        return WhyWaiting.NOT_PUBLISHED
    if offer:
        return WhyWaiting.OFFERED if offer == "held" else WhyWaiting.OFFERED_TO_ALL
    if room.free <= 0:
        return WhyWaiting.FULL
    return WhyWaiting.NEXT if room.open_to(sector) else WhyWaiting.HELD
