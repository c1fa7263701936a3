"""How many agreed, half-year by half-year, with the interval of each share and what can be said of a difference."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lms.kit.charts import Line, Lines
from lms.kit.figures import shown_rate
from lms.kit.telling.scales import Scale, ToldScale
from surveys.impact.change.rules import Group, groups_of
from surveys.impact.choices.counted.figures import QuestionTold
from surveys.impact.choices.figures import sums_of
from surveys.impact.shares.rules import DifferenceOfShares, Portion, portion_of
from surveys.impact.units.figures import CourseHalf
from surveys.selection.rules import Span

VERDICTS = {Group.STRONGER: "higher", Group.SAME: "no clear change", Group.WEAKER: "lower"}
MOST_LINES = 5


@dataclass(frozen=True)
class DayStatement:
    """A question of which some answers are welcome: agreement, or yes. `yes` says which."""

    code: str
    words: str
    yes: str
    scale: Scale


@dataclass(frozen=True)
class YesTold:
    """How many gave the welcome answers, of how many, as it is told."""

    told: ToldScale
    scale: Scale

    @property
    def portion(self) -> Portion | None:
        """None where it is not told exactly."""
        return portion_of(self.told, self.scale.yes)

    @property
    def shown(self) -> str:
        """93.1% of 640, most of 20; where only how many answered may be told, that."""
        portion, of = self.portion, f"of {self.told.of:,}"
        if portion is not None:
            return f"{shown_rate(portion.number, portion.of)} {of}"
        if not self.told.is_told:
            return f"{of}, told with others"
        return self.told.shown_of(self.told.first(self.scale.yes))


@dataclass(frozen=True)
class TrendPoint:
    """One statement in one half-year. `group`: against the half-year told before it."""

    half: Span
    yes: YesTold
    group: Group | None = None

    @property
    def interval(self) -> str:
        """87.1% to 95.0%"""
        portion = self.yes.portion
        return "" if portion is None else " to ".join(f"{100 * each:.1f}%" for each in portion.interval())

    @property
    def verdict(self) -> str:
        return "" if self.group is None else VERDICTS[self.group]


@dataclass(frozen=True)
class Trend:
    """One statement over all half-years that are told."""

    statement: DayStatement
    points: tuple[TrendPoint, ...]


def trends_of(
    statements: Sequence[DayStatement],
    by_code: Mapping[str, Sequence[tuple[Span, QuestionTold]]],
    selected: Collection[CourseHalf] | None,
) -> list[Trend]:
    """Each statement over the half-years, of all courses or of the units selected. All differences are one family."""
    made = [Trend(each, tuple(_points(each, by_code[each.code], selected))) for each in statements]
    steps = [
        (trend.statement.code, later.half, DifferenceOfShares(later.yes.portion, earlier.yes.portion))
        for trend in made
        for earlier, later in pairwise(trend.points)
        if later.yes.portion and earlier.yes.portion
    ]
    groups = {
        (code, half): group
        for (code, half, _), group in zip(steps, groups_of([each for _, _, each in steps]), strict=True)
    }
    return [
        Trend(
            trend.statement,
            tuple(replace(each, group=groups.get((trend.statement.code, each.half))) for each in trend.points),
        )
        for trend in made
    ]


def _points(
    statement: DayStatement, halves: Sequence[tuple[Span, QuestionTold]], selected: Collection[CourseHalf] | None
) -> list[TrendPoint]:
    sums = [(half, sums_of([(half, told)], selected)) for half, told in halves]
    return [TrendPoint(half, YesTold(found[0], statement.scale)) for half, found in sums if found]


def trend_chart(trends: Sequence[Trend]) -> Lines | None:
    """The shares over the half-years; None where there is one alone."""
    halves = sorted({point.half for trend in trends for point in trend.points}, key=lambda half: half.from_on)
    if len(halves) < 2:
        return None
    return Lines(
        "trend",
        "How many agreed, of those who answered, in per cent",
        "Events in",
        tuple(half.words for half in halves),
        tuple(_line(trend, halves) for trend in trends[:MOST_LINES]),
        most=100,
    )


def _line(trend: Trend, halves: Sequence[Span]) -> Line:
    found = {point.half: point for point in trend.points}
    portions = {half: point.yes.portion for half, point in found.items()}
    return Line(
        trend.statement.words,
        tuple(100 * each.share if (each := portions.get(half)) else None for half in halves),
        tuple(found[half].yes.shown if half in found else "not asked" for half in halves),
    )
