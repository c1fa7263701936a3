"""Charts as values: bars, a funnel, stacked bars, lines and dots with an interval, each with its table. Pure.

chart = Bars("by_sector", "Attendances by sector", "Sector", "Attendances", (Bar("Police", 79, "79"), ...))

`components/charts.html` draws one on a page (`{{ chart(the_chart) }}`: SVG in per cent, so that text keeps its size),
`lms.kit.chart_drawings` draws the same in a PDF. A value of None is not drawn; its `shown` says why ("fewer than 5",
"hidden"). Nothing is told by colour alone: every value is written beside its bar or in the table, and series differ in
shape or tone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_SERIES = 5
"""More tones or shapes than that cannot be told apart."""


@dataclass(frozen=True)
class ChartTable:
    """The same figures as a table: headings, and rows whose first cell names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    """One bar. `shown` is the value as people read it, `note` what stands under it."""

    label: str
    value: float | None
    shown: str
    note: str = ""


@dataclass(frozen=True)
class Bars:
    """Bars from nothing to `most` (the largest value when not given): counts, or shares with `most=1`."""

    name: str
    title: str
    label_heading: str
    value_heading: str
    bars: tuple[Bar, ...]
    most: float | None = None
    kind = "bars"

    @property
    def table(self) -> ChartTable:
        return ChartTable((self.label_heading, self.value_heading), tuple((bar.label, bar.shown) for bar in self.bars))

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it."""
        return "; ".join(f"{bar.label} {bar.shown}" for bar in self.bars)

    def share(self, bar: Bar) -> float | None:
        """How long a bar is, 0 to 1; None when its value is not shown."""
        most = self.most or max((each.value or 0 for each in self.bars), default=0)
        return None if bar.value is None else _within(bar.value / most if most else 0)


@dataclass(frozen=True)
class Funnel(Bars):
    """Bars that each hold the next: from everybody down to those who answered. The first is the whole."""

    kind = "funnel"

    def share(self, bar: Bar) -> float | None:
        whole = self.bars[0].value
        return None if bar.value is None or whole is None else _within(bar.value / whole if whole else 0)


@dataclass(frozen=True)
class StackedBar:
    """The parts of one bar, in the order of the series. `shown`: each part as people read it."""

    label: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Stacked:
    """Bars in parts that make up the whole, up to five: "never" to "always". A bar with a hidden part is not drawn."""

    name: str
    title: str
    label_heading: str
    series: tuple[str, ...]
    bars: tuple[StackedBar, ...]
    kind = "stacked"

    def __post_init__(self) -> None:
        _check_series(self.series, [bar.values for bar in self.bars])

    @property
    def table(self) -> ChartTable:
        return ChartTable((self.label_heading, *self.series), tuple((bar.label, *bar.shown) for bar in self.bars))

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it."""
        return "; ".join(
            f"{bar.label}: {', '.join(f'{name} {shown}' for name, shown in zip(self.series, bar.shown, strict=True))}"
            for bar in self.bars
        )

    def parts(self, bar: StackedBar) -> tuple[tuple[int, float, float, str], ...]:
        """Series number, start and length (0 to 1), and the words in it; empty when a part is hidden or all are 0."""
        values = [value for value in bar.values if value is not None]
        total = sum(values)
        if len(values) < len(bar.values) or not total:
            return ()
        made, start = [], 0.0
        for number, (value, shown) in enumerate(zip(values, bar.shown, strict=True), 1):
            length = value / total
            if value:
                made.append((number, start, length, shown))
            start += length
        return tuple(made)


@dataclass(frozen=True)
class Line:
    """One line through the points: a value for each, None where there is none."""

    name: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Lines:
    """Lines over time: up to five, each with its own marker and dash. `points` name the places ("Q1 2025-26")."""

    name: str
    title: str
    label_heading: str
    points: tuple[str, ...]
    series: tuple[Line, ...]
    least: float = 0
    most: float | None = None
    kind = "lines"

    def __post_init__(self) -> None:
        _check_series(self.points, [line.values for line in self.series], most=None)
        _check_series([line.name for line in self.series], [])

    @property
    def table(self) -> ChartTable:
        return ChartTable(
            (self.label_heading, *(line.name for line in self.series)),
            tuple((point, *(line.shown[place] for line in self.series)) for place, point in enumerate(self.points)),
        )

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it: where each line begins and ends."""
        return "; ".join(
            f"{line.name} from {line.shown[0]} ({self.points[0]}) to {line.shown[-1]} ({self.points[-1]})"
            for line in self.series
            if line.shown
        )

    @property
    def top(self) -> float:
        """The value at the top of the chart."""
        drawn = [value for line in self.series for value in line.values if value is not None]
        return self.most if self.most is not None else _round_up(max(drawn, default=1))

    def places(self, line: Line) -> tuple[tuple[float, float] | None, ...]:
        """Where each point of a line lies: across and up, 0 to 1; None where there is no value."""
        room = (self.top - self.least) or 1
        steps = max(len(self.points) - 1, 1)
        across = [0.5] if len(self.points) == 1 else [place / steps for place in range(len(self.points))]
        return tuple(
            None if value is None else (x, _within((value - self.least) / room))
            for x, value in zip(across, line.values, strict=True)
        )

    def strokes(self, line: Line) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
        """The pieces between neighbouring points that both have a value."""
        return tuple((a, b) for a, b in pairwise(self.places(line)) if a is not None and b is not None)

    @property
    def named_points(self) -> tuple[tuple[float, str, str], ...]:
        """At most three names under the axis, so that they do not run into each other on a phone: x, anchor, name."""
        last = len(self.points) - 1
        if last < 1:
            return tuple((0.5, "middle", point) for point in self.points)
        middle = ((0.5, "middle", self.points[last // 2]),) if last >= 2 and last % 2 == 0 else ()
        return ((0.0, "start", self.points[0]), *middle, (1.0, "end", self.points[last]))


@dataclass(frozen=True)
class Dot:
    """A row of dots. `values` in the order of the series, the last with its interval `low` to `high`.

    `shown` says each value, `words` stand at the end of the row ("+2.0 (5.6 to 7.6)", "fell by 0.4").
    """

    label: str
    values: tuple[float | None, ...]
    shown: tuple[str, ...]
    words: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    is_fall: bool = False


@dataclass(frozen=True)
class Dots:
    """Rows of up to three dots on a scale from `least` to `most`; a line joins the first with the last."""

    name: str
    title: str
    label_heading: str
    series: tuple[str, ...]
    rows: tuple[Dot, ...]
    least: float = 1
    most: float = 10
    ends: tuple[str, str] = ("", "")
    words_heading: str = "Change"
    interval_heading: str = "95% interval"
    kind = "dots"

    def __post_init__(self) -> None:
        _check_series(self.series, [row.values for row in self.rows], most=3)

    @property
    def has_interval(self) -> bool:
        """Whether any row has one."""
        return any(row.interval for row in self.rows)

    @property
    def table(self) -> ChartTable:
        more = (self.interval_heading,) if self.has_interval else ()
        return ChartTable(
            (self.label_heading, *self.series, self.words_heading, *more),
            tuple((row.label, *row.shown, row.words, *([row.interval] if more else [])) for row in self.rows),
        )

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it."""
        return "; ".join(f"{row.label}: {self.row_words(row)}" for row in self.rows)

    def row_words(self, row: Dot) -> str:
        """Before 5.6, On the day 8.1, Three months on 7.6"""
        return ", ".join(f"{name} {shown}" for name, shown in zip(self.series, row.shown, strict=True))

    def at(self, value: float) -> float:
        """Where a value lies on the scale, 0 to 1."""
        return _within((value - self.least) / ((self.most - self.least) or 1))

    @property
    def ticks(self) -> tuple[tuple[float, str, str], ...]:
        """Four marks on the scale: place, anchor, words."""
        step = (self.most - self.least) / 3
        values = [self.least + step * each for each in range(4)]
        said = [f"{value:.0f}" if step == int(step) else f"{value:.1f}" for value in values]
        said = [f"{said[0]} {self.ends[0]}".strip(), *said[1:3], f"{said[3]} {self.ends[1]}".strip()]
        return tuple(zip((0, 1 / 3, 2 / 3, 1), ("start", "middle", "middle", "end"), said, strict=True))


Chart = Bars | Funnel | Stacked | Lines | Dots


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _round_up(number: float) -> float:
    """1, 2 or 5 times a power of ten, at or above: where an axis ends."""
    size = 1.0
    while size * 10 < number:
        size *= 10
    while size > number > 0:
        size /= 10
    return next((size * each for each in (1, 2, 5) if size * each >= number), size * 10)


def _check_series(
    names: Sequence[str], values: Sequence[Sequence[float | None]], most: int | None = MOST_SERIES
) -> None:
    """Raises ValueError for a chart that nobody could read, or whose values do not fit its series."""
    if most is not None and len(names) > most:
        raise ValueError(f"{len(names)} series: at most {most} can be told apart. Leave some out, or use a table.")
    if any(len(each) != len(names) for each in values):
        raise ValueError("Each row of a chart needs as many values as it has series.")
