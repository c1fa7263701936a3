"""How a demonstration event filled: people ask, some give up, and whoever waits moves up. No database, no people."""

from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from random import Random

from courses.booking.bookings.rules import BookingState
from lms.kit.working_days import london, wall_time

FIRST_HOUR, HOURS_OF_DAY = 7, 14
SHARE_LATE = 0.3


@dataclass(eq=False)
class InventedClaim:
    """One claim as it stands in the end."""

    asked_at: datetime
    gives_up_at: datetime | None = None
    state: BookingState = BookingState.WAITING
    place: int | None = None
    queued_at: datetime | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class ClaimMoments:
    """The moments that matter to an event's claims, none of them later than now."""

    opens: datetime
    closes: datetime
    free_until: datetime
    starts: datetime


def ask(random: Random, span: ClaimMoments, number: int, giving_up: int) -> list[InventedClaim]:
    """So many claims in the order of asking; some of them will give up."""
    claims = [InventedClaim(asked_at) for asked_at in sorted(_asked_at(random, span) for _ in range(number))]
    for claim in random.sample(claims, giving_up):
        claim.gives_up_at = _gives_up_at(random, span, claim.asked_at)
    return claims


def _asked_at(random: Random, span: ClaimMoments) -> datetime:
    """Some time while booking is open, sooner rather than later, and by day."""
    moment = span.opens + (span.closes - span.opens) * random.betavariate(1.1, 1.7)
    by_day = _by_day(random, moment)
    return by_day if span.opens < by_day < span.closes else moment.replace(microsecond=0)


def _by_day(random: Random, moment: datetime) -> datetime:
    minutes = FIRST_HOUR * 60 + int(random.random() * HOURS_OF_DAY * 60)
    at = london(moment).time().replace(hour=minutes // 60, minute=minutes % 60, microsecond=0)
    return wall_time(london(moment).date(), at)


def _gives_up_at(random: Random, span: ClaimMoments, asked_at: datetime) -> datetime:
    """Most cancel while it is free, some after that."""
    is_late = span.free_until < span.starts and random.random() < SHARE_LATE
    since = max(asked_at, span.free_until) if is_late else asked_at
    until = span.starts if is_late or span.free_until <= asked_at else min(span.free_until, span.starts)
    return (since + (until - since) * random.uniform(0.1, 0.9)).replace(microsecond=0)


def fill(claims: list[InventedClaim], capacity: int) -> None:
    """Live through it: a claim takes the lowest free place or waits, and a freed place goes to the first waiting."""
    places = list(range(1, capacity + 1))
    heapify(places)
    queue: list[InventedClaim] = []
    asked = [(claim.asked_at, True, at, claim) for at, claim in enumerate(claims)]
    given_up = [(claim.gives_up_at, False, at, claim) for at, claim in enumerate(claims) if claim.gives_up_at]
    for moment, is_asking, _, claim in sorted(asked + given_up, key=lambda happening: happening[:3]):
        if is_asking:
            claim.queued_at = None if places else moment
            queue.append(claim)
        else:
            if claim in queue:
                queue.remove(claim)
            elif claim.place is not None:
                heappush(places, claim.place)
            claim.state, claim.place = BookingState.CANCELLED, None
        while places and queue:
            first = queue.pop(0)
            first.state, first.place, first.confirmed_at = BookingState.CONFIRMED, heappop(places), moment
