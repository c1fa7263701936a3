"""What a reader can choose a report of, and what of that a stage may tell: whole half-years, courses with a line."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from courses.coverage.reach.queries import events_covering
from lms.frame.work import Work
from lms.kit.telling.numbers import is_small
from reviews.learning.queries import find_point
from surveys.impact.content.queries import TextRead
from surveys.impact.queries import HeldEvent
from surveys.impact.reach.figures import Line, ReachFunnel, course_lines, courses_alone, events_of, funnel_of
from surveys.impact.units.figures import CourseHalf, Units, halves_told, units_of, units_selected
from surveys.selection.rules import CLOSING, Selection, Span, is_complete, spans_to_choose


@dataclass(frozen=True)
class ImpactChoices:
    """What the reader can choose among."""

    spans: tuple[Span, ...]
    courses: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class StageTold:
    """What a report may tell of one stage: the half-years, and within them the units that were asked for."""

    held: Sequence[HeldEvent]
    units: Units
    halves: tuple[Span, ...]
    selected: frozenset[CourseHalf]
    lines: Mapping[Span, Sequence[Line]]
    is_whole: bool = True
    """Of all courses; `lines`: of each half-year the courses with a line of their own, and those told together."""

    @property
    def funnel(self) -> ReachFunnel:
        return funnel_of(events_of(self.held, self.units, self.selected), self.units, is_whole=self.is_whole)

    def tells(self, answer: TextRead) -> bool:
        """Whether somebody's words belong to what is told."""
        return self.units.of(answer) in self.selected

    def within(self, halves: Collection[Span]) -> "StageTold":
        """The same of these half-years alone: a stage that is told sooner, beside one that is told later."""
        return replace(
            self,
            halves=tuple(half for half in self.halves if half in halves),
            selected=frozenset(unit for unit in self.selected if unit.half in halves),
        )


def span_by_key(spans: Sequence[Span], key: str, today: date, closing: timedelta = CLOSING) -> Span:
    """The span that an address names; the latest complete half-year when it names none."""
    halves = [each for each in spans if each.key.endswith(("-h1", "-h2"))]
    latest = next((each for each in halves if is_complete(each, today, closing)), spans[0])
    return next((each for each in spans if each.key == key), latest)


def choices_of(events: Sequence[HeldEvent], today: date) -> ImpactChoices:
    """Everything that can be chosen."""
    days = [each.held_on for each in events] or [today]
    courses = {each.course_id: each.course for each in events}
    return ImpactChoices(
        spans=tuple(spans_to_choose(min(days), max(days))),
        courses=tuple(sorted(courses.items(), key=lambda each: each[1])),
    )


def events_of_point(work: Work, point_id: int) -> frozenset[int]:
    """The events that taught a learning point, since their course covers it."""
    return events_covering(work.session, [point_id]).get(point_id, frozenset())


def told_of(held: Sequence[HeldEvent], selection: Selection, today: date, closing: timedelta = CLOSING) -> StageTold:
    """What may be told of a selection: complete half-years, in which nobody or five and more answered.

    Of single courses those with a line of their own; the others are told together with all courses only.
    """
    units = units_of(held, closing)
    answered = Counter[Span]()
    for each in held:
        if unit := units.of_event.get(each.id):
            answered[unit.half] += each.answered
    halves = tuple(half for half in halves_told(selection.span, today, closing) if not is_small(answered[half]))
    lines = course_lines(held, units, halves)
    selected = units_selected(units, selection, halves)
    if not selection.is_whole:
        selected &= courses_alone(lines)
    return StageTold(held, units, halves, frozenset(selected), lines, selection.is_whole)


def point_selected(work: Work, point_id: int, span: Span) -> Selection:
    """The selection of a learning point. Raises NotFound for one that the reader must not see."""
    point = find_point(work.session, work.actor, point_id)
    return Selection(span, point_ref=point.ref, event_ids=events_of_point(work, point_id), point_id=point_id)
