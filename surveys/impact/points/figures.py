"""Change by learning point, on the question about it: only people at courses that cover the point."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lms.kit.telling.numbers import FEWER
from lms.kit.words import count
from surveys.impact.change.figures import AnswersBehind, Practice, changes_of
from surveys.impact.change.rules import compared_in_words, groups_of
from surveys.impact.points.queries import AskedPoint
from surveys.pairs.queries import PracticeAsked, PracticeRead
from surveys.pairs.rules import Item

POINT_HEAD = ("Learning point", "Its question", "Matched", "Before to 3 months", "Change", "95% interval", "Group")


@dataclass(frozen=True)
class PointLine:
    """A learning point and one question about it, with the change of those who answered it twice."""

    point: AskedPoint
    practice: Practice


@dataclass(frozen=True)
class PointsTold:
    """What reviews asked for. `few`: points with a question and fewer than five matched; `unasked`: without one."""

    lines: tuple[PointLine, ...] = ()
    few: tuple[AskedPoint, ...] = ()
    unasked: tuple[AskedPoint, ...] = ()

    @property
    def rows(self) -> list[tuple[str | int, ...]]:
        """A row for each line, under `POINT_HEAD`."""
        return [
            (
                f"{line.point.ref} {line.point.words}",
                line.practice.words,
                line.practice.change.matched,
                line.practice.change.before_to_after,
                line.practice.change.signed,
                line.practice.change.interval,
                line.practice.group.value,
            )
            for line in self.lines
        ]

    @property
    def compared(self) -> str:
        """What decides the group, and how many lines were compared."""
        return compared_in_words(len(self.lines), "questions")

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands under the table."""
        few = f"{_listed(self.few)}: {FEWER} matched so far. Told when later half-years bring them to 5."
        unasked = f"{_listed(self.unasked)}: no question asks about it yet."
        return tuple(words for words, those in ((few, self.few), (unasked, self.unasked)) if those)


NO_POINTS = PointsTold()


def points_told(
    points: Iterable[AskedPoint],
    codes_of: Callable[[AskedPoint], frozenset[str]],
    sheets_of: Callable[[AskedPoint], Sequence[PracticeRead]],
    asked: Sequence[PracticeAsked],
    today: date,
) -> PointsTold:
    """A line for each learning point and question that five matched people and more answered.

    The groups use intervals that are adjusted for all lines of the table.
    """
    lines: list[PointLine] = []
    few, unasked = [], []
    for point in points:
        codes = codes_of(point)
        sheets, questions = sheets_of(point), [each for each in asked if each.code in codes]
        made = changes_of(sheets, questions, NO_OUTCOMES, today, AnswersBehind((), None, is_whole=False))
        lines += [PointLine(point, practice) for practice in made.practices]
        if not codes:
            unasked.append(point)
        elif not made.practices:
            few.append(point)
    groups = groups_of([each.practice.change.difference for each in lines])
    told = [
        PointLine(each.point, replace(each.practice, group=group)) for each, group in zip(lines, groups, strict=True)
    ]
    return PointsTold(tuple(told), tuple(few), tuple(unasked))


NO_OUTCOMES: Mapping[Item, str] = {}


def _listed(points: Sequence[AskedPoint]) -> str:
    refs = ", ".join(each.ref for each in points[:12])
    more = f" and {len(points) - 12} more" if len(points) > 12 else ""
    return f"{count(len(points), 'learning point')} ({refs}{more})"
