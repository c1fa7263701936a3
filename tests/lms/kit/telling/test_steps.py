"""Steps of a funnel: whoever knows the rule finds no small number between two of them."""

from collections import defaultdict
from collections.abc import Hashable
from itertools import combinations, product

import pytest

from lms.kit.figures import rate_shown
from lms.kit.telling import steps
from lms.kit.telling.numbers import SMALL, Told, is_small
from lms.kit.telling.steps import added_steps, between, tell_steps

ORDER = (3, 2, 0, 1)
"""Answered, delivered, attended, invited."""


def shown(*numbers: int) -> tuple[str, ...]:
    return tuple(each.shown for each in tell_steps(numbers, ORDER))


def test_one_of_two_numbers_that_are_close_is_told_as_far_as_it_tells_nobody() -> None:
    assert shown(784, 778, 752, 293) == ("784", "778", "752", "293")
    assert shown(290, 288, 270, 100) == ("290", "286 to 289", "270", "100")
    assert shown(290, 290, 288, 100) == ("289 to 292", "289 to 292", "288", "100")
    assert shown(60, 60, 60, 58) == ("59 to 62", "59 to 62", "59 to 62", "58")
    assert shown(60, 60, 60, 60) == ("60", "60", "60", "60")


LOST = 22


def looks() -> list[tuple[Hashable, Hashable, int]]:
    """Every world in which so many are lost on the way, by how it looks: the small numbers that can be no other."""
    found: dict[Hashable, dict[Hashable, set[int]]] = defaultdict(lambda: defaultdict(set))
    edge = set()
    for lost in product(range(LOST + 1), repeat=3):
        if sum(lost) > LOST:
            continue
        numbers = [20 + sum(lost), 20 + lost[0] + lost[1], 20 + lost[0], 20]
        told = tell_steps(numbers, ORDER)
        edge |= {told} if sum(lost) > LOST - SMALL and told[0].number is None else set()
        for one, other in combinations(range(4), 2):
            found[told][one, other].add(numbers[one] - numbers[other])
    return [
        (look, pair, number)
        for look, pairs in found.items()
        for pair, known in pairs.items()
        if len(known) == 1 and look not in edge
        for number in known
        if is_small(number)
    ]


def test_nobody_finds_a_small_number_between_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way in which people are lost on the way; and a rule that says too much is found out."""
    assert looks() == []
    monkeypatch.setattr(steps, "_within", lambda numbers, place, exact: (numbers[place], numbers[place]))
    assert looks()


def test_sums_differences_and_shares_say_no_more_than_their_parts() -> None:
    half, other = tell_steps((290, 288, 270, 100), ORDER), tell_steps((50, 50, 40, 12), ORDER)
    year = added_steps([half, other])
    assert [each.shown for each in year] == ["340", "336 to 339", "310", "112"]
    assert (between(year[0], year[1]).shown, between(year[0], year[2]).shown) == ("fewer than 5", "30")
    assert rate_shown(year[3], year[2]) == "36.1%"
    assert rate_shown(year[1], year[0]) == "98.8% to 99.7%"
    small = tell_steps((60, 60, 60, 58), ORDER)
    assert rate_shown(small[3], small[2]) == "93.5% to 98.3%"
    assert rate_shown(small[1], small[0]) == "at least 95.2%"
    untold = tell_steps((60, 60, 52, 30), ORDER, untold=[0])
    assert [each.shown for each in untold] == ["hidden", "60", "52", "30"]
    assert rate_shown(untold[1], untold[0]) == "hidden"
    assert added_steps([untold, half])[0] == Told(None)
