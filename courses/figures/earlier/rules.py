"""The numbers that a report told, as they are kept with it, and as later reports are bound by them. Pure."""

from collections.abc import Iterable, Sequence

from courses.figures.lines.rules import EVERYBODY
from courses.figures.small.rules import YEAR, Cell, Earlier, Untold, YearCounted, kinds_of, numbers_of
from lms.kit.telling import earlier
from lms.kit.telling.earlier import Kept


def kept_cells(year: YearCounted, untold: Untold, quarter: int) -> tuple[Kept, ...]:
    """What a reader of a year or a quarter is told, to be kept with a report; of the rest, what is small.

    With a year its quarters are kept as they read then: whoever reads the year can read them.
    """
    lines = {EVERYBODY, *(year.lines.parents if quarter == YEAR else ())}
    numbers = {
        cell: number
        for cell, number in numbers_of(year).items()
        if quarter in (YEAR, cell.quarter) and cell.line in lines
    }
    hidden = {
        cell: untold.ranges.get(cell)
        for cell in numbers
        if cell in untold.ranges or cell.kind not in kinds_of(year, cell.line)
    }
    return earlier.kept_cells(numbers, hidden, _plain)


def _plain(cell: Cell) -> tuple[object, ...]:
    return ([list(row) for row in cell.line], cell.kind, cell.quarter)


def earlier_of(reports: Iterable[Iterable[Kept]]) -> Earlier:
    """What these reports told, together."""
    found = earlier.told_earlier(reports, _cell)
    return Earlier(found.told, found.small, found.ranges)


def _cell(rows: Iterable[Sequence[str]], kind: str, quarter: int) -> Cell:
    return Cell(tuple(tuple(row) for row in rows), kind, quarter)
