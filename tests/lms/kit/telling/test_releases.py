"""Which events' answers come out together: never those of 1 to 4 people, and what came out stays as it was."""

from hypothesis import given
from hypothesis import strategies as st

from lms.kit.telling.numbers import is_small
from lms.kit.telling.releases import releases

COUNTED = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 12), st.integers(0, 2)), max_size=12)


def in_days(events: list[tuple[str, int, int]]) -> list[tuple[int, str, int, int]]:
    """Events with the days on which they closed, in order."""
    day, made = 0, []
    for number, (course, answered, later) in enumerate(events):
        day += later
        made.append((number, course, answered, day))
    return made


def test_small_events_wait_for_each_other_and_the_large_ones_for_nobody() -> None:
    counted = [(1, "A", 3, 1), (2, "A", 9, 2), (3, "B", 4, 2), (4, "A", 2, 3), (5, "A", 0, 4)]
    assert releases(counted) == [(2,), (1, 4), (5,)]


def test_what_closes_on_one_day_comes_out_in_one_night() -> None:
    assert releases([(1, "A", 3, 1), (2, "A", 4, 2), (3, "A", 1, 2), (4, "A", 1, 3)]) == [(1, 2, 3)]


@given(COUNTED)
def test_no_release_is_small_and_later_days_change_none(events: list[tuple[str, int, int]]) -> None:
    counted = in_days(events)
    told = releases(counted)
    for release in told:
        assert not is_small(sum(counted[key][2] for key in release))
    assert len({key for release in told for key in release}) == sum(map(len, told))
    for day in range(counted[-1][3] if counted else 0):
        earlier = releases(each for each in counted if each[3] <= day)
        assert told[: len(earlier)] == earlier
