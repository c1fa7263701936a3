"""The numbers that a report told, as they are kept with it, and as later reports are bound by them. Pure."""

from collections.abc import Iterable
from typing import Any

from courses.figures.lines.rules import EVERYBODY
from courses.figures.small.rules import YEAR, Cell, Earlier, YearCounted, kinds_of, numbers_of
from lms.kit.telling.numbers import is_small

Kept = tuple[Any, ...]
"""One number as plain values: the rows of its line, what it counts, the quarter, and itself or that it was small."""
SMALL_ONE = "small"


def kept_cells(year: YearCounted, hidden: frozenset[Cell], quarter: int) -> tuple[Kept, ...]:
    """What a reader of a year, or of one of its quarters, is told, to be kept with a report; of the rest, what is small."""
    lines = {EVERYBODY, *(year.lines.parents if quarter == YEAR else ())}
    found = []
    for cell, number in numbers_of(year).items():
        if cell.quarter == quarter and cell.line in lines:
            is_told = cell.kind in kinds_of(year, cell.line) and cell not in hidden
            if is_told or is_small(number):
                found.append(([list(row) for row in cell.line], cell.kind, quarter, number if is_told else SMALL_ONE))
    return tuple(found)


def earlier_of(reports: Iterable[Iterable[Kept]]) -> Earlier:
    """What these reports told, together."""
    told: set[Cell] = set()
    small: set[Cell] = set()
    for rows, kind, quarter, number in (kept for report in reports for kept in report):
        cell = Cell(tuple(tuple(row) for row in rows), kind, quarter)
        (small if number == SMALL_ONE else told).add(cell)
    return Earlier(frozenset(told), frozenset(small))
