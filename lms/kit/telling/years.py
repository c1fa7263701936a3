"""Numbers of a financial year and its quarters, so told that no quarter, year or earlier report gives one away. Pure.

Each number counts people or what tells of people (a completion, a charge). A period has several of them, which may add
up to each other; most add up over the quarters, too, but different people of a year are fewer than those of its
quarters together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lms.kit.telling.earlier import Kept, ToldEarlier, kept_cells, told_earlier
from lms.kit.telling.numbers import Told, is_small, not_told
from lms.kit.telling.silence import silent_parts
from lms.kit.telling.sums import LEFT_OPEN, Sum, left_open, protect_sums

YEAR = -1
OVERLAP, HEADS = "overlap", "heads"


class YearCell(NamedTuple):
    """One number: what it counts, and of which quarter (0 to 3) or the `YEAR`."""

    what: str
    quarter: int


@dataclass(frozen=True)
class YearNumbers:
    """What was counted of a year and of each of its quarters.

    `sums`: a number of a period, and those of the same period that add up to it. `people`: what counts different
    people, who can be in two quarters. `unshown`: what stands nowhere, but follows from others.
    """

    year: Mapping[str, int]
    quarters: Sequence[Mapping[str, int]]
    sums: Sequence[tuple[str, tuple[str, ...]]] = ()
    people: frozenset[str] = frozenset()
    unshown: frozenset[str] = frozenset()

    @property
    def cells(self) -> dict[YearCell, int]:
        """Every number of the year and its quarters."""
        periods = ((YEAR, self.year), *enumerate(self.quarters))
        return {YearCell(what, place): number for place, those in periods for what, number in those.items()}


@dataclass(frozen=True)
class YearTold:
    """How each number of a year and its quarters is told."""

    numbers: Mapping[YearCell, int]
    untold: Mapping[YearCell, tuple[int, int] | None]
    silent: frozenset[YearCell] = field(default_factory=frozenset)

    def of(self, what: str, quarter: int = YEAR) -> Told:
        """One number as it is told."""
        cell = YearCell(what, quarter)
        number = self.numbers[cell]
        if cell not in self.untold:
            return Told(number)
        return not_told(is_small=is_small(number) or cell in self.silent, within=self.untold[cell])

    def kept(self, quarter: int) -> tuple[Kept, ...]:
        """What a report of this quarter tells, to be kept with it; of the year, with its quarters as they read then."""
        those = {cell: number for cell, number in self.numbers.items() if quarter in (YEAR, cell.quarter)}
        return kept_cells(those, self.untold, tuple)


def year_before(reports: Sequence[Collection[Any]]) -> ToldEarlier[YearCell]:
    """What reports of a year and its quarters told before."""
    return told_earlier(reports, YearCell)


NOTHING: ToldEarlier[YearCell] = ToldEarlier()


def tell_year(counted: YearNumbers, earlier: ToldEarlier[YearCell] = NOTHING) -> YearTold:
    """What is told of a year and its quarters, beside what reports told of them before."""
    numbers, sums, unshown = dict(counted.cells), list[Sum[YearCell]](), set[YearCell]()
    places = range(len(counted.quarters))
    for place in (YEAR, *places):
        sums += [
            (YearCell(total, place), tuple(YearCell(part, place) for part in parts)) for total, parts in counted.sums
        ]
        unshown |= {YearCell(what, place) for what in counted.unshown}
    for what in counted.year:
        parts = tuple(YearCell(what, place) for place in places)
        if what not in counted.people:
            if what not in _of_people(counted):
                sums.append((YearCell(what, YEAR), parts))
            continue
        heads, overlap = YearCell(f"{what} {HEADS}", YEAR), YearCell(f"{what} {OVERLAP}", YEAR)
        numbers[heads] = sum(numbers[part] for part in parts)
        numbers[overlap] = numbers[heads] - numbers[YearCell(what, YEAR)]
        unshown |= {heads, overlap}
        sums += [(heads, parts), (heads, (YearCell(what, YEAR), overlap))]
    silent = silent_parts(numbers, sums, unshown)
    nowhere, before = unshown | silent, earlier.beside(numbers)
    hidden = protect_sums(numbers, sums, _rank, unshown=nowhere, before=before, covers=True, apart=LEFT_OPEN)
    ranges = left_open(numbers, sums, hidden, nowhere, before)
    shown = {cell: number for cell, number in numbers.items() if cell not in unshown}
    return YearTold(shown, {cell: ranges.get(cell) for cell in hidden}, silent)


def _of_people(counted: YearNumbers) -> frozenset[str]:
    """What is left of a number after its different people: it does not add up over quarters either."""
    return frozenset(
        part for _, parts in counted.sums if counted.people & set(parts) for part in parts if part in counted.unshown
    )


def _rank(cell: YearCell) -> float:
    """Which number goes first when something larger has to: the later quarter, which says nothing; not the
    smallest one, which would say that the others are larger. The year is told last."""
    return 1 if cell.quarter == YEAR else -cell.quarter
