"""Which events' answers come out together: never those of 1 to 4 people, and what came out stays as it was."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.kit.telling.numbers import is_small
from lms.kit.telling.releases import releases

COUNTED = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 12), st.integers(0, 2)), max_size=12)


WAITS = timedelta(days=6)


def on(day: int) -> date:
    return date(2026, 3, 1) + timedelta(days=day)


def in_days(events: list[tuple[str, int, int]]) -> list[tuple[int, str, int, date]]:
    """Events with the days on which they closed, in order."""
    day, made = 0, []
    for number, (course, answered, later) in enumerate(events):
        day += later
        made.append((number, course, answered, on(day)))
    return made


def test_small_events_wait_for_each_other_and_the_large_ones_for_nobody() -> None:
    counted = [(1, "A", 3, on(1)), (2, "A", 9, on(2)), (3, "B", 4, on(2)), (4, "A", 2, on(3)), (5, "A", 0, on(4))]
    assert releases(counted, WAITS) == [(2,), (1, 4), (5,)]


def test_what_closes_on_one_day_comes_out_in_one_night() -> None:
    counted = [(1, "A", 3, on(1)), (2, "A", 4, on(2)), (3, "A", 1, on(2)), (4, "A", 1, on(3))]
    assert releases(counted, WAITS) == [(1, 2, 3)]


def test_what_has_waited_too_long_is_gone_and_comes_out_with_nothing() -> None:
    counted = [(1, "A", 3, on(1)), (2, "A", 3, on(6)), (3, "A", 3, on(13)), (4, "A", 3, on(14))]
    assert releases(counted, WAITS) == [(1, 2), (3, 4)]
    assert releases(counted, timedelta(days=5)) == [(3, 4)]


@given(COUNTED)
def test_no_release_is_small_and_later_days_change_none(events: list[tuple[str, int, int]]) -> None:
    counted = in_days(events)
    told = releases(counted, WAITS)
    for release in told:
        assert not is_small(sum(counted[key][2] for key in release))
    assert len({key for release in told for key in release}) == sum(map(len, told))
    for day in {each[3] for each in counted}:
        earlier = releases((each for each in counted if each[3] <= day), WAITS)
        assert told[: len(earlier)] == earlier
