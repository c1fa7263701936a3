"""Small agencies are told together, large ones are not hidden for their sake, and nobody finds a small one."""

from collections import defaultdict
from collections.abc import Hashable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.telling.lines import OWN_LINE, added_up, lines_of, lines_over, others_named
from lms.kit.telling.numbers import is_small


def test_small_agencies_are_one_line_and_the_large_ones_stay() -> None:
    assert lines_of({"police": [80], "school": [3], "nursery": [9], "trust": [30]}) == [
        ("police",),
        ("trust",),
        ("nursery", "school"),
    ]
    assert lines_of({"police": [80], "school": [3], "trust": [30]}) == [("police",), ("school", "trust")]
    assert lines_of({"police": [80, 9], "trust": [90, 2]}) == [("police", "trust")]
    assert others_named(6, "agency", "agencies") == "6 other agencies"


def test_what_is_together_in_one_half_is_together_in_the_year() -> None:
    halves: list[list[tuple[str, ...]]] = [[("a",), ("b", "c")], [("c",), ("a",), ("d",)]]
    assert lines_over(halves) == [("b", "c"), ("a",), ("d",)]


@pytest.mark.parametrize("most", [[14, 14, 14], [30, 12, 6]])
def test_somebody_who_knows_the_rule_finds_no_small_number(most: list[int]) -> None:
    """Every table of three agencies: each small number that its lines and sums hide has another value."""
    looks: dict[Hashable, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for numbers in product(*(range(each + 1) for each in most)):
        if sum(numbers) < OWN_LINE:
            continue
        lines = lines_of({place: [number] for place, number in enumerate(numbers)})
        look = tuple((line, sum(numbers[place] for place in line)) for line in sorted(lines))
        for place, number in enumerate(numbers):
            looks[look][place].add(number)
    alone = [(look, each) for look, known in looks.items() for each in known.values() if len(each) == 1]
    assert not [(look, each) for look, each in alone if is_small(min(each))]


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 40), min_size=2, max_size=2), min_size=1))
def test_every_line_is_told_unless_all_of_them_are_too_few(numbers: dict[int, list[int]]) -> None:
    lines = lines_of(numbers)
    assert sorted(name for line in lines for name in line) == sorted(numbers)
    if len(lines) > 1:
        for line in lines:
            assert not [number for number in added_up(numbers[name] for name in line) if is_small(number)]
