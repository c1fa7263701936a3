"""Somebody who reads who was asked and who answered, in every table and by every door, and looks for small numbers.

What is read is words: the steps of a funnel and the lines of tables, as a page, a workbook, an answer of the API or a
published report prints them.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.telling.numbers import is_small
from tests.adversary import Adversary

KINDS = ("answered", "silent", "bounced", "not_invited")
STEPS: Mapping[str, tuple[str, ...]] = {
    "attended": KINDS,
    "invited": KINDS[:3],
    "delivered": KINDS[:2],
    "answered": KINDS[:1],
}
"""Each step, and those who are counted in it."""
ALL = "all"


@dataclass(frozen=True)
class OneAsked:
    """Somebody who was there: in which half-year they are told, and what became of their invitation."""

    half: Hashable
    course: str
    sector: str
    agency: str
    kind: str


@dataclass(frozen=True)
class LineRead:
    """A line of a table as it is printed; `parent` is the sector of an agency."""

    by: str
    name: str
    delivered: str
    answered: str
    parent: str = ""


class ReadsReach:
    """Everything that is printed of some half-years."""

    def __init__(self, people: Iterable[OneAsked]) -> None:
        self.names: dict[str, set[tuple[str, ...]]] = {"course": set(), "sector": set(), "agency": set()}
        self.halves: set[Hashable] = set()
        counts: Counter[Hashable] = Counter()
        for each in people:
            self.halves.add(each.half)
            rows = {"course": (each.course,), "agency": (each.sector, each.agency), "sector": (each.sector,)}
            for by, row in rows.items():
                self.names[by].add(row)
                counts[each.half, by, row, each.kind] += 1
            counts[each.half, ALL, (), each.kind] += 1
        truth = {
            (half, by, row, kind): counts[half, by, row, kind]
            for half in self.halves
            for by, rows in (*self.names.items(), (ALL, {()}))
            for row in rows
            for kind in KINDS
        }
        self.known = Adversary(truth)
        for half in self.halves:
            for kind in KINDS:
                self._adds_up(half, kind)

    def _adds_up(self, half: Hashable, kind: str) -> None:
        for by in ("course", "sector"):
            parts = {(half, by, row, kind): 1 for row in self.names[by]}
            self.known.is_told({(half, ALL, (), kind): -1, **parts}, 0, 0)
        for sector in self.names["sector"]:
            parts = {(half, "agency", row, kind): 1 for row in self.names["agency"] if row[:1] == sector}
            self.known.is_told({(half, "sector", sector, kind): -1, **parts}, 0, 0)

    def of(
        self, halves: Iterable[Hashable], by: str, rows: Iterable[tuple[str, ...]], step: str
    ) -> dict[Hashable, int]:
        """Those of these rows who are counted in a step."""
        there = [half for half in halves if half in self.halves]
        return {(half, by, row, kind): 1 for half in there for row in rows for kind in STEPS[step]}

    def steps(self, halves: Sequence[Hashable], shown: Mapping[str, object]) -> None:
        """The funnel of all courses, as it is printed of these half-years."""
        for step, words in shown.items():
            self.known.read(self.of(halves, ALL, [()], step), words)

    def lines(self, halves: Sequence[Hashable], lines: Sequence[LineRead]) -> None:
        """The tables, as they are printed of these half-years."""
        for line in lines:
            rows = list(self._rows(line, lines, halves))
            assert rows or line.delivered == "0", line
            for step, words in (("delivered", line.delivered), ("answered", line.answered)):
                self.known.read(self.of(halves, line.by, rows, step), words)

    def _rows(self, line: LineRead, lines: Sequence[LineRead], halves: Sequence[Hashable]) -> Iterator[tuple[str, ...]]:
        """Whom a line is about: those that it names, or those of its table that no other line does."""
        there = {
            row
            for row in self.names[line.by]
            if line.by != "agency" or row[0] == line.parent
            if any(self.known.truth.get((half, line.by, row, kind)) for half in halves for kind in KINDS)
        }
        named = {row for row in there if row[-1] == line.name or _is_among(row[-1], line.name)}
        if named:
            yield from named
            return
        others = [each for each in lines if each is not line and (each.by, each.parent) == (line.by, line.parent)]
        yield from (row for row in there if not any(row[-1] == each.name for each in others))

    def secrets(self) -> Iterator[dict[Hashable, int]]:
        """Every small number that somebody may look for, of each half-year."""
        wanted = [*((kind,) for kind in KINDS), KINDS[1:], KINDS[2:]]
        for half in self.halves:
            for kinds in wanted:
                yield from self._small(half, ALL, [()], kinds)
            for by in ("course", "sector", "agency"):
                for kind in KINDS[:2]:
                    for row in self.names[by]:
                        yield from self._small(half, by, [row], (kind,))

    def _small(
        self, half: Hashable, by: str, rows: Iterable[tuple[str, ...]], kinds: Iterable[str]
    ) -> Iterator[dict[Hashable, int]]:
        parts: dict[Hashable, int] = {(half, by, row, kind): 1 for row in rows for kind in kinds}
        if is_small(sum(self.known.truth[each] for each in parts)):
            yield parts

    def finds(self) -> list[dict[Hashable, int]]:
        """The small numbers that can be no other."""
        return list(self.known.finds(self.secrets()))  # type: ignore[arg-type]


def _is_among(name: str, words: str) -> bool:
    """Health, Police and Probation, together"""
    return words.endswith(", together") and f", {name}," in f", {words.replace(' and ', ', ')},"
