"""Did only keen people answer? Where those stood before who answered three months on, beside those who did not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from sqlalchemy.orm import Session

from lms.kit.figures import shown_rate
from lms.kit.telling.numbers import SMALL, at_least, is_small
from lms.kit.telling.scales import Scale, ToldScale, added, tell_scale
from surveys.impact.change.figures import of_those_asked
from surveys.impact.change.rules import Group, groups_of
from surveys.impact.rules import MINUS
from surveys.impact.student.rules import Difference
from surveys.impact.units.figures import Units
from surveys.invitations.rules import Route
from surveys.pairs.models import StartFigure
from surveys.pairs.queries import PracticeAsked, PracticeRead, routes_by_event, start_figures
from surveys.pairs.rules import Side
from surveys.questions.measures.rules import KNOWLEDGE
from surveys.selection.rules import Selection, Span, half_of

ALL_TOGETHER = "All practices together"
OTHERS = "Other sectors"
START_NOTE = (
    "Means from 1 to 10. “Of” are all who were asked, also those who left a practice out. By sector it is told in "
    "whole fives, for another table tells how many of a sector answered."
)
ROUTES = Scale(("First email, or My learning", "After a reminder", "Code on a screen or sheet", "Paper"))
ROUTE_ORDER = (Route.LETTER, Route.REMINDER, Route.QR, Route.PAPER)
VERDICTS = {
    Group.STRONGER: "Those who answered began higher",
    Group.SAME: "No clear difference",
    Group.WEAKER: "Those who answered began lower",
}


@dataclass(frozen=True)
class Sample:
    """So many people, their mean and the spread of theirs. `asked`: with those who left it out.

    `is_of_sector`: in tenths, and of how many in whole fives only.
    """

    people: int
    mean: float
    spread: float
    asked: int
    is_of_sector: bool = False

    @property
    def digits(self) -> int:
        """With how many decimals it is told."""
        return 1 if self.is_of_sector else 2

    @property
    def shown(self) -> str:
        """5.89 (of 201), or of a sector 5.9 (of at least 45)"""
        of = f"at least {at_least(self.asked):,}" if self.is_of_sector else f"{self.asked:,}"
        return f"{written(self.mean, self.digits)} (of {of})"


@dataclass(frozen=True)
class StartRow:
    """Where people stood before: those who answered three months on, and those who did not."""

    name: str
    later: Sample
    others: Sample
    group: Group
    half: str = ""

    @property
    def difference(self) -> Difference:
        return difference_of(self.later, self.others)

    @property
    def shown(self) -> str:
        """+0.21, −0.40"""
        said = written(self.difference.mean, self.later.digits)
        return said if said.startswith(MINUS) or not float(said) else f"+{said}"

    @property
    def interval(self) -> str:
        low, high = self.difference.interval()
        return f"{written(low, self.later.digits)} to {written(high, self.later.digits)}"

    @property
    def verdict(self) -> str:
        return VERDICTS[self.group]


@dataclass(frozen=True)
class NonResponse:
    """Those who did not answer. `rows`: all practices together, then those that differ; `same`: how many do not."""

    rows: tuple[StartRow, ...] = ()
    same: int = 0
    sectors: tuple[StartRow, ...] = ()
    routes: ToldScale | None = None
    routes_of: str = ""

    @property
    def warning(self) -> str:
        """What stands above the headline when those who answered are not like those who did not."""
        clear = [each for each in self.rows if each.group is not Group.SAME]
        if not clear:
            return ""
        first = clear[0]
        how = "higher" if first.group is Group.STRONGER else "lower"
        means = f"{written(first.later.mean, 2)} against {written(first.others.mean, 2)}"
        on = "" if first.name == ALL_TOGETHER else f" on “{first.name}”"
        return (
            f"Those who answered three months on began {how}{on} than those who did not ({means} of 10): "
            "what changed for them may not be true of the others."
        )

    @property
    def route_rows(self) -> list[tuple[str, str, str]]:
        """By which way answers came: ways that are told together are named together."""
        if self.routes is None:
            return []
        return [
            (
                ", ".join(ROUTES.words[place] for place in part.places),
                self.routes.shown(part),
                "" if part.number is None else shown_rate(part.number, self.routes.of),
            )
            for part in self.routes.parts
        ]


def written(number: float, digits: int) -> str:
    """5.89, −0.40: halves away from nothing, with a real minus; nothing has none."""
    step = Decimal(1).scaleb(-digits)
    made = Decimal(repr(number)).quantize(step, ROUND_HALF_UP)
    return f"{MINUS}{-made}" if made < 0 else f"{abs(made)}"


def starts_of(sheets: Sequence[PracticeRead], asked: Iterable[PracticeAsked]) -> tuple[list[StartRow], int]:
    """All practices together, then those on which the two differ; and on how many they do not."""
    together = _row(ALL_TOGETHER, sheets, None)
    if together is None:
        return [], 0
    rows = [made for each in asked if (made := _row(each.words, sheets, each.code)) is not None]
    groups = groups_of([each.difference for each in rows])
    clear = [_in(each, group) for each, group in zip(rows, groups, strict=True) if group is not Group.SAME]
    return [_in(together, groups_of([together.difference])[0]), *clear], len(rows) - len(clear)


def sector_rows(figures: Iterable[StartFigure], half_keys: Iterable[str]) -> list[StartRow]:
    """By sector, of the half-years named, as they were written down when each was complete."""
    keys = set(half_keys)
    rows = [
        StartRow(
            OTHERS if each.sector is None else each.sector.name,
            _of_sector(each.later_people, each.later_mean, each.later_spread),
            _of_sector(each.other_people, each.other_mean, each.other_spread),
            Group.SAME,
            half_of(each.half_on).words,
        )
        for each in figures
        if half_of(each.half_on).key in keys
    ]
    groups = groups_of([each.difference for each in rows])
    return [_in(each, group) for each, group in zip(rows, groups, strict=True)]


def _of_sector(people: int, mean: int, spread: int) -> Sample:
    """As it was written down, in tenths."""
    return Sample(people, mean / 10, spread / 10, people, is_of_sector=True)


def routes_told(halves: Sequence[Mapping[Route, int]]) -> ToldScale | None:
    """By which way answers came, of whole half-years: each told by itself, and added up."""
    told = [tell_scale([each.get(route, 0) for route in ROUTE_ORDER], ROUTES) for each in halves]
    told = [each for each in told if each.parts]
    return added(told) if told else None


def difference_of(later: Sample, others: Sample) -> Difference:
    """Welch: of two groups of people, whose spreads may differ."""
    one, other = later.spread**2 / later.people, others.spread**2 / others.people
    freedom = min(later.people, others.people) - 1
    if one + other:
        freedom = int((one + other) ** 2 / (one**2 / (later.people - 1) + other**2 / (others.people - 1)))
    return Difference(later.mean - others.mean, sqrt(one + other), freedom)


def _row(name: str, sheets: Iterable[PracticeRead], code: str | None) -> StartRow | None:
    def start(sheet: PracticeRead) -> float | None:
        numbers = [
            each.before
            for key, each in sheet.steps.items()
            if code in (None, key[0]) and key[1] != KNOWLEDGE and each.before
        ]
        return sum(numbers) / len(numbers) if numbers else None

    asked = of_those_asked([each for each in sheets if each.side in (Side.BOTH, Side.BEFORE)], start)
    later, others = (_sample([mean for each, mean in asked if each.side is side]) for side in (Side.BOTH, Side.BEFORE))
    return None if later is None or others is None else StartRow(name, later, others, Group.SAME)


def _sample(asked: Sequence[float | None]) -> Sample | None:
    """Of five and more; nothing of fewer than ten of whom 1 to 4 left it out: a mean of so few says how many."""
    numbers = [each for each in asked if each is not None]
    if len(numbers) < SMALL or (len(asked) < 2 * SMALL and is_small(len(asked) - len(numbers))):
        return None
    mean = sum(numbers) / len(numbers)
    spread = sqrt(sum((each - mean) ** 2 for each in numbers) / (len(numbers) - 1))
    return Sample(len(numbers), mean, spread, len(asked))


def _in(row: StartRow, group: Group) -> StartRow:
    return StartRow(row.name, row.later, row.others, group, row.half)


def who_did_not(
    session: Session,
    selection: Selection,
    units: Units,
    halves: Sequence[Span],
    told: Sequence[PracticeRead],
    asked: Sequence[PracticeAsked],
) -> NonResponse:
    """Where those stood before who did not answer; by sector and way of whole half-years of all courses only.

    `halves` are those that are told, and ways are of the very events that are counted in them.
    """
    rows, same = starts_of(told, asked)
    figures, routes = start_figures(session), routes_by_event(session)
    if not selection.is_whole or not halves:
        return NonResponse(tuple(rows), same)
    ways = {
        half: _added(routes.get(event_id, {}) for event_id, unit in units.of_event.items() if unit.half == half)
        for half in halves
    }
    told_ways = {half: each for half, each in ways.items() if each}
    return NonResponse(
        tuple(rows),
        same,
        tuple(sector_rows(figures, [each.key for each in halves])),
        routes_told(list(told_ways.values())),
        " and ".join(each.words for each in told_ways),
    )


def _added(routes: Iterable[Mapping[Route, int]]) -> Counter[Route]:
    ways: Counter[Route] = Counter()
    for each in routes:
        ways.update(each)
    return ways
