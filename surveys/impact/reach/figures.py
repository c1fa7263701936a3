"""The funnel and its tables by course, sector and agency: attended, invited, delivered, answered, by half-years.

All of it is told half-year by half-year, and added up. Of everybody four steps are told, by `lms.kit.telling.steps`; of
a course, sector or agency how many letters arrived and how many answered: who was there, by course and agency, is told
by the yearly figures, and both together would tell of single people.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lms.kit.figures import rate_shown
from lms.kit.telling.lines import lines_of, lines_over, others_named
from lms.kit.telling.numbers import Told, is_small
from lms.kit.telling.steps import added_steps, between, tell_steps
from lms.kit.words import listed
from surveys.impact.queries import AgencyNamed, AskedOfEvent, HeldEvent, Stamp
from surveys.impact.units.figures import CourseHalf, Units
from surveys.selection.rules import Span

Name = TypeVar("Name", bound=Hashable)
Line = tuple[int, ...]
"""Courses that are told together, by their ids."""
NOT_FOR_PARTS = "By sector and agency, answers are told for all courses together, so that no one is found by comparing."
ORDER = (3, 2, 0, 1)
"""Which of attended, invited, delivered and answered are told first: who answered, then of how many."""
NOTHING = Told(0)


@dataclass(frozen=True)
class ReachFunnel:
    """From everybody who was there to those who answered, as it is told.

    `is_whole`: of all courses; of some of them only how many letters arrived and how many answered. `reasons`: why some
    were not invited, where it is told how many those were.
    """

    events: int = 0
    attended: Told = NOTHING
    invited: Told = NOTHING
    delivered: Told = NOTHING
    answered: Told = NOTHING
    reasons: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def bounced(self) -> Told:
        return between(self.invited, self.delivered)

    @property
    def not_invited(self) -> Told:
        return between(self.attended, self.invited)

    @property
    def rate(self) -> str:
        return rate_shown(self.answered, self.delivered)

    @property
    def reach(self) -> str:
        return rate_shown(self.invited, self.attended)


@dataclass(frozen=True)
class ReachLine:
    """A line of a table: one course, sector or agency, or several that are told together."""

    name: str
    delivered: Told
    answered: Told
    parent: str = ""

    @property
    def rate(self) -> str:
        return rate_shown(self.answered, self.delivered)

    @property
    def per_cent(self) -> float | None:
        if self.answered.number is None or not self.delivered.number:
            return None
        return 100 * self.answered.number / self.delivered.number


@dataclass(frozen=True)
class BySector:
    """Who answered by sector and agency; or in `why_not` why that is not told here."""

    sectors: tuple[ReachLine, ...] = ()
    agencies: tuple[ReachLine, ...] = ()
    total: ReachLine | None = None
    why_not: str = ""


REASONS = {"no_address": "no address", "opted_out": "opted out", "erased": "asked to be erased"}


def funnel_of(events: Iterable[HeldEvent], units: Units, *, is_whole: bool) -> ReachFunnel:
    """The funnel of the events of units, told half-year by half-year; of parts, unit by unit."""
    held = list(events)
    groups: dict[Hashable, list[AskedOfEvent]] = defaultdict(list)
    for each in held:
        unit = units.of_event[each.id]
        groups[unit.half if is_whole else unit] += each.asked
    if not groups:
        return ReachFunnel(is_whole=is_whole)
    steps = added_steps([_four_steps(rows) if is_whole else _two_steps(rows) for rows in groups.values()])
    attended, invited, delivered, answered = steps if is_whole else (Told(None), Told(None), *steps)
    found = ReachFunnel(len(held), attended, invited, delivered, answered, (), is_whole)
    if found.not_invited.number is None:
        return found
    rows = [row for those in groups.values() for row in those]
    return replace(
        found, reasons=tuple(words for name, words in REASONS.items() if any(getattr(r, name) for r in rows))
    )


def _four_steps(rows: Sequence[AskedOfEvent]) -> tuple[Told, ...]:
    """Attended, invited, delivered, answered, of all people of a half-year.

    How many were there all the time, and how many of them had booked, stands in the yearly figures: who was there at
    all tells how many were there in part, or walked in.
    """
    numbers = [_sum(rows, name) for name in ("attended", "invited", "delivered", "answered")]
    others = (_sum(rows, "part_attended"), _sum(rows, "walked_in"))
    return tell_steps(numbers, ORDER, untold=[0] if any(map(is_small, others)) else ())


def _two_steps(rows: Sequence[AskedOfEvent]) -> tuple[Told, ...]:
    return tell_steps([_sum(rows, "delivered"), _sum(rows, "answered")], (1, 0))


def events_of(held: Iterable[HeldEvent], units: Units, selected: Collection[CourseHalf]) -> list[HeldEvent]:
    """The events of units, with those that waited for them."""
    return [each for each in held if units.of_event.get(each.id) in selected]


def by_course(held: Sequence[HeldEvent], units: Units, halves: Sequence[Span]) -> list[ReachLine]:
    """A line for each course; courses with few people are one."""
    rows = [(half, units.of_event[each.id].course_id, row) for half, each, row in _asked(held, units, halves)]
    plain = _as_they_came((half, row) for half, _, row in rows)
    made = [
        _line(_together(sorted(units.courses[each] for each in line), "course", "courses"), those)
        for line, those in _lines(rows, plain)
    ]
    return sorted(made, key=lambda line: (line.name[:1].isdigit(), line.name))


def course_lines(held: Sequence[HeldEvent], units: Units, halves: Sequence[Span]) -> dict[Span, list[Line]]:
    """Of each half-year the courses that have a line of their own, and those that are told together."""
    found: dict[Span, dict[int, list[AskedOfEvent]]] = defaultdict(lambda: defaultdict(list))
    for half, each, row in _asked(held, units, halves):
        found[half][units.of_event[each.id].course_id].append(row)
    plain = _as_they_came((half, row) for half, courses in found.items() for rows in courses.values() for row in rows)
    return {half: _lines_of_half(courses, is_plain=half in plain) for half, courses in found.items()}


def courses_alone(lines: Mapping[Span, Sequence[Line]]) -> set[CourseHalf]:
    """The units that have a line of their own in their half-year."""
    return {CourseHalf(half, line[0]) for half, those in lines.items() for line in those if len(line) == 1}


def by_sector(
    held: Sequence[HeldEvent], units: Units, halves: Sequence[Span], named: Mapping[Stamp, AgencyNamed]
) -> BySector:
    """Sectors, small ones together; and the agencies of each sector that stands alone, small ones together."""
    asked = [(half, row) for half, _, row in _asked(held, units, halves)]
    if not asked:
        return BySector()
    plain = _as_they_came(asked)
    sectors = _lines([(half, named[row.stamp].sector, row) for half, row in asked], plain)
    made = [_line(_named_together(line), those) for line, those in sectors]
    agencies: list[ReachLine] = []
    for line, those in sorted(sectors, key=lambda each: each[0]):
        if len(line) == 1:
            agencies += _agencies(line[0], [(half, row.stamp, row) for half, row in those], named, plain)
    return BySector(
        sectors=tuple(sorted(made, key=lambda row: (-(row.per_cent or 0), row.name))),
        agencies=tuple(agencies),
        total=_line("All sectors", asked),
    )


def _agencies(
    sector: str,
    rows: Sequence[tuple[Span, Stamp, AskedOfEvent]],
    named: Mapping[Stamp, AgencyNamed],
    plain: Collection[Span],
) -> list[ReachLine]:
    lines = _lines(rows, plain)
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


InHalf = tuple[Span, AskedOfEvent]


def _as_they_came(rows: Iterable[InHalf]) -> set[Span]:
    """The half-years in which nobody walked in or left early.

    There, who had booked and came, by line, is everybody who was there, and stands in the yearly figures.
    """
    others: dict[Span, int] = defaultdict(int)
    for half, row in rows:
        others[half] += row.part_attended + row.walked_in
    return {half for half, number in others.items() if not number}


def _lines(
    rows: Sequence[tuple[Span, Name, AskedOfEvent]], plain: Collection[Span]
) -> list[tuple[tuple[Name, ...], list[InHalf]]]:
    """The lines of a table over half-years: what one of them tells together is together, with its people."""
    by_half: dict[Span, dict[Name, list[AskedOfEvent]]] = defaultdict(lambda: defaultdict(list))
    for half, name, row in rows:
        by_half[half][name].append(row)
    tables = [_lines_of_half(those, is_plain=half in plain) for half, those in by_half.items()]
    return [(line, [(half, row) for half, name, row in rows if name in line]) for line in lines_over(tables)]


def _lines_of_half(groups: Mapping[Name, Sequence[AskedOfEvent]], *, is_plain: bool) -> list[tuple[Name, ...]]:
    return lines_of({name: _numbers(rows, is_plain=is_plain) for name, rows in groups.items()})


def _numbers(rows: Sequence[AskedOfEvent], *, is_plain: bool) -> list[int]:
    """The people of a line whose letter arrived, who answered, and who did not; and those whose letter did not arrive,
    where it is known how many were there."""
    attended, delivered, answered = (_sum(rows, name) for name in ("attended", "delivered", "answered"))
    return [delivered, answered, delivered - answered, *([attended - delivered] if is_plain else [])]


def _sum(rows: Iterable[AskedOfEvent], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _together(names: Sequence[str], one: str, many: str) -> str:
    """The name of a line: its own, or how many others it holds."""
    return names[0] if len(names) == 1 else others_named(len(names), one, many)


def _named_together(names: Sequence[str]) -> str:
    """Police; Local authority and Probation, together"""
    return names[0] if len(names) == 1 else f"{listed(sorted(names))}, together"


def _line(name: str, rows: Iterable[InHalf]) -> ReachLine:
    """A line as the sum of what each half-year tells of it."""
    halves: dict[Span, list[AskedOfEvent]] = defaultdict(list)
    for half, row in rows:
        halves[half].append(row)
    delivered, answered = added_steps([_two_steps(those) for those in halves.values()])
    return ReachLine(name, delivered, answered)
