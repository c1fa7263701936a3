"""Of which half-year and course an answer is told: whole half-years, once all of their surveys have closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.kit.telling.numbers import is_small
from lms.kit.telling.releases import releases
from lms.kit.working_days import london_date
from surveys.impact.content.queries import SheetRead, TextRead
from surveys.impact.queries import HeldEvent
from surveys.selection.rules import CLOSING, Selection, Span, complete_on, half_of, halves_within, is_complete

LETTING_OUT = timedelta(days=7)
"""Time between the last survey of a half-year and its being told: answers come out in the nights after a closing."""


@dataclass(frozen=True)
class CourseHalf:
    """The events of one course in one half-year."""

    half: Span
    course_id: int


@dataclass(frozen=True)
class Units:
    """Where events and their answers belong. What waits for more answers of its course is nowhere yet."""

    of_event: Mapping[int, CourseHalf]
    of_pool: Mapping[tuple[int, date], CourseHalf]
    """By course and month, for answers that came out without their event."""
    courses: Mapping[int, str]

    def of(self, answer: SheetRead | TextRead) -> CourseHalf | None:
        """The unit of a sheet or text."""
        if answer.event_id is not None:
            return self.of_event.get(answer.event_id)
        return self.of_pool.get((answer.course_id or 0, answer.period_on))


def units_of(held: Sequence[HeldEvent], closing: timedelta = CLOSING) -> Units:
    """The units of events whose survey has closed, in the order of closing.

    Events of a course that came out together belong to the half-year of the last of them. A survey that closed after
    its half-year was told belongs to the next: what was told stays as it was.
    """
    by_id = {each.id: each for each in held}
    of_event: dict[int, CourseHalf] = {}
    of_pool: dict[tuple[int, date], CourseHalf] = {}
    for release in releases((each.id, each.course_id, each.answered, _closed_on(each)) for each in held):
        last = by_id[release[-1]]
        unit = CourseHalf(_half(last, closing), last.course_id)
        of_event |= dict.fromkeys(release, unit)
        if is_small(last.answered):
            of_pool[last.course_id, (_closed_on(last) + timedelta(days=1)).replace(day=1)] = unit
    return Units(of_event, of_pool, {each.course_id: each.course for each in held})


def _closed_on(event: HeldEvent) -> date:
    return london_date(event.closed_at)


def _half(event: HeldEvent, closing: timedelta) -> Span:
    half = half_of(event.held_on)
    while _closed_on(event) + LETTING_OUT > complete_on(half, closing):
        half = half_of(half.to_on + timedelta(days=1))
    return half


def halves_told(span: Span, today: date, closing: timedelta = CLOSING) -> list[Span]:
    """The half-years within a span that are complete."""
    return [half for half in halves_within(span) if is_complete(half, today, closing)]


def halves_to_come(span: Span, today: date, closing: timedelta = CLOSING) -> list[Span]:
    """The half-years within a span that have begun and are not complete yet."""
    return [half for half in halves_within(span) if half.from_on <= today and not is_complete(half, today, closing)]


def units_selected(units: Units, selection: Selection, halves: Iterable[Span]) -> set[CourseHalf]:
    """The units that a selection is about: for a learning point those all of whose events taught it."""
    told = set(halves)
    those = {unit for unit in units.of_event.values() if unit.half in told}
    if selection.event_ids is not None:
        others = {unit for event_id, unit in units.of_event.items() if event_id not in selection.event_ids}
        those -= others
    return {unit for unit in those if selection.course_id in (None, unit.course_id)}


def is_told(course_id: int, half_on: date, selection: Selection, held: Sequence[HeldEvent]) -> bool:
    """Whether a course and half-year lies wholly in a selection: the half itself, and every event of the course in it.

    Where there is no event, what joined it from the half before is told with the course.
    """
    half = half_of(half_on)
    if not (selection.span.has(half.from_on) and selection.span.has(half.to_on)):
        return False
    events = [each for each in held if each.course_id == course_id and half.has(each.held_on)]
    if not events:
        return selection.course_id in (None, course_id) and selection.event_ids is None
    return selection.course_id in (None, course_id) and (
        selection.event_ids is None or {each.id for each in events} <= selection.event_ids
    )
