"""Compared with people who waited: the change of both by course, and Welch's interval for the difference.

Only where 20 pairs and more stand on each side. Nobody was put on a side by lot, and every table says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from courses.coverage.rules import short_titles
from lms.kit.telling.numbers import at_least
from lms.kit.words import listed
from surveys.comparison.queries import AskedWaiting, asked_of_waiting
from surveys.impact.change.figures import answered_twice
from surveys.impact.change.rules import Group, compared_in_words, groups_of, number_in_words
from surveys.impact.rules import MatchedChange, change_of, signed
from surveys.impact.student.rules import Difference, between, mean_of
from surveys.impact.units.figures import CourseHalf, Units, is_selected
from surveys.pairs.queries import PracticeAsked, PracticeRead, sheets_of_waiting
from surveys.pairs.rules import Item, Side
from surveys.questions.rules import one_decimal
from surveys.selection.rules import Selection, half_of

ENOUGH = 20
"""Pairs on each side."""
VERDICTS = {
    Group.STRONGER: "Rose more, or fell less, among those who came",
    Group.SAME: "No clear difference",
    Group.WEAKER: "Rose less, or fell more, among those who came",
}
COUNTED = {
    Group.STRONGER: ("rose more, or fell less, among those who came",) * 2,
    Group.SAME: ("shows no clear difference", "show no clear difference"),
    Group.WEAKER: ("rose less, or fell more, among those who came",) * 2,
}
COMPARED_HEAD = (
    "Practice", "Came", "Came: before to 3 months", "Came: change", "Waited", "Waited: before to 3 months",
    "Waited: change", "Difference", "95% interval of the difference", "In words",
)  # fmt: skip
NO_LOT = "No one was put on a side by lot, so a difference can come from the course or from who they are."
METHOD = (
    "Both answered the same questions before, and again three months after the event. Those who waited agreed to be "
    "asked, and had no place on the course by then. People who got one left the comparison. Who gets a "
    "place first, and "
    "who answers, can differ in what no one measured; and where no difference is clear, it can be that too few waited "
    "to show one. It is what people say of themselves, on both sides. Someone who waited and came later can be on "
    "both. The interval is Welch’s."
)


@dataclass(frozen=True)
class BesideWaiting:
    """A practice of a course: the change of those who came, of those who waited, and how much more the one is."""

    course: str
    words: str
    came: MatchedChange
    waited: MatchedChange
    start: Difference
    group: Group = Group.SAME

    @property
    def difference(self) -> Difference:
        return between(self.came.difference, self.waited.difference)

    @property
    def interval(self) -> str:
        """0.4 to 2.1"""
        low, high = self.difference.interval()
        return f"{signed(low)} to {signed(high)}"

    @property
    def adds_up(self) -> bool:
        """Whether the difference as printed is that of the changes as printed, and these of their means."""
        of_changes = one_decimal(self.came.change) - one_decimal(self.waited.change)
        return self.came.adds_up and self.waited.adds_up and of_changes == one_decimal(self.difference.mean)

    @property
    def starts_apart(self) -> bool:
        """Whether the two sides began at clearly different places, by the 95% interval of that difference."""
        low, high = self.start.interval()
        return not low <= 0 <= high

    @property
    def verdict(self) -> str:
        return VERDICTS[self.group]

    @property
    def signed(self) -> str:
        """+1.2, −0.3"""
        made = signed(self.difference.mean)
        return made if made.startswith("−") or made == "0.0" else f"+{made}"


@dataclass(frozen=True)
class WaitingTold:
    """All that is told beside those who waited; nothing where no course has 20 pairs on each side.

    `answered`: so many of those who waited, of these courses, answered twice; at least `asked` were asked, and at least
    `left` of them got a place in between.
    """

    lines: tuple[BesideWaiting, ...] = ()
    answered: int = 0
    asked: int = 0
    left: int = 0
    is_one_course: bool = False

    @property
    def rows(self) -> list[tuple[str | int, ...]]:
        """A row for each line, under `COMPARED_HEAD`."""
        return [
            (
                each.words if self.is_one_course else f"{each.words} ({each.course})",
                each.came.matched,
                each.came.before_to_after,
                each.came.signed,
                each.waited.matched,
                each.waited.before_to_after,
                each.waited.signed,
                each.signed,
                each.interval,
                each.verdict,
            )
            for each in self.lines
        ]

    @property
    def answer(self) -> str:
        """The answer first, and that nobody was put on a side by lot."""
        if not self.lines:
            return ""
        numbers = {group: sum(each.group is group for each in self.lines) for group in Group}
        parts = [
            f"{number_in_words(number)} {COUNTED[group][number > 1]}" for group, number in numbers.items() if number
        ]
        of = f"{number_in_words(len(self.lines))} {'practice' if len(self.lines) == 1 else 'practices'}"
        return f"Beside people who waited and had no place: of {of} compared, {listed(parts)}. {NO_LOT}"

    @property
    def note(self) -> str:
        """Who they are, where they began, and what it does and does not show."""
        asked = f"At least {self.asked:,} people who waited were asked, {self.answered:,} answered twice."
        left = f"At least {self.left:,} of those who were asked got a place and left." if self.left else ""
        apart = [each for each in self.lines if each.starts_apart]
        began = (
            f"On {number_in_words(len(apart))} of {number_in_words(len(self.lines))} the two sides began at clearly "
            "different places: people who begin low have more room to rise, so part of the difference can "
            "come from that."
            if apart
            else "On none is it clear that the two sides began at different places."
        )
        exact = all(each.adds_up for each in self.lines)
        rounded = "" if exact else "Figures are rounded: a difference is that of the exact means."
        parts = (self.answer, asked, left, began, METHOD, compared_in_words(len(self.lines)), rounded)
        return " ".join(part for part in parts if part)


NOTHING_COMPARED = WaitingTold()


def waiting_told(
    session: Session,
    selection: Selection,
    units: Units,
    came: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
) -> WaitingTold:
    """Compared with people who waited for the same courses in the same half-years: three queries."""

    def is_told(course_id: int, day: date) -> bool:
        return is_selected(CourseHalf(half_of(day), course_id), units, selection)

    waited = [each for each in sheets_of_waiting(session) if is_told(each.course_id, each.half_on)]
    if not waited:
        return NOTHING_COMPARED
    invited = [
        each
        for each in asked_of_waiting(session)
        if each.event_id in units.held_in and is_told(each.course_id, each.held_on)
    ]
    courses = dict(zip(units.courses, short_titles(list(units.courses.values())), strict=True))
    return compared_of(came, waited, asked, courses, invited, is_one_course=selection.course_id is not None)


def compared_of(
    came: Sequence[PracticeRead],
    waited: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
    courses: Mapping[int, str],
    invited: Iterable[AskedWaiting],
    *,
    is_one_course: bool,
) -> WaitingTold:
    """What is told of these sheets, of the courses that have enough on both sides. `courses`: how they are called."""
    lines: list[BesideWaiting] = []
    answered: dict[int, int] = {}
    for course_id in sorted({each.course_id for each in waited}, key=lambda each: courses.get(each, "")):
        here = [each for each in came if each.course_id == course_id and each.side is Side.BOTH]
        there = [each for each in waited if each.course_id == course_id]
        if made := _of_course(here, there, asked, courses.get(course_id, "")):
            lines += made
            answered[course_id] = len(there)
    groups = groups_of([each.difference for each in lines])
    of_told = [each for each in invited if each.course_id in answered]
    return WaitingTold(
        tuple(replace(each, group=group) for each, group in zip(lines, groups, strict=True)),
        sum(answered.values()),
        max(at_least(sum(each.asked for each in of_told)), sum(answered.values())),
        at_least(sum(each.left for each in of_told)),
        is_one_course,
    )


def _of_course(
    came: Sequence[PracticeRead], waited: Sequence[PracticeRead], asked: Sequence[PracticeAsked], course: str
) -> list[BesideWaiting]:
    """Outcomes are one practice: the mean of each person's own."""
    made = []
    sides = (answered_twice(those, asked, NO_OUTCOMES) for those in (came, waited))
    for (practice, here), (_, there) in zip(*sides, strict=True):
        began = [[each.before for each in side if each is not None] for side in (here, there)]
        if min(map(len, began)) < ENOUGH:
            continue
        of_came, of_waited = change_of(here), change_of(there)
        start = between(*map(mean_of, began))
        if of_came and of_waited:
            made.append(BesideWaiting(course, practice.words, of_came, of_waited, start))
    return made


NO_OUTCOMES: Mapping[Item, str] = {}
