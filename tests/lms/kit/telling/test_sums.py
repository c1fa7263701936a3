"""Small numbers in tables that add up to each other: nobody works one out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kit.telling.numbers import SMALL, is_silent, is_small
from lms.kit.telling.sums import LEFT_OPEN, Protected, protect, protect_sums


def known(hidden: frozenset[str], sums: list[tuple[str, tuple[str, ...]]]) -> set[str]:
    """The hidden cells that follow from all that is shown, by every combination of the sums: linear algebra."""
    cells = sorted(hidden)
    rows = [[Fraction(parts.count(each) - (total == each)) for each in cells] for total, parts in sums]
    solved, place = [], 0
    for column in range(len(cells)):
        at = next((n for n in range(place, len(rows)) if rows[n][column]), None)
        if at is None:
            continue
        rows[place], rows[at] = rows[at], rows[place]
        rows[place] = [value / rows[place][column] for value in rows[place]]
        for n, row in enumerate(rows):
            if n != place and row[column]:
                rows[n] = [mine - row[column] * theirs for mine, theirs in zip(row, rows[place], strict=True)]
        solved.append(column)
        place += 1
    return {cells[column] for n, column in enumerate(solved) if sum(map(bool, rows[n])) == 1}


def tables(numbers: list[int]) -> tuple[dict[str, int], list[tuple[str, tuple[str, ...]]]]:
    """Two sectors of two agencies, those who came and those who did not, in two quarters and the year."""
    atoms = iter(numbers)
    cells: dict[str, int] = {}
    sums = []
    quarters, kinds, agencies = "12", ("came", "not"), ("a1", "a2", "b1", "b2")
    cells |= {f"{a} {k} {q}": next(atoms) for a in agencies for k in kinds for q in quarters}
    for q in quarters:
        for k in kinds:
            for sector in "ab":
                sums.append((f"{sector} {k} {q}", tuple(f"{sector}{n} {k} {q}" for n in "12")))
            sums.append((f"all {k} {q}", (f"a {k} {q}", f"b {k} {q}")))
    rows = [*agencies, "a", "b", "all"]
    sums += [(f"{row} booked {q}", tuple(f"{row} {k} {q}" for k in kinds)) for row in rows for q in quarters]
    for row in rows:
        for k in (*kinds, "booked"):
            sums.append((f"{row} {k} year", tuple(f"{row} {k} {q}" for q in quarters)))
    for total, parts in sums:
        cells[total] = sum(cells[part] for part in parts)
    return cells, sums


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=16, max_size=16))
def test_no_small_number_follows_from_anything_that_is_shown(numbers: list[int]) -> None:
    cells, sums = tables(numbers)
    hidden = protect_sums(cells, sums)
    assert all(cell in hidden for cell, number in cells.items() if is_small(number))
    assert not {cell for cell in known(hidden, sums) if is_small(cells[cell])}


def test_large_numbers_are_all_told_and_zero_is_zero() -> None:
    cells, sums = tables([20, 5, 0, 7, 30, 6, 0, 0, 9, 9, 9, 9, 0, 12, 8, 5])
    assert protect_sums(cells, sums) == frozenset()


def test_two_small_numbers_that_can_be_no_other_hide_a_third() -> None:
    numbers = {"a": 1, "b": 1, "c": 30, "sum": 32}
    assert protect_sums(numbers, [("sum", ("a", "b", "c"))]) == {"a", "b", "c"}


def test_what_people_look_for_first_is_hidden_last() -> None:
    numbers = {"came": 20, "cancelled": 9, "not": 3, "booked": 32}
    hidden = protect_sums(numbers, [("booked", ("came", "cancelled", "not"))], lambda cell: int(cell == "cancelled"))
    assert hidden == {"not", "came"}


@pytest.mark.parametrize(("columns", "most"), [(3, 18), (4, 13)])
def test_what_goes_with_a_small_number_does_not_say_how_large_it_is(columns: int, most: int) -> None:
    """Every column up to a sum, tried out by somebody who knows in which order numbers go.

    "Fewer than 5" and a hidden number, nine together, beside five: if the smaller one went, it would be five.
    """
    looks: dict[tuple[int | str, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in range(columns)])
    for numbers in product(range(most + 1), repeat=columns):
        if SMALL <= sum(numbers) <= most:
            cells = dict(enumerate((*numbers, sum(numbers))))
            hidden = protect_sums(cells, [(columns, tuple(range(columns)))], covers=True, apart=LEFT_OPEN)
            look = tuple(read(number, is_hidden=place in hidden) for place, number in cells.items())
            for known, number in zip(looks[look], numbers, strict=False):
                known.add(number)
    assert not [look for look, known in looks.items() for each in known if len(each) == 1 and is_small(min(each))]


def read(number: int, *, is_hidden: bool) -> int | str:
    return ("few" if is_small(number) else "hidden") if is_hidden else number


BOUNDS = ([9, 9, 9], [3, 12, 12], [1, 2, 12], [1, 8, 12], [6, 7, 5], [4, 4, 4])


@pytest.mark.parametrize("bounds", BOUNDS)
def test_no_bound_beside_a_column_tells_what_is_hidden_in_it(bounds: list[int]) -> None:
    """Every column of three numbers under these bounds: each small one, and each of very few, has another value."""
    for numbers in product(*[range(bound + 1) for bound in bounds]):
        shown = protect(numbers, bounds)
        for place, possible in enumerate(values(numbers, bounds, shown)):
            assert len(possible) > 1 or not (is_small(numbers[place]) or is_silent(bounds[place])), (numbers, shown)


def values(numbers: Sequence[int], bounds: Sequence[int], shown: Protected) -> list[set[int]]:
    """All values that each number can have for somebody who sees the column, its sum and its bounds: tried out."""
    has_silent = any(is_silent(bound) for bound in bounds)
    found: list[set[int]] = [set() for _ in numbers]
    columns = [
        [number] if place not in shown.hidden else list(readings(number, bound, has_silent=has_silent))
        for place, (number, bound) in enumerate(zip(numbers, bounds, strict=True))
    ]
    for world in product(*columns):
        if shown.total.number in (None, sum(world)):
            for place, number in enumerate(world):
                found[place].add(number)
    return found


def readings(number: int, bound: int, *, has_silent: bool) -> Iterable[int]:
    """What a hidden number can be by how it reads: nothing is said beside a small bound, otherwise small or not."""
    if is_silent(bound):
        return range(bound + 1)
    if is_small(number):
        return range(1, min(4, bound) + 1)
    return [each for each in range(bound + 1) if each > 4 or (has_silent and not each)]


def test_of_one_who_was_asked_not_even_fewer_than_five_is_said() -> None:
    shown = protect([1, 20, 9], [1, 30, 12])
    assert [shown.at(place).shown for place in range(3)] == ["hidden", "hidden", "9"]
    assert shown.total.shown == "30"


def test_two_sums_together_corner_a_number_that_neither_tells_alone() -> None:
    """x and y are 20, y and z are 17: with x and z from 1 to 4, y can only be 16."""
    numbers = {"x": 4, "y": 16, "z": 1, "one": 20, "other": 17}
    hidden = protect_sums(numbers, [("one", ("x", "y")), ("other", ("y", "z"))])
    assert {"x", "y", "z"} < hidden
