"""Tables of numbers of people that add up to each other, so told that nobody works a small one out. Pure."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import Generic, TypeVar

from lms.kit.telling.numbers import SMALL, Told, is_silent, is_small

Cell = TypeVar("Cell", bound=Hashable)
Sum = tuple[Cell, tuple[Cell, ...]]
"""A cell, and the cells that add up to it."""
Range = tuple[float, float]
LEFT_OPEN = 2
"""How far `apart` is enough: that something larger goes with a number that can be no other would say which it is."""


@dataclass(frozen=True)
class Protected:
    """A column of numbers as it is told: small ones are hidden, ones that would give a small one away, or their sum."""

    numbers: tuple[int, ...]
    small: frozenset[int]
    hidden: frozenset[int]
    is_total_hidden: bool
    has_silent: bool = False

    def at(self, place: int) -> Told:
        """One number of the column."""
        return Told(None, place in self.small) if place in self.hidden else Told(self.numbers[place])

    @property
    def total(self) -> Told:
        """All of them together. That it is small is said only where it says nothing of very few who were asked."""
        number = sum(self.numbers)
        return Told(None, is_small(number) and not self.has_silent) if self.is_total_hidden else Told(number)


def protect(numbers: Sequence[int], bounds: Sequence[int] | None = None) -> Protected:
    """Hide the small numbers of one column, and others, by their place, until the sum does not tell them.

    `bounds`: how many each could be at most, where that stands beside it.
    """
    cells = dict(enumerate(numbers))
    known = {} if bounds is None else dict(enumerate(bounds))
    total, table = len(numbers), {**cells, len(numbers): sum(numbers)}
    hidden = protect_sums(table, [(total, tuple(cells))], lambda place: place, known, apart=LEFT_OPEN)
    small = frozenset(place for place in cells if is_small(numbers[place]) and not is_silent(known.get(place)))
    has_silent = any(is_silent(bound) for bound in known.values())
    return Protected(tuple(numbers), small, hidden - {total}, total in hidden, has_silent)


def protect_sums(
    numbers: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    rank: Callable[[Cell], float] = lambda _: 0,
    bounds: Mapping[Cell, int] | None = None,
    unshown: Iterable[Cell] = (),
    before: "ToldBefore[Cell] | None" = None,
    *,
    covers: bool = False,
    apart: int = 1,
) -> frozenset[Cell]:
    """Which cells of tables that add up to each other are hidden: the small ones, and as many others as it takes.

    Sums may run any way: agencies to their sector, quarters to their year, those who came and those who did not to
    all who had booked. `bounds` are what stands beside a cell and says how many it could be at most (those asked, an
    audience): where that is below 5, nothing is told of the cell, whatever it is. Whoever knows everything that is
    shown, and these rules, finds no small number by any combination of the sums, nor by the bounds. `unshown` are cells
    that stand nowhere, but that others add up from: how they read tells nothing. `before` is what was told earlier and
    is known for good: what was told hides nothing any more, and what was hidden stays hidden. `covers`: small
    ones never add up by themselves, so that whether something larger goes with them does not tell their sum. `apart`:
    how far apart the numbers that are left to a small one lie at least; `LEFT_OPEN` where readers know these rules.
    Where something larger has to go, it is what has the lowest `rank`, a part rather than a sum, and then what stands
    first by its name, an order that no number decides: the smallest would say that all others are larger.
    """
    earlier = before or ToldBefore()
    table = _Grid(numbers, sums, bounds or {}, frozenset(unshown) - earlier.known, earlier, covers=covers, apart=apart)
    totals = {total for total, _ in sums}

    def larger_in(places: Iterable[int]) -> Cell | None:
        found = [cell for place in places for cell in table.cells_of(place) if table.may_be_hidden(cell)]
        return min(found, key=lambda cell: (not numbers[cell], rank(cell), cell in totals, repr(cell)), default=None)

    def chosen_in(near: set[int]) -> Cell | None:
        """What goes around a number that was found. A rank below zero goes first wherever it is close by."""
        nearest = larger_in(near)
        further = larger_in(
            {each for place in near for cell in table.cells_of(place) for each in table.sums_with[cell]}
        )
        return further if further is not None and rank(further) < 0 else nearest

    waiting = {place for cell in table.hidden for place in table.sums_with[cell]}
    while waiting:
        place = waiting.pop()
        while table.gives_away(place):
            chosen = larger_in([place])
            if chosen is None:
                break
            waiting.update(table.hide(chosen))
        for cell in () if waiting else table.found():
            chosen = _first(chosen_in(near) for near in table.around(cell))
            if chosen is not None:
                waiting.update(table.hide(chosen))
    return frozenset(table.hidden)


def left_open(
    numbers: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    hidden: frozenset[Cell],
    unshown: Iterable[Cell] = (),
    before: "ToldBefore[Cell] | None" = None,
    bounds: Mapping[Cell, int] | None = None,
) -> Mapping[Cell, tuple[int, int]]:
    """From where to where the hidden cells must lie for somebody who adds up what is shown: it may be told, too."""
    earlier = before or ToldBefore()
    table = _Grid(numbers, sums, bounds or {}, frozenset(unshown) - earlier.known, earlier)
    table.hidden |= hidden
    return {cell: (int(low), int(high)) for cell, (low, high) in table.ranges().items() if not isinf(high)}


@dataclass(frozen=True)
class ToldBefore(Generic[Cell]):
    """What readers know from what was told before: numbers, what was too small, and, by adding up, `ranges`."""

    known: frozenset[Cell] = frozenset()
    hidden: frozenset[Cell] = frozenset()
    ranges: frozenset[tuple[Cell, Range]] = frozenset()


class _Grid(Generic[Cell]):
    """What a reader sees of tables: the sums, which cells are hidden, and in which range each of these must lie."""

    def __init__(
        self,
        numbers: Mapping[Cell, int],
        sums: Sequence[Sum[Cell]],
        bounds: Mapping[Cell, int],
        unshown: frozenset[Cell],
        before: ToldBefore[Cell],
        *,
        covers: bool = False,
        apart: int = 1,
    ) -> None:
        self.apart = apart
        self.numbers, self.sums, self.bounds, self.unshown, self.before = numbers, sums, bounds, unshown, before
        self.ranges_before, self.covers = dict(before.ranges), covers
        self.sums_with: dict[Cell, list[int]] = defaultdict(list)
        for place in range(len(sums)):
            for cell in self.cells_of(place):
                self.sums_with[cell].append(place)
        self.hidden = {cell for cell in numbers if self._is_secret(cell)} | unshown
        self.has_silent = any(is_silent(bound) for bound in bounds.values())

    def cells_of(self, place: int) -> tuple[Cell, ...]:
        """The parts of a sum, and what they add up to."""
        total, parts = self.sums[place]
        return (*parts, total)

    def may_be_hidden(self, cell: Cell) -> bool:
        """Whether hiding it would hide something. "Nobody" is hidden only beside bounds below 5."""
        is_open = cell not in self.hidden and cell not in self.before.known
        return is_open and (self.numbers[cell] >= SMALL or self.has_silent)

    def hide(self, cell: Cell) -> list[int]:
        """Hide a cell; the sums to review."""
        self.hidden.add(cell)
        return self.sums_with[cell]

    def gives_away(self, place: int) -> bool:
        """Whether one sum tells what is hidden in it: the only one missing, or a small one that can be no other."""
        unknown = [cell for cell in self.cells_of(place) if cell in self.hidden]
        if len(unknown) < 2:
            return any(cell not in self.unshown or self._is_secret(cell) for cell in unknown)
        if self.covers and all(is_small(self.numbers[cell]) and cell not in self.unshown for cell in unknown):
            return True
        ranges = {cell: self._range(cell) for cell in unknown}
        narrowed = self._narrowed(place, ranges)
        return any(self._is_secret(cell) and self._is_cornered(cell, low, high) for cell, (low, high) in narrowed)

    def found(self) -> list[Cell]:
        """The small numbers that all sums together tell, by elimination or because no other number is possible."""
        ranges = self.ranges()
        cornered = [cell for cell, (low, high) in ranges.items() if self._is_cornered(cell, low, high)]
        return [cell for cell in dict.fromkeys((*self._solved(), *cornered)) if self._is_secret(cell)]

    def around(self, cell: Cell) -> Iterator[set[int]]:
        """The sums that a cell is in, then those of the cells that it is added up with, and so on, ever wider."""
        near, seen = set(self.sums_with[cell]), 0
        while len(near) > seen:
            yield near
            seen = len(near)
            near |= {each for place in near for other in self.cells_of(place) for each in self.sums_with[other]}

    def _is_cornered(self, cell: Cell, low: float, high: float) -> bool:
        """Whether so few numbers are left that one that is small is as good as found."""
        return high - low < min(self.apart, self.bounds.get(cell, self.apart))

    def _is_secret(self, cell: Cell) -> bool:
        return is_small(self.numbers[cell]) or is_silent(self.bounds.get(cell)) or cell in self.before.hidden

    def _range(self, cell: Cell) -> Range:
        """What a reader knows of a cell before adding anything up, with what was known from earlier reports."""
        low, high = self._read(cell)
        least, most = self.ranges_before.get(cell, (0, inf))
        return max(low, least), min(high, most)

    def _read(self, cell: Cell) -> Range:
        """What a cell says by how it reads: that it is small, or that it is not."""
        bound = self.bounds.get(cell, inf)
        if cell not in self.hidden:
            return self.numbers[cell], self.numbers[cell]
        if cell in self.unshown or is_silent(self.bounds.get(cell)):
            return 0, bound
        if is_small(self.numbers[cell]):
            return 1, min(SMALL - 1, bound)
        if cell in self.before.hidden:
            return 0, bound
        return (SMALL, bound) if self.numbers[cell] else (0, 0)

    def _narrowed(self, place: int, ranges: Mapping[Cell, Range]) -> Iterator[tuple[Cell, Range]]:
        """The ranges that one sum leaves to its hidden cells, so that parts and total agree."""
        total = self.sums[place][0]
        known = {cell: ranges[cell] if cell in ranges else self._range(cell) for cell in self.cells_of(place)}
        signed = {cell: (-high, -low) if cell == total else (low, high) for cell, (low, high) in known.items()}
        least_of_others = _others({cell: low for cell, (low, _) in signed.items()})
        most_of_others = _others({cell: high for cell, (_, high) in signed.items()})
        for cell, (low, high) in known.items():
            if cell not in self.hidden:
                continue
            least, most = least_of_others(cell), most_of_others(cell)
            yield cell, (max(low, least), min(high, most)) if cell == total else (max(low, -most), min(high, -least))

    def ranges(self) -> dict[Cell, Range]:
        """The ranges that all sums together leave, narrowed until nothing narrows any more."""
        ranges = {cell: self._range(cell) for cell in self.hidden}
        waiting = deque({place for cell in self.hidden for place in self.sums_with[cell]})
        while waiting:
            for cell, narrower in list(self._narrowed(waiting.popleft(), ranges)):
                if narrower != ranges[cell]:
                    ranges[cell] = narrower
                    waiting.extend(place for place in self.sums_with[cell] if place not in waiting)
        return ranges

    def _solved(self) -> list[Cell]:
        """The hidden cells that all sums together tell: what elimination leaves alone in an equation."""
        reduced: dict[Cell, dict[Cell, int]] = {}
        for total, parts in self.sums:
            row: dict[Cell, int] = {}
            for cell, sign in ((total, -1), *((part, 1) for part in parts)):
                if cell in self.hidden:
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


def _first(found: Iterable[Cell | None]) -> Cell | None:
    return next((each for each in found if each is not None), None)


def _others(limits: Mapping[Cell, float]) -> Callable[[Cell], float]:
    """For each cell, what the limits of all others add up to. Only one side of a range is without end."""
    endless = [cell for cell, limit in limits.items() if isinf(limit)]
    finite = sum(limit for limit in limits.values() if not isinf(limit))

    def others(cell: Cell) -> float:
        if endless and endless != [cell]:
            return limits[endless[0]]
        return finite - (0 if cell in endless else limits[cell])

    return others


PRIME = 2_147_483_647
"""Elimination with whole numbers modulo a prime is exact enough here: coefficients are 1 and -1, and it is fast."""


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
