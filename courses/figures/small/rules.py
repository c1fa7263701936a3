"""Which numbers of a financial year and its quarters are told to readers who do not see the rows. Pure.

All that such a reader can see of a year is protected together: sectors and their agencies, types and their courses,
those who came, those who had booked and the difference, how many different people they were, and the quarters with
their year; and beside it what earlier reports told. So nothing that is hidden here is told there. Sectors, agencies,
types and courses are told of a year, and quarters of everybody together: cut both ways, most cells would be too small
to tell.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from courses.figures.lines.rules import EVERYBODY, Line, Row, YearLines
from courses.figures.rules import ATTENDANCES, LATER_CANCELLED, PART, Counts, Ending, joined
from lms.kit.figures import share_shown
from lms.kit.telling.earlier import ToldEarlier
from lms.kit.telling.numbers import HIDDEN, Told, is_small, not_told
from lms.kit.telling.silence import silent_parts
from lms.kit.telling.sums import LEFT_OPEN, ToldBefore, left_open, protect_sums

YEAR = -1
BOOKINGS, ATTENDED, NOT, ATTENDANCE = "bookings", "attended", "not", "attendances"
WALK_IN, PEOPLE, AGAIN, OVERLAP, HEADS = "WALK_IN", "people", "again", "overlap", "heads"
"""`AGAIN`: attendances of people who had come before. `HEADS`: people of the parts, where somebody can be of two."""
MEASURES: Mapping[str, tuple[Ending, ...]] = {
    ATTENDANCE: ATTENDANCES,
    "bookings_later_cancelled": LATER_CANCELLED,
    "part_attended": PART,
}
"""Sums of endings that are told of everybody, beside each ending by itself."""

NOWHERE = (Ending.CANCELLED_IN_TIME, Ending.PART_ATTENDED, Ending.NO_OUTCOME, Ending.WALK_IN_PART, Ending.WALK_IN_OTHER)
"""Endings that no measure tells by themselves."""
OF_ROWS = (BOOKINGS, ATTENDED, PEOPLE)
"""What is told of a line."""
OF_SUMS = (BOOKINGS, ATTENDED, NOT, WALK_IN, ATTENDANCE)
"""What adds up over lines."""
RANKS = {BOOKINGS: 9, ATTENDED: 8, ATTENDANCE: 5, PEOPLE: -1}
"""What is told last when something has to go: people look for bookings and who came of them."""


class Cell(NamedTuple):
    """One number: of whom, of what, and of which quarter (0 to 3) or the `YEAR`."""

    line: Line
    kind: str
    quarter: int


@dataclass(frozen=True)
class YearCounted:
    """What was counted of a year, by row, and of its quarters; and the lines in which it is told.

    `attendances_of`: lines of which attendances are told too.
    """

    rows: Mapping[Row, Counts]
    quarters: Sequence[Counts]
    lines: YearLines
    attendances_of: frozenset[Line] = frozenset()

    def of(self, line: Line) -> Counts:
        """The rows of a line together, or everybody."""
        return joined(self.rows[row] for row in line if row in self.rows)


@dataclass(frozen=True)
class Earlier(ToldEarlier[Cell]):
    """What reports told of a year before."""

    @property
    def lines(self) -> list[Line]:
        """The lines that were told."""
        return sorted({cell.line for cell in self.cells} - {EVERYBODY})


NOTHING = Earlier()


@dataclass(frozen=True)
class Untold:
    """The cells that are not told, with the numbers between which each must lie; None where it could be anything.

    `silent`: those of which not even is said whether they are nobody, for what they are a part of is small itself.
    """

    ranges: Mapping[Cell, tuple[int, int] | None]
    silent: frozenset[Cell] = frozenset()


def untold_cells(year: YearCounted, earlier: Earlier = NOTHING) -> Untold:
    """What of a year, its lines and its quarters is hidden. Quarters are told of everybody together only."""
    found = _YearCells(year, earlier)
    return _untold(
        tuple(found.numbers.items()),
        tuple(found.sums),
        frozenset(found.unshown),
        frozenset(found.silent),
        earlier.beside(found.numbers),
    )


@lru_cache(maxsize=16)
def _untold(
    numbers: tuple[tuple[Cell, int], ...],
    sums: tuple["Sum", ...],
    unshown: frozenset[Cell],
    silent: frozenset[Cell],
    before: ToldBefore[Cell],
) -> Untold:
    """The same numbers hide the same cells: each section of a report asks, and so does everybody who reads it."""
    cells, nowhere = dict(numbers), unshown | silent
    hidden = protect_sums(
        cells, sums, lambda cell: RANKS.get(cell.kind, 0), unshown=nowhere, before=before, covers=True, apart=LEFT_OPEN
    )
    ranges = left_open(cells, sums, hidden, nowhere, before)
    return Untold({cell: ranges.get(cell) for cell in hidden}, silent)


Sum = tuple[Cell, tuple[Cell, ...]]


class _YearCells:
    """Every number of a year that a reader sees or could ask for, and every way in which they add up."""

    def __init__(self, year: YearCounted, earlier: Earlier) -> None:
        self.year, self.earlier = year, earlier
        self.numbers: dict[Cell, int] = {}
        self.sums: list[Sum] = []
        self.unshown: set[Cell] = set()
        self.silent: set[Cell] = set()
        for place, counts in ((YEAR, year.of(EVERYBODY)), *enumerate(year.quarters)):
            self._everybody(counts, place)
        for line in self._lines():
            self._line(line)
        self._quarters()
        for parent in {EVERYBODY, *year.lines.parents.values()}:
            for _, parts in _by_level(year.lines.within(parent)).items():
                self._parts(parent, parts)
        for line in self._lines():
            if len(line) > 1:
                self._rows_of(line)
        self._silence()

    def _lines(self) -> list[Line]:
        """The lines that are told, those that were told before, and each row that one of these has."""
        now = self.year.lines.parents
        several = [line for line in (*now, *self.earlier.lines) if len(line) > 1]
        return list(dict.fromkeys((*now, *self.earlier.lines, *((row,) for line in several for row in line))))

    def _everybody(self, counts: Counts, quarter: int) -> None:
        """Everything that is told of everybody in a period."""
        self._take(EVERYBODY, _of_everybody(counts), quarter, {AGAIN, *(ending.name for ending in NOWHERE)})

        def ending(each: Ending) -> Cell:
            return Cell(EVERYBODY, ATTENDED if each is Ending.ATTENDED else each.name, quarter)

        for name, endings in MEASURES.items():
            self.sums.append((Cell(EVERYBODY, name, quarter), tuple(ending(each) for each in endings)))
        absent = tuple(ending(each) for each in Ending if Ending.ATTENDED < each < Ending.WALK_IN)
        others = [each for each in absent if each not in {ending(one) for one in LATER_CANCELLED}]
        cancelled = Cell(EVERYBODY, "bookings_later_cancelled", quarter)
        self.sums += [(Cell(EVERYBODY, NOT, quarter), each) for each in (absent, (*others, cancelled))]

    def _line(self, line: Line) -> None:
        told = line in self.year.lines.parents
        shown = {NOT, *kinds_of(self.year, line)} if told else set()
        self._take(line, _numbers(self.year.of(line)), YEAR, set(_numbers(Counts())) - shown)
        walked, came = Cell(line, WALK_IN, YEAR), Cell(line, ATTENDANCE, YEAR)
        self.sums.append((came, (Cell(line, ATTENDED, YEAR), walked)))

    def _take(self, line: Line, found: Mapping[str, int], quarter: int, unshown: Iterable[str]) -> None:
        self.numbers |= {Cell(line, kind, quarter): number for kind, number in found.items()}
        self.unshown |= {Cell(line, kind, quarter) for kind in unshown}
        cell = {kind: Cell(line, kind, quarter) for kind in found}
        self.sums.append((cell[BOOKINGS], (cell[ATTENDED], cell[NOT])))
        self.sums.append((cell[ATTENDANCE], (cell[PEOPLE], cell[AGAIN])))

    def _quarters(self) -> None:
        places = range(len(self.year.quarters))
        for cell in [cell for cell in self.numbers if cell.line == EVERYBODY and cell.quarter == YEAR]:
            if cell.kind not in (PEOPLE, AGAIN):
                self.sums.append((cell, tuple(cell._replace(quarter=each) for each in places)))
        whole = Cell(EVERYBODY, PEOPLE, YEAR)
        self._people(whole, [whole._replace(quarter=each) for each in places], "quarters")

    def _parts(self, parent: Line, parts: Sequence[Line]) -> None:
        """Lines to the line that they are told in: agencies to their sector, sectors to everybody."""
        for kind in OF_SUMS:
            self.sums.append((Cell(parent, kind, YEAR), tuple(Cell(line, kind, YEAR) for line in parts)))
        self._people(Cell(parent, PEOPLE, YEAR), [Cell(line, PEOPLE, YEAR) for line in parts], parts[0][0][0])

    def _people(self, whole: Cell, parts: Sequence[Cell], way: str) -> None:
        """Who is of two parts is one person of the whole, and how many are is a number of people too."""
        heads, twice = (Cell(whole.line, f"{kind} {way}", YEAR) for kind in (HEADS, OVERLAP))
        self.numbers[heads] = sum(self.numbers[each] for each in parts)
        self.numbers[twice] = self.numbers[heads] - self.numbers[whole]
        self.unshown |= {heads, twice}
        self.sums += [(heads, tuple(parts)), (heads, (whole, twice))]

    def _silence(self) -> None:
        """Of the parts of what is small nothing is said: four quarters of 1 to 4 in a year of 1 to 4 are one each."""
        found = silent_parts(self.numbers, self.sums, self.unshown)
        self.silent |= {cell for cell in found if cell.line == EVERYBODY}

    def _rows_of(self, line: Line) -> None:
        """What is told together, and each row of it, which is told nowhere."""
        for kind in OF_SUMS:
            self.sums.append((Cell(line, kind, YEAR), tuple(Cell((row,), kind, YEAR) for row in line)))


def _numbers(counts: Counts) -> dict[str, int]:
    people = len(counts.people)
    return {
        BOOKINGS: counts.bookings,
        ATTENDED: counts.attended_booked,
        NOT: counts.absent,
        WALK_IN: counts.walk_ins,
        ATTENDANCE: counts.attendances,
        PEOPLE: people,
        AGAIN: counts.attendances - people,
    }


def _of_everybody(counts: Counts) -> dict[str, int]:
    found = _numbers(counts) | {name: counts.of(*endings) for name, endings in MEASURES.items()}
    return found | {ending.name: counts.of(ending) for ending in Ending if ending is not Ending.ATTENDED}


def _by_level(lines: Iterable[Line]) -> dict[Hashable, list[Line]]:
    found: dict[Hashable, list[Line]] = {}
    for line in lines:
        found.setdefault(line[0][0], []).append(line)
    return found


def kinds_of(year: YearCounted, line: Line) -> tuple[str, ...]:
    """What is told of a line."""
    if line == EVERYBODY:
        other = (ending.name for ending in Ending if ending is not Ending.ATTENDED and ending not in NOWHERE)
        return (*OF_ROWS, *MEASURES, *other)
    return (*OF_ROWS, ATTENDANCE) if line in year.attendances_of else OF_ROWS


def numbers_of(year: YearCounted) -> Mapping[Cell, int]:
    """Every number of a year that is told, or that could be worked out from what is told."""
    return _YearCells(year, NOTHING).numbers


class Reader:
    """What one reader is told: what is not hidden of a year, in one of its quarters or as a whole."""

    def __init__(self, untold: Untold, quarter: int = YEAR) -> None:
        self.untold, self.quarter = untold, quarter

    def hides(self, line: Line, kind: str) -> bool:
        """Whether a number is not told."""
        return Cell(line, kind, self.quarter) in self.untold.ranges

    def told(self, line: Line, kind: str, number: int) -> Told:
        """A number as it is told."""
        if not self.hides(line, kind):
            return Told(number)
        cell = Cell(line, kind, self.quarter)
        return not_told(is_small=is_small(number) or cell in self.untold.silent, within=self.untold.ranges[cell])

    def attended(self, line: Line, counts: Counts) -> Told:
        """Of those who had booked, who came: 80, most of 84, 42 to 45."""
        came, booked = self.told(line, ATTENDED, counts.attended_booked), self.told(line, BOOKINGS, counts.bookings)
        is_silent = Cell(line, NOT, self.quarter) in self.untold.silent
        if came.number is None and booked.number is not None and is_small(counts.absent) and not is_silent:
            return Told(None, out_of=booked.number)
        return came

    def rate(self, line: Line, counts: Counts) -> str:
        """93.3%, at least 95.2%, 68.9% to 73.8%, as far as both of its numbers are told."""
        booked = self.told(line, BOOKINGS, counts.bookings).number
        return HIDDEN if booked is None else share_shown(self.attended(line, counts), booked)
