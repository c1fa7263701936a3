"""Who is offered a free place, for how long, and what is held for a sector."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.booking.bookings.places.rules import (
    Room,
    WaitingClaim,
    WhyWaiting,
    goes_to_everybody,
    open_until,
    who_is_offered,
    why_waiting,
)
from lms.kit.working_days import is_working_day, london, wall_time

MORNING = wall_time(date(2026, 4, 9), time(9, 30))
EVENING = wall_time(date(2026, 4, 9), time(18, 0))


@pytest.mark.parametrize(
    ("starts_at", "made_before", "held_until"),
    [
        (MORNING, timedelta(days=10), MORNING - timedelta(days=9)),
        (MORNING, timedelta(hours=48), MORNING - timedelta(hours=24)),
        (EVENING, timedelta(hours=48), wall_time(date(2026, 4, 8), time(12))),
    ],
    ids=["a day", "at 48 hours still a day", "noon the day before is sooner"],
)
def test_an_offer_is_held_for_a_day_or_until_noon_the_day_before(
    starts_at: datetime, made_before: timedelta, held_until: datetime
) -> None:
    made_at = starts_at - made_before
    assert not goes_to_everybody(starts_at, made_at, 48)
    assert open_until(starts_at, made_at, 24) == held_until


def test_inside_48_elapsed_hours_it_goes_to_everybody_across_the_clock_change() -> None:
    starts = wall_time(date(2026, 3, 30), time(9, 30))  # clocks went forward on the 29th
    two_days_before = wall_time(date(2026, 3, 28), time(9, 30))
    assert goes_to_everybody(starts, two_days_before, 48), "only 47 hours are left"
    assert not goes_to_everybody(starts, starts - timedelta(hours=48), 48)


def test_held_places_are_for_their_sector_alone() -> None:
    room = Room(3, {1: 1}, {2: 2})
    assert (room.free, room.open_to(1), room.open_to(None), room.open_to(2)) == (2, 0, 0, 2)
    queue = [
        WaitingClaim(11, sector=1),
        WaitingClaim(12, sector=2),
        WaitingClaim(13, is_here=False, sector=2),
        WaitingClaim(14, sector=2),
    ]
    assert who_is_offered(queue, room, to_everybody=False) == [12, 14]
    assert why_waiting(WaitingClaim(15, sector=1), room, is_published=True) is WhyWaiting.HELD


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"claim": WaitingClaim(1, is_here=False)}, WhyWaiting.GONE),
        ({"is_published": False}, WhyWaiting.NOT_PUBLISHED),
        ({"offer": "held"}, WhyWaiting.OFFERED),
        ({"offer": "all"}, WhyWaiting.OFFERED_TO_ALL),
        ({"room": Room(1, {1: 1})}, WhyWaiting.FULL),
        ({"claim": WaitingClaim(1, is_reached=False)}, WhyWaiting.NOT_REACHED),
        ({"is_out_of_hours": True}, WhyWaiting.OUT_OF_HOURS),
        ({}, WhyWaiting.NEXT),
    ],
)
def test_everybody_who_waits_is_told_why(facts: dict[str, object], reason: WhyWaiting) -> None:
    usual = {"claim": WaitingClaim(1), "is_published": True, "room": Room(1)}
    assert why_waiting(**{**usual, **facts}) is reason  # type: ignore[arg-type]


SECTORS = st.sampled_from([None, 1, 2])


@given(
    capacity=st.integers(1, 12),
    taken=st.dictionaries(SECTORS, st.integers(0, 6)),
    holds=st.dictionaries(st.sampled_from([1, 2]), st.integers(1, 5)),
    queue=st.lists(st.builds(WaitingClaim, st.integers(1, 10**6), SECTORS, st.booleans(), st.booleans()), max_size=15),
)
def test_offers_never_exceed_the_free_places_nor_take_what_is_held(
    capacity: int, taken: dict[int | None, int], holds: dict[int, int], queue: list[WaitingClaim]
) -> None:
    queue = [WaitingClaim(place, each.sector, each.is_here, each.is_reached) for place, each in enumerate(queue)]
    room = Room(capacity, taken, holds)
    chosen = who_is_offered(queue, room, to_everybody=False)
    assert chosen == sorted(chosen)
    assert len(chosen) <= max(room.free, 0)
    by_sector = Counter(queue[each].sector for each in chosen)
    after = Room(capacity, Counter(taken) + by_sector, holds)
    for sector, number in by_sector.items():
        assert number <= room.open_to(sector)
        assert after.free >= after.held_for_others(sector) or after.free >= 0
    passed = [each for each in queue if each.can_be_asked and each.booking_id not in chosen]
    assert all(not after.open_to(each.sector) for each in passed), "no one waits beside a place they could have"


FRIDAY, MONDAY, WEDNESDAY = (datetime(2026, 3, day, tzinfo=UTC) for day in (20, 23, 25))
LONG_AFTER = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made_at", "hours", "ends"),
    [
        (FRIDAY + timedelta(hours=10), 2, FRIDAY + timedelta(hours=12)),
        (FRIDAY + timedelta(hours=10), 8, FRIDAY + timedelta(hours=18)),
        (FRIDAY + timedelta(hours=10), 24, WEDNESDAY + timedelta(hours=-24 + 14)),
        (FRIDAY + timedelta(hours=19), 1, MONDAY + timedelta(hours=9)),
        (datetime(2026, 4, 2, 16, tzinfo=UTC), 2, datetime(2026, 4, 7, 8, tzinfo=UTC)),  # over Easter, summer time
    ],
)
def test_in_office_hours_an_offer_runs_only_while_somebody_is_at_work(
    made_at: datetime, hours: int, ends: datetime
) -> None:
    assert open_until(LONG_AFTER, made_at, hours, in_office_hours=True) == ends


@given(
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),  # noqa: DTZ001
    hours=st.integers(1, 240),
)
def test_no_deadline_falls_in_the_night_or_on_a_weekend(since: datetime, hours: int) -> None:
    until = london(
        open_until(datetime(2028, 12, 1, tzinfo=UTC), since.replace(tzinfo=UTC), hours, in_office_hours=True)
    )
    assert time(8) < until.time() <= time(18)
    assert is_working_day(until.date())


def test_in_office_hours_the_last_answer_is_on_the_working_day_before() -> None:
    start = MONDAY + timedelta(hours=9)
    assert open_until(start, FRIDAY + timedelta(hours=9), 99) == MONDAY + timedelta(hours=-12)
    assert open_until(start, FRIDAY + timedelta(hours=9), 24, in_office_hours=True) == FRIDAY + timedelta(hours=12)
    assert goes_to_everybody(start, FRIDAY + timedelta(hours=12), 1, in_office_hours=True)
