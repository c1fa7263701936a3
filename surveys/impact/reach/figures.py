"""The funnel and its tables by course, sector and agency: attended, invited, delivered, answered, by half-years."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lms.kit.figures import shown_rate
from lms.kit.telling.lines import lines_of, lines_over, others_named
from lms.kit.words import listed
from surveys.impact.queries import AgencyNamed, AskedOfEvent, HeldEvent, Stamp
from surveys.impact.units.figures import CourseHalf, Units
from surveys.selection.rules import Span

Name = TypeVar("Name", bound=Hashable)
NOT_FOR_PARTS = "By sector and agency, answers are told for all courses together, so that nobody is found by comparing."


@dataclass(frozen=True)
class ReachFunnel:
    """From everybody who was there to those who answered."""

    events: int = 0
    attended: int = 0
    invited: int = 0
    delivered: int = 0
    answered: int = 0
    no_address: int = 0
    opted_out: int = 0
    erased: int = 0

    @property
    def bounced(self) -> int:
        return self.invited - self.delivered

    @property
    def not_invited(self) -> int:
        return self.attended - self.invited

    @property
    def rate(self) -> str:
        return shown_rate(self.answered, self.delivered)

    @property
    def reach(self) -> str:
        return shown_rate(self.invited, self.attended)


@dataclass(frozen=True)
class ReachLine:
    """A line of a table: one course, sector or agency, or several that are told together."""

    name: str
    attended: int
    invited: int
    delivered: int
    answered: int
    parent: str = ""

    @property
    def rate(self) -> str:
        return shown_rate(self.answered, self.delivered)

    @property
    def per_cent(self) -> float | None:
        return 100 * self.answered / self.delivered if self.delivered else None


@dataclass(frozen=True)
class BySector:
    """Who answered by sector and agency; or in `why_not` why that is not told here."""

    sectors: tuple[ReachLine, ...] = ()
    agencies: tuple[ReachLine, ...] = ()
    total: ReachLine | None = None
    why_not: str = ""


def funnel_of(events: Iterable[HeldEvent]) -> ReachFunnel:
    """The funnel of these events."""
    held = list(events)
    names = ("attended", "invited", "delivered", "answered", "no_address", "opted_out", "erased")
    sums = {name: sum(getattr(row, name) for each in held for row in each.asked) for name in names}
    return ReachFunnel(events=len(held), **sums)


def events_of(held: Iterable[HeldEvent], units: Units, selected: Collection[CourseHalf]) -> list[HeldEvent]:
    """The events of units, with those that waited for them."""
    return [each for each in held if units.of_event.get(each.id) in selected]


def by_course(held: Sequence[HeldEvent], units: Units, halves: Sequence[Span]) -> list[ReachLine]:
    """A line for each course; courses with few people are one."""
    rows = [(half, units.of_event[each.id].course_id, row) for half, each, row in _asked(held, units, halves)]
    made = [
        _line(_together(sorted(units.courses[each] for each in line), "course", "courses"), those)
        for line, those in _lines(rows)
    ]
    return sorted(made, key=lambda line: (line.name[:1].isdigit(), line.name))


def courses_alone(held: Sequence[HeldEvent], units: Units, halves: Sequence[Span]) -> set[CourseHalf]:
    """The units that have a line of their own in their half-year."""
    found: dict[Span, dict[int, list[AskedOfEvent]]] = defaultdict(lambda: defaultdict(list))
    for half, each, row in _asked(held, units, halves):
        found[half][units.of_event[each.id].course_id].append(row)
    return {
        CourseHalf(half, line[0])
        for half, courses in found.items()
        for line in lines_of({course_id: _numbers(rows) for course_id, rows in courses.items()})
        if len(line) == 1
    }


def by_sector(
    held: Sequence[HeldEvent], units: Units, halves: Sequence[Span], named: Mapping[Stamp, AgencyNamed]
) -> BySector:
    """Sectors, small ones together; and the agencies of each sector that stands alone, small ones together."""
    asked = [(half, row) for half, _, row in _asked(held, units, halves)]
    if not asked:
        return BySector()
    sectors = _lines([(half, named[row.stamp].sector, row) for half, row in asked])
    made = [_line(_named_together(line), those) for line, those in sectors]
    agencies: list[ReachLine] = []
    for line, _ in sorted(sectors, key=lambda each: each[0]):
        if len(line) == 1:
            agencies += _agencies(line[0], asked, named)
    return BySector(
        sectors=tuple(sorted(made, key=lambda row: (-(row.per_cent or 0), row.name))),
        agencies=tuple(agencies),
        total=_line("All sectors", [row for _, row in asked]),
    )


def _agencies(
    sector: str, asked: Iterable[tuple[Span, AskedOfEvent]], named: Mapping[Stamp, AgencyNamed]
) -> list[ReachLine]:
    rows = [(half, row.stamp, row) for half, row in asked if named[row.stamp].sector == sector]
    lines = _lines(rows)
    if len(lines) == 1 and len(lines[0][0]) > 1:
        return [replace(_line(f"{len(lines[0][0])} agencies, together", lines[0][1]), parent=sector)]
    one, many = "agency of this sector", "agencies of this sector"
    made = [_line(_together([named[stamp].name for stamp in line], one, many), those) for line, those in lines]
    return [
        replace(each, parent=sector) for each in sorted(made, key=lambda line: (line.name[:1].isdigit(), line.name))
    ]


def _asked(
    held: Iterable[HeldEvent], units: Units, halves: Collection[Span]
) -> list[tuple[Span, HeldEvent, AskedOfEvent]]:
    """Who was asked at the events that half-years tell."""
    found = [(unit.half, each) for each in held if (unit := units.of_event.get(each.id)) and unit.half in halves]
    return [(half, each, row) for half, each in found for row in each.asked]


def _lines(rows: Sequence[tuple[Span, Name, AskedOfEvent]]) -> list[tuple[tuple[Name, ...], list[AskedOfEvent]]]:
    """The lines of a table over half-years: what one of them tells together is together, with its people."""
    by_half: dict[Span, dict[Name, list[AskedOfEvent]]] = defaultdict(lambda: defaultdict(list))
    for half, name, row in rows:
        by_half[half][name].append(row)
    tables = [lines_of({name: _numbers(those) for name, those in half.items()}) for half in by_half.values()]
    return [(line, [row for _, name, row in rows if name in line]) for line in lines_over(tables)]


def _numbers(rows: Iterable[AskedOfEvent]) -> list[int]:
    """The people of a line: there, and those who answered and who did not."""
    those = list(rows)
    answered, delivered = sum(row.answered for row in those), sum(row.delivered for row in those)
    return [sum(row.attended for row in those), answered, delivered - answered]


def _together(names: Sequence[str], one: str, many: str) -> str:
    """The name of a line: its own, or how many others it holds."""
    return names[0] if len(names) == 1 else others_named(len(names), one, many)


def _named_together(names: Sequence[str]) -> str:
    """Police; Local authority and Probation, together"""
    return names[0] if len(names) == 1 else f"{listed(sorted(names))}, together"


def _line(name: str, rows: Sequence[AskedOfEvent]) -> ReachLine:
    return ReachLine(
        name,
        sum(row.attended for row in rows),
        sum(row.invited for row in rows),
        sum(row.delivered for row in rows),
        sum(row.answered for row in rows),
    )
