"""How many people said what, before and three months on: by half-years that are complete, all courses told together.

A half-year is told once it is complete, so that it never changes; a course only as far as it and the others of the half
do not give a small number of any of them away. What is told of several half-years is the sum of theirs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.kit.telling.numbers import SMALL
from lms.kit.telling.scales import Scale, ToldScale, added
from lms.kit.telling.together import ToldTable, tell_twice
from surveys.impact.rules import Matched
from surveys.questions.rules import NO_ANSWER
from surveys.selection.rules import half_of, is_complete

BANDS = (range(9, 11), range(7, 9), range(4, 7), range(1, 4))
SAID = ("9 or 10", "7 or 8", "4 to 6", "1 to 3")
SCALE = Scale((*SAID, NO_ANSWER), yes=2, blank=1)


@dataclass(frozen=True)
class Bands:
    """Which numbers are told as one answer, in the order of the scale, whose last word is no answer."""

    ranges: tuple[range, ...]
    scale: Scale


OF_SCALES = Bands(BANDS, SCALE)
OTHERS = 0
"""The courses of a half-year that are too small for a line of their own."""


@dataclass(frozen=True)
class Distribution:
    """How many people chose what, before and three months on."""

    before: ToldScale
    after: ToldScale


@dataclass(frozen=True)
class OfCourse:
    """What one person said, with the course and the half-year in which it is told. None: they left it out."""

    course_id: int
    half_on: date
    steps: Matched | None


def distribution_of(
    people: Sequence[OfCourse], course_id: int | None, today: date, bands: Bands = OF_SCALES
) -> Distribution | None:
    """The distribution of all courses or of one, of `people` of all courses; None where nothing may be told."""
    told = []
    for rows in _by_half(people, today).values():
        if course_id is None or course_id in rows:
            told.append(_both_told(rows, course_id, bands))
    return _together(told)


def distribution_of_some(
    people: Sequence[OfCourse], courses: Collection[tuple[int, date]], today: date, bands: Bands = OF_SCALES
) -> Distribution | None:
    """Of these courses in these half-years, of `people` of all courses: the sum of what is told of each alone."""
    return _together(
        [
            _both_told(rows, course_id, bands)
            for half_on, rows in _by_half(people, today).items()
            for course_id in rows
            if (course_id, half_on) in courses
        ]
    )


def _by_half(people: Sequence[OfCourse], today: date) -> "dict[date, Rows]":
    """The rows of each half-year that is complete."""
    halves: dict[date, list[OfCourse]] = defaultdict(list)
    for each in people:
        if is_complete(half_of(each.half_on), today):
            halves[each.half_on].append(each)
    return {half_on: _rows(those) for half_on, those in sorted(halves.items())}


Rows = Mapping[int, Sequence[Matched | None]]


def _both_told(rows: Rows, course_id: int | None, bands: Bands) -> tuple[ToldScale, ToldScale]:
    before, after = (
        {course: _counted([pick(each) for each in those], bands) for course, those in rows.items()}
        for pick in (_before, _after)
    )
    tables: tuple[ToldTable[int], ToldTable[int]] = tell_twice(before, after, bands.scale)
    first, last = (table.total if course_id is None else table.rows[course_id] for table in tables)
    return first, last


def _before(steps: Matched | None) -> float | None:
    return None if steps is None else steps.before


def _after(steps: Matched | None) -> float | None:
    return None if steps is None else steps.after


def _together(scales: Iterable[tuple[ToldScale, ToldScale]]) -> Distribution | None:
    """The sum of those that may be told before and after."""
    told = [each for each in scales if each[0].is_told and each[1].is_told]
    return Distribution(added([each for each, _ in told]), added([each for _, each in told])) if told else None


def _rows(people: Sequence[OfCourse]) -> dict[int, list[Matched | None]]:
    """By course, ten people and more each; the others are one line, with as many more as it takes."""
    courses: dict[int, list[Matched | None]] = defaultdict(list)
    for each in people:
        courses[each.course_id].append(each.steps)
    rows = {course: those for course, those in sorted(courses.items()) if len(those) >= 2 * SMALL}
    rest = [each for course, those in courses.items() if course not in rows for each in those]
    while rest and len(rest) < 2 * SMALL and rows:
        rest += rows.pop(min(rows, key=lambda course: (len(rows[course]), course)))
    return {**rows, OTHERS: rest} if rest else rows


def _counted(numbers: Sequence[float | None], bands: Bands) -> list[int]:
    said = [sum(number in band for number in numbers) for band in bands.ranges]
    return [*said, len(numbers) - sum(said)]
