"""The charts of the report on impact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lms.kit.charts import Bar, Bars, Dot, Dots, Funnel, Stacked, StackedBar
from lms.kit.portions import portions
from lms.kit.telling.numbers import Told
from lms.kit.telling.scales import ToldScale
from lms.kit.words import count, listed
from surveys.impact.change.figures import Changes
from surveys.impact.choices.figures import ChoiceTable, OptionRow
from surveys.impact.distributions.figures import BANDS, SAID, SCALE
from surveys.impact.reach.figures import ReachFunnel as Reach
from surveys.impact.rules import signed
from surveys.impact.words import matched_words
from surveys.questions.rules import one_decimal
from surveys.selection.rules import Span

STEPS = ("attended or part attended", "invited", "delivered", "answered")


def funnel_chart(reach: Reach, changes: Changes, halves: Collection[Span]) -> Funnel:
    """From everybody who was there to those who answered, each with what was lost on the way.

    Those who had answered before as well are counted of the same half-years.
    """
    why = f": {listed(reach.reasons, 'or')}" if reach.reasons else ""
    are = "was" if reach.not_invited.number == 1 else "were"
    not_invited = f"{reach.not_invited.shown} {are} not{why}" if _is_said(reach.not_invited) else ""
    letters = reach.bounced.of("email", "emails")
    bounced = f"{letters} came back and could not be corrected" if _is_said(reach.bounced) else ""
    both = changes.within(halves)
    matches = f". {matched_words(both)} had answered before as well" if both.matched else ""
    bars = (
        _step(0, reach.attended, "Each person counts once for each event"),
        _step(1, reach.invited, not_invited),
        _step(2, reach.delivered, bounced),
        _step(3, reach.answered, f"{reach.rate} of those delivered{matches}"),
    )
    return Funnel("funnel", "Who was asked and who answered", "Step", "People", bars if reach.is_whole else bars[2:])


def _step(place: int, told: Told, note: str) -> Bar:
    return Bar(STEPS[place], told.number, told.shown, note)


def _is_said(told: Told) -> bool:
    """Whether there was anybody, and it is told how many, or that they are few."""
    return bool(told.number) or told.is_small


def change_chart(changes: Changes) -> Dots:
    """Before, on the day, three months on, with the interval of the change around the last."""
    then = changes.has_on_the_day
    rows = []
    for practice in changes.practices:
        made = practice.change
        values = [made.before, *([made.on_the_day] if then else []), made.after]
        rows.append(
            Dot(
                practice.words,
                tuple(values),
                tuple("not asked" if value is None else signed(value) for value in values),
                f"{made.shown} ({one_decimal(made.before)} to {one_decimal(made.after)})",
                low=made.before + made.low,
                high=made.before + made.high,
                interval=made.interval,
                is_fall=made.is_fall,
            )
        )
    ends = {(each.low_words, each.high_words) for each in changes.practices}
    return Dots(
        "change",
        f"How much this is true of my work, from 1 to 10. Means of {_people(changes)}",
        "Practice",
        ("Before", "On the day", "Three months on") if then else ("Before", "Three months on"),
        tuple(rows),
        ends=ends.pop() if len(ends) == 1 else ("", ""),
        interval_heading="95% interval of the change",
    )


def _people(changes: Changes) -> str:
    sizes = {each.change.matched for each in changes.practices}
    what = "matched people" if changes.is_people else "matched pairs"
    if len(sizes) == 1:
        return f"{sizes.pop():,} {what}"
    return f"{min(sizes):,} to {max(sizes):,} {what}" if sizes else what


def trend_chart(changes: Changes) -> Dots | None:
    """All practices together, half-year by half-year; None where there is one alone."""
    if len(changes.trend) < 2:
        return None
    rows = [
        Dot(
            f"{each.half.span.words}{'' if each.half.is_complete else ' (so far)'}",
            (each.change.before, each.change.after),
            (signed(each.change.before), signed(each.change.after)),
            f"{each.change.shown}, {count(each.change.matched, 'pair')}",
            low=each.change.before + each.change.low,
            high=each.change.before + each.change.high,
            interval=each.change.interval,
            is_fall=each.change.is_fall,
        )
        for each in changes.trend
    ]
    return Dots(
        "trend",
        "All practices together, mean of each pair’s own, from 1 to 10",
        "Events in",
        ("Before", "Three months on"),
        tuple(rows),
        interval_heading="95% interval of the change",
    )


@dataclass(frozen=True)
class DistributionPart:
    """A piece of a bar: where it begins and how long it is, in per cent, and its tone."""

    x: float
    width: float
    tone: int
    shown: str


@dataclass(frozen=True)
class DistributionRow:
    """One bar: what people said at one time, in words, and drawn."""

    stage: str
    of: int
    said: str
    parts: tuple[DistributionPart, ...]
    mean: str


@dataclass(frozen=True)
class DistributionDrawn:
    """A practice with its two bars."""

    words: str
    rows: tuple[DistributionRow, ...]


def distributions_drawn(changes: Changes) -> list[DistributionDrawn]:
    """How many people said what, before and three months on."""
    return [
        DistributionDrawn(
            each.words,
            (
                _row("Before", each.distribution.before, each.change.before, each.steps),
                _row("3 months", each.distribution.after, each.change.after, each.steps),
            ),
        )
        for each in changes.practices
        if each.distribution is not None
    ]


SERIES = (*reversed(SAID), SCALE.words[-1].capitalize())
"""The parts of a bar, from the lowest answer to the highest, and no answer."""
MOST_ROWS = 20
"""So many bars fit into one picture on a page of a document."""


def parts_in_series(row: DistributionRow) -> tuple[tuple[float, str], ...]:
    """How long each part of a bar is and how it reads; answers told together stand at the lowest of them."""
    by_tone = {part.tone: (part.width, part.shown) for part in row.parts}
    return tuple(by_tone.get(place % len(SERIES), (0.0, "–")) for place in range(1, len(SERIES) + 1))


def distribution_charts(changes: Changes) -> list[Stacked]:
    """How many people said what behind each mean, in pictures that fit on a page."""
    bars = [
        StackedBar(
            f"{each.words}, {row.stage.lower()}",
            tuple(width for width, _ in parts_in_series(row)),
            tuple(shown for _, shown in parts_in_series(row)),
        )
        for each in distributions_drawn(changes)
        for row in each.rows
    ]
    pages, title = enumerate(portions(bars, MOST_ROWS)), "How many said what, from 1 to 10"
    return [Stacked(f"said-{number}", title, "Practice", SERIES, tuple(those)) for number, those in pages]


def _row(stage: str, told: ToldScale, mean: float, steps: Sequence[str]) -> DistributionRow:
    parts, said, x = [], [], 0.0
    for part in [each for each in reversed(told.parts) if each.high]:
        width = 100 * (part.low + part.high) / 2 / told.of
        shown = told.shown(part)
        parts.append(DistributionPart(round(x, 2), round(width, 2), _tone(part.places), shown))
        said.append(f"{_band_words(part.places, steps)}: {shown}")
        x += width
    return DistributionRow(stage, told.of, "; ".join(said), tuple(parts), str(one_decimal(mean)))


def _tone(places: Sequence[int]) -> int:
    """Of the lowest of the answers told together; 0 for no answer alone."""
    said = [place for place in places if place < len(SAID)]
    return len(SAID) - said[-1] if said else 0


def _band_words(places: Sequence[int], steps: Sequence[str]) -> str:
    """1 to 6: several bands together, from the lowest number to the highest; or the steps in words; or no answer."""
    said = [place for place in places if place < len(SAID)]
    if not said:
        return SCALE.words[-1]
    no_answer = " or no answer" if len(said) < len(places) else ""
    if steps:
        return " or ".join(steps[-1 - place] for place in reversed(said)) + no_answer
    if len(said) == 1:
        return SAID[said[0]] + no_answer
    return f"{BANDS[said[-1]].start} to {BANDS[said[0]].stop - 1}{no_answer}"


def choice_chart(table: ChoiceTable) -> Bars:
    """What people chose, as shares of those who were asked."""
    bars = [
        Bar(row.words, None if row.people is None else row.people / table.of, shown_with_share(row))
        for row in table.rows
    ]
    title = f"{table.words} ({table.counted})"
    return Bars(f"choice-{table.code.replace('.', '-')}", title, "Answer", "People and share", tuple(bars), most=1)


def shown_with_share(row: OptionRow) -> str:
    """51 (26.2%), fewer than 5"""
    return f"{row.shown} ({row.share})" if row.share else row.shown
