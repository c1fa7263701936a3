"""What the partnership says about free places: who is offered one, for how long, and what is held for whom. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from lms.kit.office_hours import hours_later, is_open, office_day_before
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
    is_reached: bool = True  # no offer came back from the address that they have

    @property
    def can_be_asked(self) -> bool:
        return self.is_here and self.is_reached


def who_is_offered(queue: Sequence[WaitingClaim], room: Room, *, to_everybody: bool) -> list[int]:
    """The bookings to which free places are offered now, in the order of the list.

    One place each; close to the start, every free place to everybody who could have it, and the first to accept has it.
    """
    chosen = []
    for each in queue:
        if not each.can_be_asked or not room.open_to(each.sector):
            continue
        chosen.append(each.booking_id)
        if not to_everybody:
            room = room.with_one_more(each.sector)
    return chosen


def goes_to_everybody(starts_at: datetime, now: datetime, hours: int, *, in_office_hours: bool = False) -> bool:
    """Inside so many elapsed hours before the start a free place is offered to everybody who waits."""
    return now > starts_at - timedelta(hours=hours) or now >= _last_answer(starts_at, in_office_hours=in_office_hours)


def may_be_held_now(now: datetime, *, in_office_hours: bool) -> bool:
    """Whether an offer that holds a place begins, or lapses, at this moment. To everybody one goes whatever the hour:
    nobody loses a turn by it, and the start is near."""
    return not in_office_hours or is_open(now)


def open_until(starts_at: datetime, now: datetime, held_hours: int, *, in_office_hours: bool = False) -> datetime:
    """Until when a place is held for the one it is offered to: so many hours, or noon the day before if sooner.

    `in_office_hours`: only those from 08:00 to 18:00 on working days count.
    """
    ends = hours_later(now, held_hours) if in_office_hours else now + timedelta(hours=held_hours)
    return min(ends, _last_answer(starts_at, in_office_hours=in_office_hours))


def _last_answer(starts_at: datetime, *, in_office_hours: bool) -> datetime:
    """Noon on the day before the start; on the working day before it, where offers keep to office hours."""
    first_day = london_date(starts_at)
    return wall_time(office_day_before(first_day) if in_office_hours else first_day - timedelta(days=1), OFFER_NOON)


class WhyWaiting(StrEnum):
    """Why somebody in the list does not have a place, for the coordinator's eyes."""

    GONE = "has left, or the record was merged"
    NOT_PUBLISHED = "the event does not take bookings now"
    OFFERED = "a place is held for them until they answer"
    OFFERED_TO_ALL = "a place is offered to everyone who waits; the first to accept has it"
    FULL = "every place is taken, or held for someone who has not answered yet"
    HELD = "the free places are held for another sector"
    NOT_REACHED = "our offer came back: telephone them, then give the place by hand"
    OUT_OF_HOURS = "is offered a place when office hours begin"
    NEXT = "is offered a place as soon as anything changes"


def why_waiting(
    claim: WaitingClaim, room: Room, *, is_published: bool, offer: str = "", is_out_of_hours: bool = False
) -> WhyWaiting:
    """Why a person still waits. `offer`: "held" or "all" while one is open to them."""
    reasons = (
        (not claim.is_here, WhyWaiting.GONE),
        (not is_published, WhyWaiting.NOT_PUBLISHED),
        (offer == "held", WhyWaiting.OFFERED),
        (bool(offer), WhyWaiting.OFFERED_TO_ALL),
        (room.free <= 0, WhyWaiting.FULL),
        (not room.open_to(claim.sector), WhyWaiting.HELD),
        (not claim.is_reached, WhyWaiting.NOT_REACHED),
        (is_out_of_hours, WhyWaiting.OUT_OF_HOURS),
    )
    return next((why for is_so, why in reasons if is_so), WhyWaiting.NEXT)
