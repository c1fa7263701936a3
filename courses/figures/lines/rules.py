"""The lines of the tables by sector, agency, type and course: small ones are told together. Pure.

A line is the rows that it counts together: `(("agency", "Health", "HT", "Health Trust"),)` by itself, or several. What
one earlier report told together is told together for good.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.figures.rules import Counts, joined
from lms.kit.telling.lines import lines_of, lines_over

Row = tuple[str, ...]
"""What a number is about: everybody, ("sector", s), ("agency", s, code, name), ("type", t), ("course", t, code)."""
Line = tuple[Row, ...]

WHOLE: Row = ("whole",)
EVERYBODY: Line = (WHOLE,)


def parent_of(row: Row) -> Row:
    """The row that a row is a part of: an agency's sector, a course's type, and everybody."""
    above = {"agency": "sector", "course": "type"}.get(row[0])
    return (above, row[1]) if above else WHOLE


@dataclass(frozen=True)
class YearLines:
    """The lines of a year, each with the line that it is a part of."""

    parents: Mapping[Line, Line]

    def of(self, level: str) -> list[Line]:
        """The lines of one table, by what they are a part of; there, those with a name of their own first."""
        return sorted((line for line in self.parents if line[0][0] == level), key=_order)

    def within(self, parent: Line) -> list[Line]:
        """The lines that a line is told in."""
        return [line for line, above in self.parents.items() if above == parent]

    def holding(self, row: Row) -> Line:
        """The line that a row is in."""
        return next((line for line in self.parents if row in line), ())


def _order(line: Line) -> tuple[tuple[Hashable, ...], bool, Line]:
    within = () if parent_of(line[0]) == WHOLE else (len({row[1] for row in line}) > 1, line[0][1])
    return (within, len(line) > 1, line)


def lines_told(rows: Mapping[Row, Counts], before: Iterable[Line] = ()) -> YearLines:
    """The lines of these rows. `before`: lines of earlier reports, which keep together what they put together."""
    earlier = list(before)
    parents: dict[Line, Line] = {}
    for upper, lower in (("sector", "agency"), ("type", "course")):
        tops = _lines(rows, [row for row in rows if row[0] == upper], earlier)
        parents |= dict.fromkeys(tops, EVERYBODY)
        for top in tops:
            parts = [row for row in rows if row[0] == lower and parent_of(row) in top]
            lines = _lines(rows, parts, earlier) if len(top) == 1 else [tuple(sorted(parts))]
            parents |= {line: top for line in lines if line}
    return YearLines(parents)


def _lines(rows: Mapping[Row, Counts], names: Sequence[Row], before: Sequence[Line]) -> list[Line]:
    """The lines of one table, with those that earlier reports told."""

    def numbers(those: Sequence[Row]) -> list[int]:
        counts = joined(rows[row] for row in those)
        return [counts.attendances, counts.attended_booked, len(counts.people)]

    now = lines_of({row: numbers([row]) for row in names}, together_are=numbers)
    there = set(names)
    then = [kept for line in before if len(kept := tuple(row for row in line if row in there)) > 1]
    return [tuple(sorted(line)) for line in lines_over([*([line] for line in then), now])]
