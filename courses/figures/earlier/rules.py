"""The numbers that a report told, as they are kept with it, and as later reports are bound by them. Pure."""

from collections.abc import Iterable
from typing import Any

from courses.figures.lines.rules import EVERYBODY
from courses.figures.small.rules import YEAR, Cell, Earlier, Untold, YearCounted, kinds_of, numbers_of
from lms.kit.telling.numbers import is_small

Kept = tuple[Any, ...]
"""One number as plain values: the rows of its line, what it counts, the quarter, and itself; or, where it was not told,
whether it was small and between which numbers it must lie."""


def kept_cells(year: YearCounted, untold: Untold, quarter: int) -> tuple[Kept, ...]:
    """What a reader of a year or a quarter is told, to be kept with a report; of the rest, what is small."""
    lines = {EVERYBODY, *(year.lines.parents if quarter == YEAR else ())}
    found = []
    for cell, number in numbers_of(year).items():
        if cell.quarter == quarter and cell.line in lines:
            is_told = cell.kind in kinds_of(year, cell.line) and cell not in untold.ranges
            of = ([list(row) for row in cell.line], cell.kind, quarter)
            found.append((*of, number if is_told else [is_small(number), *(untold.ranges.get(cell) or ())]))
    return tuple(found)


def earlier_of(reports: Iterable[Iterable[Kept]]) -> Earlier:
    """What these reports told, together: of what was told twice, the number that was told last."""
    told: dict[Cell, int] = {}
    small: set[Cell] = set()
    ranges: dict[Cell, tuple[int, int]] = {}
    for rows, kind, quarter, number in (kept for report in reports for kept in report):
        cell = Cell(tuple(tuple(row) for row in rows), kind, quarter)
        if isinstance(number, int):
            told[cell] = number
            continue
        was_small, *within = number
        small |= {cell} if was_small else set()
        if within:
            low, high = ranges.get(cell, (0, within[1]))
            ranges[cell] = (max(low, within[0]), min(high, within[1]))
    return Earlier(told, frozenset(small), ranges)
