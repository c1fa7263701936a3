"""Small numbers in tables that add up to each other: nobody works one out."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kit.small_numbers import is_small, protect_sums


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
