"""Parts of a whole: whoever knows the rule and sees every line, every size and the sum finds no small number."""

from collections import defaultdict
from collections.abc import Hashable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.telling.numbers import SMALL, is_small
from lms.kit.telling.shares import Share, tell_parts
from tests.adversary import Adversary

WHOLES = st.lists(st.integers(10, 40).flatmap(lambda of: st.tuples(st.just(of), st.integers(0, of))), max_size=6)


def told(wholes: list[int], parts: list[int]) -> tuple[str, ...]:
    """How each row reads, and all together."""
    rows = range(len(wholes))
    found = tell_parts(
        {"all": sum(wholes), **dict(zip(map(str, rows), wholes, strict=True))},
        {"all": sum(parts), **dict(zip(map(str, rows), parts, strict=True))},
        [("all", tuple(map(str, rows)))],
    )
    return tuple(each.shown for each in found.parts.values())


def test_a_large_number_is_told_as_far_as_it_tells_nobody_of_a_small_one() -> None:
    assert told([20, 15, 12], [12, 13, 6]) == ("31", "12", "most of 15", "5 to 7")
    assert told([40, 30], [2, 15]) == ("17", "fewer than 5", "13 to 16")
    assert told([8], [3]) == ("hidden", "hidden")
    assert Share(84, 82, None).shown == "82 of 84"


@pytest.mark.parametrize("wholes", [[10, 11], [12, 20], [10, 12, 14]])
def test_every_table_that_looks_the_same_has_another_number_where_it_is_small(wholes: list[int]) -> None:
    """All of them, tried out by somebody who knows the rule."""
    looks: dict[Hashable, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for parts in product(*(range(of + 1) for of in wholes)):
        look = told(wholes, list(parts))
        for place, number in enumerate(parts):
            looks[look][place].add(number)
    found = [
        (look, place, numbers)
        for look, known in looks.items()
        for place, numbers in known.items()
        if len(numbers) == 1 and (is_small(min(numbers)) or is_small(wholes[place] - min(numbers)))
    ]
    assert not found


def test_of_a_sum_of_very_few_no_line_says_whether_it_has_any() -> None:
    """Four of "fewer than 5" that are "fewer than 5" together would be one each; and so those who are left out."""
    for few in ([1, 1, 1, 1], [4, 0, 0, 0]):
        assert told([10] * 4, few) == ("fewer than 5",) * 5
        assert told([10] * 4, [10 - each for each in few]) == ("most of 40", *["most of 10"] * 4)
    assert told([10] * 4, [0] * 4) == ("0",) * 5


@given(WHOLES)
def test_no_small_number_follows_from_sizes_lines_and_the_sum(rows: list[tuple[int, int]]) -> None:
    wholes, parts = [of for of, _ in rows], [number for _, number in rows]
    truth = {str(place): number for place, number in enumerate(parts)}
    known = Adversary(truth)
    shown = told(wholes, parts)
    known.read(dict.fromkeys(truth, 1), shown[0])
    left = sum(wholes) - sum(parts)
    for (name, _), words, of in zip(truth.items(), shown[1:], wholes, strict=True):
        known.is_told({name: 1}, 0, of)
        if is_small(sum(parts)):  # then a line may have nobody
            known.is_told({name: 1}, 0, SMALL - 1)
        elif is_small(left):  # then it may leave out nobody
            known.is_told({name: 1}, of - SMALL + 1, of)
        else:
            known.read({name: 1}, words)
    small = [{name: 1} for (name, number), of in zip(truth.items(), wholes, strict=True)
             if is_small(number) or is_small(of - number)]  # fmt: skip
    assert known.finds(small) == []
