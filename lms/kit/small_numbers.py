"""Small numbers of people, hidden so that nobody can work them out by subtracting. Pure."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

SMALL = 5
"""1 to 4 people are "fewer than 5"."""


@dataclass(frozen=True)
class Protected:
    """Which numbers of a table are hidden: small ones, ones that would give a small one away, or even their sum."""

    small: frozenset[int]
    hidden: frozenset[int]
    is_total_hidden: bool


def is_small(number: int) -> bool:
    """One to four people."""
    return 0 < number < SMALL


def protect(numbers: Sequence[int]) -> Protected:
    """Hide the small numbers, and as many of the next larger as it takes for the sum not to give them away."""
    small = frozenset(place for place, number in enumerate(numbers) if is_small(number))
    hidden = set(small)
    larger = sorted((number, place) for place, number in enumerate(numbers) if number >= SMALL)
    while not _is_open(numbers, small, hidden):
        if not larger:
            return Protected(small, frozenset(hidden), is_total_hidden=True)
        hidden.add(larger.pop(0)[1])
    return Protected(small, frozenset(hidden), is_total_hidden=is_small(sum(numbers)))


def _is_open(numbers: Sequence[int], small: frozenset[int], hidden: set[int]) -> bool:
    """Whether each small number could be another one, for a reader who subtracts what is shown from the sum."""
    total = sum(numbers[place] for place in hidden)
    others_small, others_larger = len(small) - 1, len(hidden) - len(small)
    least = others_small + SMALL * others_larger
    most = others_small * (SMALL - 1) if not others_larger else total
    return not small or sum(1 for one in range(1, SMALL) if least <= total - one <= most) > 1


Cell = TypeVar("Cell", bound=Hashable)
Sum = tuple[Cell, tuple[Cell, ...]]
"""A cell, and the cells that add up to it."""


def protect_sums(
    numbers: Mapping[Cell, int], sums: Sequence[Sum[Cell]], rank: Callable[[Cell], int] = lambda _: 0
) -> frozenset[Cell]:
    """Which cells of tables that add up to each other are hidden: the small ones, and as many others as it takes.

    Sums may run any way: agencies to their sector, quarters to their year, those who came and those who did not to
    all who had booked. Whoever knows everything that is shown finds no small number by any combination of the sums.
    Where something larger has to go, it is what has the lowest `rank`, a part rather than a sum, the smallest first.
    """
    sums_with: dict[Cell, list[int]] = defaultdict(list)
    for place, (total, parts) in enumerate(sums):
        for cell in (total, *parts):
            sums_with[cell].append(place)
    totals = {total for total, _ in sums}

    def larger_in(places: Iterable[int], hidden: set[Cell]) -> Cell | None:
        found = [
            cell
            for place in places
            for cell in (*sums[place][1], sums[place][0])
            if cell not in hidden and numbers[cell] >= SMALL
        ]
        return min(found, key=lambda cell: (rank(cell), cell in totals, numbers[cell]), default=None)

    hidden = {cell for cell, number in numbers.items() if is_small(number)}
    waiting = {place for cell in hidden for place in sums_with[cell]}
    while waiting:
        place = waiting.pop()
        while _gives_away(numbers, *sums[place], hidden):
            chosen = larger_in([place], hidden)
            if chosen is None:
                break
            hidden.add(chosen)
            waiting.update(sums_with[chosen])
        for cell in () if waiting else _solved(hidden, sums):
            chosen = _first(larger_in(near, hidden) for near in _around(cell, sums, sums_with))
            if is_small(numbers[cell]) and chosen is not None:
                hidden.add(chosen)
                waiting.update(sums_with[chosen])
    return frozenset(hidden)


def _around(cell: Cell, sums: Sequence[Sum[Cell]], sums_with: Mapping[Cell, list[int]]) -> Iterator[set[int]]:
    """The sums that a cell is in, then those of the cells that it is added up with, and so on, ever wider."""
    near, seen = set(sums_with[cell]), 0
    while len(near) > seen:
        yield near
        seen = len(near)
        near |= {each for place in near for other in (*sums[place][1], sums[place][0]) for each in sums_with[other]}


def _first(found: Iterable[Cell | None]) -> Cell | None:
    return next((each for each in found if each is not None), None)


PRIME = 2_147_483_647
"""Elimination with whole numbers modulo a prime is exact enough here: coefficients are 1 and -1, and it is fast."""


def _solved(hidden: set[Cell], sums: Sequence[Sum[Cell]]) -> list[Cell]:
    """The hidden cells that all sums together tell: what elimination leaves alone in an equation."""
    reduced: dict[Cell, dict[Cell, int]] = {}
    for total, parts in sums:
        row: dict[Cell, int] = {}
        for cell, sign in ((total, -1), *((part, 1) for part in parts)):
            if cell in hidden:
                _add(row, _without(reduced[cell], cell) if cell in reduced else {cell: 1}, sign)
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, PRIME)
        row = {cell: value * inverse % PRIME for cell, value in row.items()}
        for other in reduced.values():
            if pivot in other:
                _add(other, row, -other[pivot])
        reduced[pivot] = row
    return [pivot for pivot, row in reduced.items() if len(row) == 1]


def _without(row: Mapping[Cell, int], pivot: Cell) -> dict[Cell, int]:
    """What a solved cell is by the others: its equation turned round, less what is known."""
    return {cell: -value % PRIME for cell, value in row.items() if cell != pivot}


def _add(row: dict[Cell, int], other: Mapping[Cell, int], times: int) -> None:
    for cell, value in other.items():
        left = (row.get(cell, 0) + value * times) % PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


def _gives_away(numbers: Mapping[Cell, int], total: Cell, parts: Sequence[Cell], hidden: set[Cell]) -> bool:
    """Whether what is shown tells what is hidden: the only one missing, or a small one that can be no other."""
    unknown = [cell for cell in (*parts, total) if cell in hidden]
    if len(unknown) < 2:
        return bool(unknown)
    at_least, at_most = 0.0, 0.0  # what the parts add up to, less the sum, as far as one can know
    bounds = {}
    for cell in (*parts, total):
        low, high = _bounds(numbers[cell], is_hidden=cell in hidden)
        bounds[cell] = (low, high)
        at_least += -high if cell == total else low
        at_most += -low if cell == total else high
    return any(_is_certain(bounds[cell], at_least, at_most, is_total=cell == total) for cell in unknown)


def _bounds(number: int, *, is_hidden: bool) -> tuple[float, float]:
    if not is_hidden:
        return number, number
    return (1, SMALL - 1) if is_small(number) else (SMALL, inf)


def _is_certain(bounds: tuple[float, float], at_least: float, at_most: float, *, is_total: bool) -> bool:
    """Whether a small number can have one value only, so that parts and sum agree."""
    low, high = bounds
    if high == inf:
        return False
    others_least = at_least + high if is_total else at_least - low
    others_most = at_most + low if is_total else at_most - high
    possible = [
        one for one in range(int(low), int(high) + 1) if others_least <= (one if is_total else -one) <= others_most
    ]
    return len(possible) == 1
