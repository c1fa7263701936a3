"""What may be told together: neither those who did nor those who did not are ever 1 to 4 people."""

from hypothesis import given
from hypothesis import strategies as st

from lms.kit.telling.numbers import is_small
from lms.kit.telling.releases import releases, releases_of_both, told_within


def of(*keys: int) -> frozenset[int]:
    return frozenset(keys)


def test_few_who_did_not_wait_although_many_did() -> None:
    assert releases_of_both([(1, "A", 20, 3)]) == []
    assert releases_of_both([(1, "A", 20, 3), (2, "A", 5, 2)]) == [of(1, 2)]
    assert releases_of_both([(1, "A", 5, 0), (2, "A", 5, 5), (3, "A", 4, 9)]) == [of(1), of(2)]


def test_what_waits_waits_for_its_own_course() -> None:
    assert releases_of_both([(1, "A", 4, 6), (2, "B", 6, 6), (3, "A", 1, 0)]) == [of(2), of(1, 3)]
    assert releases([(1, "A", 4), (2, "B", 4), (3, "A", 4)]) == [of(1, 3)]


def test_nobody_is_told_at_once_and_lets_the_others_wait() -> None:
    assert releases_of_both([(1, "A", 3, 9), (2, "A", 0, 3), (3, "A", 2, 0)]) == [of(2), of(1, 3)]


def test_a_selection_holds_a_release_wholly_or_not_at_all() -> None:
    assert told_within([1, 2, 3], [of(1, 2), of(3, 4)]) == of(1, 2)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 12), st.integers(0, 12))))
def test_no_release_is_small_and_later_events_change_none(events: list[tuple[str, int, int]]) -> None:
    counted = [(number, *event) for number, event in enumerate(events)]
    told = releases_of_both(counted)
    for release in told:
        did = sum(counted[key][2] for key in release)
        did_not = sum(counted[key][3] for key in release)
        assert not is_small(did)
        assert did == 0 or not is_small(did_not)
    assert releases_of_both(counted[:-1]) == told[: len(releases_of_both(counted[:-1]))]
