"""Beside the change: the then-test against response shift, intention on the day, and the share right before and after.

All of the same sheets as the change. A then-test asks three months on where people were before: who puts it lower than
they had said measures themselves more strictly now, and what changed is more than before and after tell.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

from lms.kit.figures import shown_rate
from lms.kit.telling.numbers import is_small
from lms.kit.telling.scales import Scale, ToldScale
from lms.kit.words import count
from surveys.impact.change.figures import AnswersBehind, of_those_asked
from surveys.impact.change.rules import Group, groups_of
from surveys.impact.compared.figures import NOTHING_COMPARED, WaitingTold
from surveys.impact.distributions.figures import Bands, OfCourse, distribution_of, distribution_of_some
from surveys.impact.rules import Matched, MatchedChange, change_of
from surveys.impact.student.rules import Difference
from surveys.pairs.queries import AskedBeside, PracticeAsked, PracticeRead
from surveys.pairs.rules import Side, Steps
from surveys.questions.measures.rules import KNOWLEDGE, RIGHT, WRONG, Sense
from surveys.questions.rules import NO_ANSWER, one_decimal

SHIFTS = {
    Group.WEAKER: "They put their start lower than they had said: a stricter measure now",
    Group.SAME: "No clear shift",
    Group.STRONGER: "They put their start higher than they had said",
}
INTENTIONS = {
    Group.WEAKER: "Less than they meant",
    Group.SAME: "About as they meant",
    Group.STRONGER: "More than they meant",
}
RIGHT_OR_NOT = Scale(("Right", "Not right", NO_ANSWER), yes=1, blank=1)
KNOWN = Bands((range(RIGHT, RIGHT + 1), range(WRONG, WRONG + 1)), RIGHT_OR_NOT)


@dataclass(frozen=True)
class Shift:
    """A practice with a then-test: the change from what was said before, the change looking back, and the shift."""

    words: str
    said: MatchedChange
    back: MatchedChange
    shift: MatchedChange
    group: Group = Group.SAME

    @property
    def verdict(self) -> str:
        return SHIFTS[self.group]


@dataclass(frozen=True)
class Intended:
    """What people meant on the day, and what they do three months on."""

    words: str
    gap: MatchedChange
    group: Group = Group.SAME

    @property
    def verdict(self) -> str:
        return INTENTIONS[self.group]


@dataclass(frozen=True)
class Known:
    """A question with a right answer: how many of the same people were right before and three months on."""

    words: str
    is_case: bool
    before: ToldScale
    after: ToldScale
    level: int | None = None

    @property
    def title(self) -> str:
        return f"The case: {self.words}" if self.is_case else self.words

    @property
    def of(self) -> int:
        """Who answered both times, where that is told; otherwise all who were asked."""
        least, most = self.before.within(0, 1)
        return most if least == most else self.before.of

    @property
    def shown(self) -> tuple[str, str]:
        """14 (35.0%), most of 20"""
        return self._right(self.before), self._right(self.after)

    def _right(self, told: ToldScale) -> str:
        number = told.first(1).number
        if number is None:
            return told.shown(told.parts[0])
        return f"{number:,} ({shown_rate(number, self.of)})"

    @property
    def said(self) -> str:
        """The case: What do you do? Right before 14 (35.0%), three months on 31 (77.5%), of 40."""
        before, after = self.shown
        return f"{self.title} Right before {before}, three months on {after}, of {self.of:,}."

    @property
    def difference(self) -> Difference | None:
        """Of the shares as they are told; None where one is not told exactly."""
        before, after = (told.first(1).number for told in (self.before, self.after))
        if before is None or after is None:
            return None
        one, other = before / self.of, after / self.of
        error = sqrt((one * (1 - one) + other * (1 - other)) / self.of)
        return Difference(other - one, error, 2 * self.of - 2)

    @property
    def change(self) -> str:
        """+24.0 points (9.1 to 38.9)"""
        made = self.difference
        if made is None:
            return "not exact"
        low, high = (one_decimal(100 * each) for each in made.interval())
        points = one_decimal(100 * made.mean)
        return f"{points:+} points ({low} to {high})".replace("-", "−")


@dataclass(frozen=True)
class Beside:
    """All of it; empty where nothing of it was asked."""

    shifts: tuple[Shift, ...] = ()
    intentions: tuple[Intended, ...] = ()
    known: tuple[Known, ...] = ()
    waiting: WaitingTold = NOTHING_COMPARED

    @property
    def shift_words(self) -> str:
        """Whether the change is told too small or too large by what people said before."""
        lower = [each for each in self.shifts if each.group is Group.WEAKER]
        if not lower:
            return ""
        return (
            f"On {len(lower)} of {count(len(self.shifts), 'practice')} people put their start lower, looking back, "
            "than they had said before: what changed may be more than the figures above tell."
        )


NOTHING_BESIDE = Beside()


def beside_of(
    sheets: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
    beside: Sequence[AskedBeside],
    today: date,
    behind: AnswersBehind,
) -> Beside:
    """What stands beside the change of the same sheets."""
    shifts = [made for each in asked if (made := _shift(each, _about(each, beside, Sense.LOOKING_BACK), sheets))]
    intended = [meant for each in asked if (meant := _intended(each, _about(each, beside, Sense.INTENTION), sheets))]
    of_shifts = groups_of([each.shift.difference for each in shifts])
    of_intended = groups_of([each.gap.difference for each in intended])
    told = {(each.course_id, each.half_on) for each in sheets}
    halves = {half_on for _, half_on in told}
    everybody = [each for each in behind.sheets if each.half_on in halves]
    some = None if behind.is_whole else told
    known = [_known(each, everybody, behind.course_id, some, today) for each in beside if each.sense is Sense.NOW]
    return Beside(
        tuple(replace(each, group=group) for each, group in zip(shifts, of_shifts, strict=True)),
        tuple(replace(each, group=group) for each, group in zip(intended, of_intended, strict=True)),
        tuple(each for each in known if each is not None),
    )


def _about(practice: PracticeAsked, beside: Iterable[AskedBeside], sense: Sense) -> str:
    """The code of the question that asks this of a practice; empty for none."""
    return next((each.code for each in beside if each.sense is sense and each.practice_code == practice.code), "")


def _shift(practice: PracticeAsked, then_code: str, sheets: Sequence[PracticeRead]) -> Shift | None:
    if not then_code:
        return None
    people = _of_those_asked(
        [each for each in sheets if each.side is Side.BOTH],
        lambda sheet: _means(sheet, practice.code, then_code, lambda now, then: (now.before, then.after, now.after)),
    )
    said = change_of([Matched(each[0], each[2]) if each else None for each in people])
    back = change_of([Matched(each[1], each[2]) if each else None for each in people])
    shift = change_of([Matched(each[0], each[1]) if each else None for each in people])
    return Shift(practice.words, said, back, shift) if said and back and shift else None


def _intended(practice: PracticeAsked, code: str, sheets: Sequence[PracticeRead]) -> Intended | None:
    if not code:
        return None
    people = _of_those_asked(
        _there_on_the_day(sheets),
        lambda sheet: _means(sheet, practice.code, code, lambda now, meant: (meant.on_the_day, now.after)),
    )
    gap = change_of([Matched(*each) if each else None for each in people])
    return Intended(practice.words, gap) if gap else None


Means = tuple[float, ...]


def _of_those_asked(sheets: Iterable[PracticeRead], said: Callable[[PracticeRead], Means | None]) -> list[Means | None]:
    return [each for _, each in of_those_asked(sheets, said)]


def _there_on_the_day(sheets: Iterable[PracticeRead]) -> list[PracticeRead]:
    """Who answered three months on, and said anything on the day; all of them, where 1 to 4 said nothing then."""
    later = [each for each in sheets if each.side in (Side.BOTH, Side.AFTER)]
    there = [each for each in later if any(steps.on_the_day for steps in each.steps.values())]
    return later if is_small(len(later) - len(there)) else there


def _means(
    sheet: PracticeRead, code: str, other: str, numbers: Callable[[Steps, Steps], tuple[int | None, ...]]
) -> Means | None:
    """One person's numbers; of several outcomes the means of those of which all are there."""
    found = [
        numbers(each, sheet.steps[other, item])
        for (of, item), each in sheet.steps.items()
        if of == code and (other, item) in sheet.steps
    ]
    whole = [[float(each) for each in one if each is not None] for one in found if None not in one]
    return tuple(sum(column) / len(whole) for column in zip(*whole, strict=True)) if whole else None


def _known(
    asked: AskedBeside,
    sheets: Iterable[PracticeRead],
    course_id: int | None,
    some: Collection[tuple[int, date]] | None,
    today: date,
) -> Known | None:
    """Of all courses or of one; or of some that a learning point is taught at, of each with a row of its own."""
    item = (asked.code, KNOWLEDGE)

    def right(sheet: PracticeRead) -> Matched | None:
        steps = sheet.steps.get(item)
        return Matched(steps.before, steps.after) if steps and steps.before and steps.after else None

    both = [each for each in sheets if each.side is Side.BOTH]
    people = [OfCourse(sheet.course_id, sheet.half_on, made) for sheet, made in of_those_asked(both, right)]
    told = (
        distribution_of(people, course_id, today, KNOWN)
        if some is None
        else distribution_of_some(people, some, today, KNOWN)
    )
    return Known(asked.words, asked.is_case, told.before, told.after, asked.level) if told else None
