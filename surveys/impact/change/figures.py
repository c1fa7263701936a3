"""Change on the same people, by practice: three groups, the distribution behind each mean, and the half-years."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar

from surveys.impact.change.rules import Group, groups_in_words, groups_of
from surveys.impact.distributions.figures import Distribution, OfCourse, distribution_of
from surveys.impact.rules import Matched, MatchedChange, change_of
from surveys.pairs.queries import PracticeAsked, PracticeRead
from surveys.pairs.rules import Item, Side
from surveys.questions.measures.rules import KNOWLEDGE
from surveys.questions.rules import QuestionKind, one_decimal
from surveys.selection.rules import Span, half_of, is_complete


@dataclass(frozen=True)
class Practice:
    """One practice, what its scale means, its change, its group, and how many said what."""

    code: str
    item: int
    words: str
    low_words: str
    high_words: str
    change: MatchedChange
    group: Group = Group.SAME
    distribution: Distribution | None = None
    level: int | None = None
    steps: tuple[str, ...] = ()
    """From the least to the most, where the scale is in words."""


@dataclass(frozen=True)
class HalfTold:
    """A half-year of a report: whether it is complete, so that nothing comes to it any more."""

    span: Span
    is_complete: bool


@dataclass(frozen=True)
class TrendRow:
    """All practices together in one half-year: the mean of each pair's own change."""

    half: HalfTold
    change: MatchedChange


@dataclass(frozen=True)
class Changes:
    """What changed. `matched` answered before and three months on; `unpaired` three months on only.

    `is_people`: of one course and half-year, in which everybody counts once; otherwise they are pairs of answers.
    """

    practices: tuple[Practice, ...]
    matched: int
    unpaired: int
    halves: tuple[HalfTold, ...]
    trend: tuple[TrendRow, ...]
    is_people: bool
    matched_in: Mapping[date, int] = field(default_factory=dict)
    """By the first day of a half-year, those of it who answered before and three months on."""

    def within(self, halves: Collection[Span]) -> "Changes":
        """How many were matched in these half-years alone: a report tells who answered of complete ones only."""
        known = {each.from_on: self.matched_in.get(each.from_on, 0) for each in halves}
        return replace(self, matched=sum(known.values()) if self.matched else 0)

    @property
    def has_on_the_day(self) -> bool:
        return any(each.change.on_the_day is not None for each in self.practices)

    @property
    def answer(self) -> str:
        """The answer first."""
        return groups_in_words([each.group for each in self.practices])

    @property
    def adds_up(self) -> bool:
        """Whether every change as printed is the difference of its means as printed."""
        return all(each.change.adds_up for each in self.practices)

    def of(self, group: str) -> tuple[Practice, ...]:
        """The practices of a group, the largest change first, as it is printed."""
        those = [each for each in self.practices if each.group == group]
        return tuple(sorted(those, key=lambda each: (-abs(one_decimal(each.change.change)), each.words)))


@dataclass(frozen=True)
class AnswersBehind:
    """The sheets of all courses, and the one course that a report is about: behind distributions and the trend."""

    sheets: Sequence[PracticeRead]
    course_id: int | None
    is_whole: bool
    """The report is of all courses or of one: not of some that somebody chose."""


def changes_of(
    sheets: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
    outcomes: Mapping[Item, str],
    today: date,
    behind: AnswersBehind,
) -> Changes:
    """Change by practice on the people who answered it before and three months on.

    `outcomes` names the outcomes of a course; without it they are one practice, the mean of each person's own, of those
    that they answered both times.
    """
    both = _both(sheets)
    found = [
        (each, made)
        for each, people in answered_twice(both, asked, outcomes)
        if (made := change_of(people)) is not None
    ]
    groups = groups_of([change.difference for _, change in found])
    counted = [each for each in sheets if each.side in (Side.BOTH, Side.AFTER)] if found else both
    halves = _halves({each.half_on for each in counted}, today)
    told = {each.span.from_on for each in halves}
    of_halves = _both(each for each in behind.sheets if each.half_on in told) if behind.is_whole else []
    trend = [each for each in _both(behind.sheets) if behind.course_id in (None, each.course_id)]
    return Changes(
        tuple(
            Practice(
                *each.item,
                each.words,
                each.asked.low_words,
                each.asked.high_words,
                change,
                group,
                _distribution(each, of_halves, behind.course_id, today),
                each.asked.level,
                each.asked.steps,
            )
            for (each, change), group in zip(found, groups, strict=True)
        ),
        matched=len(both) if found else 0,
        unpaired=sum(each.side is Side.AFTER for each in sheets),
        halves=tuple(halves),
        trend=tuple(_trend(trend if behind.is_whole else both, today)),
        is_people=len({(each.course_id, each.half_on) for each in both}) == 1,
        matched_in=Counter(each.half_on for each in both),
    )


def answered_twice(
    sheets: Sequence[PracticeRead], asked: Sequence[PracticeAsked], outcomes: Mapping[Item, str]
) -> Iterable[tuple["Compared", list[Matched | None]]]:
    """Each practice with the answers of those who were asked it before and three months on; None: left out."""
    for practice in _practices(asked, outcomes):
        yield practice, [made for _, made in of_those_asked(sheets, partial(_steps, practice))]


Said = TypeVar("Said")


def of_those_asked(
    sheets: Iterable[PracticeRead], said: Callable[[PracticeRead], Said | None]
) -> list[tuple[PracticeRead, Said | None]]:
    """What each sheet says of a practice, of the courses and half-years in which anybody said it.

    Who was asked another version there counts as having left it out, as everywhere.
    """
    made = [(sheet, said(sheet)) for sheet in sheets]
    asked = {(sheet.course_id, sheet.half_on) for sheet, answer in made if answer is not None}
    return [(sheet, answer) for sheet, answer in made if (sheet.course_id, sheet.half_on) in asked]


def _both(sheets: Iterable[PracticeRead]) -> list[PracticeRead]:
    return [each for each in sheets if each.side is Side.BOTH]


@dataclass(frozen=True)
class Compared:
    """A practice to compare; `is_mean`: all outcomes of a course, as the mean of each person's own."""

    item: Item
    words: str
    asked: PracticeAsked
    is_mean: bool = False


def _practices(asked: Iterable[PracticeAsked], outcomes: Mapping[Item, str]) -> Iterable[Compared]:
    """The scales asked before and three months on, in the order of the survey; outcomes one by one where named."""
    for each in asked:
        if each.kind is not QuestionKind.OUTCOMES:
            yield Compared((each.code, 0), each.words, each)
        elif outcomes:
            yield from (Compared(item, words, each) for item, words in outcomes.items() if item[0] == each.code)
        else:
            yield Compared((each.code, 0), "What the course set out to teach", each, is_mean=True)


def _steps(practice: Compared, sheet: PracticeRead) -> Matched | None:
    """Somebody's answers to a practice; of all outcomes, the means of those that they answered both times."""
    code = practice.item[0]
    steps = [
        each
        for key, each in sheet.steps.items()
        if (key[0] == code if practice.is_mean else key == practice.item)
        and each.before is not None
        and each.after is not None
    ]
    if not steps:
        return None
    days = [each.on_the_day for each in steps if each.on_the_day is not None]
    return Matched(
        sum(each.before or 0 for each in steps) / len(steps),
        sum(each.after or 0 for each in steps) / len(steps),
        sum(days) / len(days) if len(days) == len(steps) else None,
    )


def _distribution(
    practice: Compared, sheets: Sequence[PracticeRead], course_id: int | None, today: date
) -> Distribution | None:
    """Of outcomes only those of one course: the first of one course is not the first of another."""
    if practice.is_mean:
        return None
    those = [sheet for sheet in sheets if not practice.item[1] or sheet.course_id == course_id]
    people = [
        OfCourse(sheet.course_id, sheet.half_on, made)
        for sheet, made in of_those_asked(those, partial(_steps, practice))
    ]
    return distribution_of(people, course_id, today)


def _halves(first_days: Iterable[date], today: date) -> list[HalfTold]:
    halves = [half_of(each) for each in sorted(first_days)]
    return [HalfTold(half, is_complete(half, today)) for half in halves]


def _trend(both: Sequence[PracticeRead], today: date) -> Iterable[TrendRow]:
    """Each half-year with five pairs or more: each pair's mean of what was answered both times."""
    for half in _halves({each.half_on for each in both}, today):
        change = change_of([_own_mean(sheet) for sheet in both if sheet.half_on == half.span.from_on])
        if change is not None:
            yield TrendRow(half, change)


def _own_mean(sheet: PracticeRead) -> Matched | None:
    steps = [
        (each.before, each.after)
        for (_, item), each in sheet.steps.items()
        if item != KNOWLEDGE and each.before and each.after
    ]
    if not steps:
        return None
    before, after = zip(*steps, strict=True)
    return Matched(sum(before) / len(steps), sum(after) / len(steps))
