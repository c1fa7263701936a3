"""Which numbers of a financial year and its quarters are told to readers who do not see the rows. Pure.

All that such a reader can see of a year is protected together: sectors and their agencies, types and their courses,
those who came, those who had booked and the difference, and the quarters with their year. So nothing that is hidden
here is told there. Sectors, agencies, types and courses are told of a year, and quarters of everybody together: cut
both ways, most cells would be too small to tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from courses.figures.rules import ATTENDANCES, LATER_CANCELLED, PART, Counts, Ending
from lms.kit.telling.numbers import is_small
from lms.kit.telling.sums import protect_sums

YEAR = -1
WHOLE = ("whole",)
Row = tuple[str, ...]
"""What a number is about: everybody, ("sector", s), ("agency", s, code, name), ("type", t), ("course", t, code)."""

BOOKINGS, ATTENDED, NOT, ATTENDANCE = "bookings", "attended", "not", "attendances"
MEASURES: Mapping[str, tuple[Ending, ...]] = {
    "attendances": ATTENDANCES,
    "bookings_later_cancelled": LATER_CANCELLED,
    "part_attended": PART,
}
"""Sums of endings that are told of everybody, beside each ending by itself."""

RANKS = {BOOKINGS: 9, ATTENDED: 8, ATTENDANCE: 5}
"""What is told last when something has to go: people look for bookings and who came of them."""


class Cell(NamedTuple):
    """One number: of whom, of what, and of which quarter (0 to 3) or the `YEAR`."""

    row: Row
    kind: str
    quarter: int


@dataclass(frozen=True)
class QuarterCounted:
    """What was counted of a quarter: of everybody, and of each row with the row that it belongs to."""

    rows: Mapping[Row, Counts]
    parents: Mapping[Row, Row]


def hidden_cells(year: QuarterCounted, quarters: Sequence[Counts]) -> frozenset[Cell]:
    """What of a year, its rows and its quarters is hidden. Quarters are told of everybody together only."""
    numbers = {
        Cell(row, kind, YEAR): number
        for row in (WHOLE, *year.parents)
        for kind, number in _numbers(row, year.rows.get(row, Counts())).items()
    }
    for place, counts in enumerate(quarters):
        numbers |= {Cell(WHOLE, kind, place): number for kind, number in _numbers(WHOLE, counts).items()}
    return _hidden(tuple(numbers.items()), tuple(_sums(numbers, year.parents, len(quarters))))


@lru_cache(maxsize=16)
def _hidden(numbers: tuple[tuple[Cell, int], ...], sums: tuple["Line", ...]) -> frozenset[Cell]:
    """The same numbers hide the same cells: each section of a report asks, and so does everybody who reads it."""
    return protect_sums(dict(numbers), sums, lambda cell: RANKS.get(cell.kind, 0))


def _numbers(row: Row, counts: Counts) -> dict[str, int]:
    found = {BOOKINGS: counts.bookings, ATTENDED: counts.attended_booked, NOT: counts.bookings - counts.attended_booked}
    if row == WHOLE:
        found |= {name: counts.of(*endings) for name, endings in MEASURES.items()}
        found |= {ending.name: counts.of(ending) for ending in Ending if ending is not Ending.ATTENDED}
    return found


Line = tuple[Cell, tuple[Cell, ...]]


def _sums(numbers: Mapping[Cell, int], parents: Mapping[Row, Row], quarters: int) -> Iterator[Line]:
    for row, kind, quarter in numbers:
        if row == WHOLE and quarter == YEAR:
            yield Cell(row, kind, YEAR), tuple(Cell(row, kind, each) for each in range(quarters))
        if kind == BOOKINGS:
            yield Cell(row, BOOKINGS, quarter), (Cell(row, ATTENDED, quarter), Cell(row, NOT, quarter))
    for quarter in (YEAR, *range(quarters)):
        yield from _sums_of_everybody(quarter)
    for kind in (BOOKINGS, ATTENDED, NOT):
        yield from _sums_of_rows(parents, kind)


def _sums_of_everybody(quarter: int) -> Iterator[Line]:
    def cell(kind: str) -> Cell:
        return Cell(WHOLE, kind, quarter)

    def ending(each: Ending) -> Cell:
        return cell(ATTENDED if each is Ending.ATTENDED else each.name)

    for name, endings in MEASURES.items():
        yield cell(name), tuple(ending(each) for each in endings)
    yield cell(NOT), tuple(ending(each) for each in Ending if Ending.ATTENDED < each < Ending.WALK_IN)


def _sums_of_rows(parents: Mapping[Row, Row], kind: str) -> Iterator[Line]:
    """Agencies to their sector and sectors to the whole; courses to their type and types to the whole."""
    parts: dict[tuple[Row, str], list[Cell]] = {}
    for row, parent in parents.items():
        parts.setdefault((parent, row[0]), []).append(Cell(row, kind, YEAR))
    for (parent, _), cells in parts.items():
        yield Cell(parent, kind, YEAR), tuple(cells)


class Reader:
    """What one reader is told: everything, or what is not hidden of a year in one of its quarters or as a whole."""

    def __init__(self, hidden: frozenset[Cell] | None = None, quarter: int = YEAR) -> None:
        self.hidden, self.quarter = hidden, quarter

    @property
    def sees_all(self) -> bool:
        return self.hidden is None

    def hides(self, row: Row, kind: str) -> bool:
        return self.hidden is not None and Cell(row, kind, self.quarter) in self.hidden

    def hides_people(self, row: Row, counts: Counts) -> bool:
        """Different people of a row: few, or more than those who had booked, which would tell of few walk-ins."""
        if self.hidden is None:
            return False
        people = len(counts.people)
        tells_walk_ins = is_small(counts.walk_ins) and people > counts.attended_booked
        return self.hides(row, ATTENDED) or is_small(people) or tells_walk_ins
