"""Of which half-year and course an answer is told: whole half-years, once all of their surveys have closed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from lms.kit.telling.numbers import is_small
from lms.kit.telling.releases import releases
from lms.kit.working_days import london_date
from surveys.impact.content.queries import SheetRead, TextRead
from surveys.impact.queries import HeldEvent
from surveys.selection.rules import CLOSING, FEW_WAIT, Selection, Span, complete_on, half_of, halves_within, is_complete

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
    pooled: Mapping[int, date] = field(default_factory=dict)
    """By event, the month in which answers came out with it without their event."""
    held_in: Mapping[int, CourseHalf] = field(default_factory=dict)
    """The course and half-year in which each event was held: where what changed is told, whatever waits."""

    @cached_property
    def events(self) -> dict[CourseHalf, frozenset[int]]:
        """The events of which something is told with each unit."""
        found: dict[CourseHalf, set[int]] = defaultdict(set)
        for event_id, unit in (*self.of_event.items(), *self.held_in.items()):
            found[unit].add(event_id)
        return {unit: frozenset(those) for unit, those in found.items()}

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
    of_event = {each.id: CourseHalf(half_of(each.told_on), each.course_id) for each in held if each.told_on}
    pooled = {each.id: each.pooled_on for each in held if each.pooled_on}
    told = {unit.half for unit in of_event.values()}
    counted = ((each.id, each.course_id, each.answered, _closed_on(each)) for each in held if each.told_on is None)
    for release in releases(counted, FEW_WAIT):
        last = by_id[release[-1]]
        of_event |= dict.fromkeys(release, CourseHalf(_half(last, closing, told), last.course_id))
        if is_small(last.answered):
            pooled[last.id] = (_closed_on(last) + timedelta(days=1)).replace(day=1)
    of_pool = {(by_id[event_id].course_id, month): of_event[event_id] for event_id, month in pooled.items()}
    held_in = {each.id: CourseHalf(half_of(each.held_on), each.course_id) for each in held}
    return Units(of_event, of_pool, {each.course_id: each.course for each in held}, pooled, held_in)


def _closed_on(event: HeldEvent) -> date:
    return london_date(event.closed_at)


def _half(event: HeldEvent, closing: timedelta, told: Collection[Span]) -> Span:
    half = half_of(event.held_on)
    while half in told or _closed_on(event) + LETTING_OUT > complete_on(half, closing):
        half = half_of(half.to_on + timedelta(days=1))
    return half


def halves_told(span: Span, today: date, closing: timedelta = CLOSING) -> list[Span]:
    """The half-years within a span that are complete."""
    return [half for half in halves_within(span) if is_complete(half, today, closing)]


def halves_to_come(span: Span, today: date, closing: timedelta = CLOSING) -> list[Span]:
    """The half-years within a span that have begun and are not complete yet."""
    return [half for half in halves_within(span) if half.from_on <= today and not is_complete(half, today, closing)]


def units_selected(units: Units, selection: Selection, halves: Iterable[Span]) -> set[CourseHalf]:
    """The units of these half-years that a selection is about."""
    told = set(halves)
    return {unit for unit in set(units.of_event.values()) if unit.half in told and is_selected(unit, units, selection)}


def is_selected(unit: CourseHalf, units: Units, selection: Selection) -> bool:
    """Whether a unit lies wholly in a selection: its half-year, its course, and all of its events.

    The one rule for who was asked, for what people chose, and for what changed. Of a learning point that is every event
    of the unit taught by it; a unit without events that have closed is told with all, or with its course.
    """
    if not (selection.span.has(unit.half.from_on) and selection.span.has(unit.half.to_on)):
        return False
    if selection.course_id not in (None, unit.course_id):
        return False
    if selection.event_ids is None:
        return True
    events = units.events.get(unit, frozenset())
    return bool(events) and events <= selection.event_ids
