"""Change on the same people, with numbers, spread and interval; and the measures of reach and response. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from lms.kit.telling.numbers import FEWER, SMALL
from surveys.questions.rules import one_decimal

MINUS = "−"

DEFINITIONS = {
    "attended": "People who attended or part attended an event whose survey has closed; once for each event.",
    "invited": "Invitations to the 3-month survey that were sent to them.",
    "reach_of_invitation": "Invited of those who attended or part attended.",
    "delivered": "Invitations sent, without those whose letter came back.",
    "answered": "Surveys finished. Opening the link is not an answer. An event with 1 to 4 answers is counted with the "
    "next event of its course.",
    "response_rate": "Completed of deliverable invitations, of surveys that have closed; bounced ones are left out.",
    "matched_people": "People who answered before, on the day and three months on. Only they are used for change.",
    "unpaired_answers": "Answered three months on, without a matching earlier answer: counted as answered, left out of "
    "the change.",
    "managers_views": "Line managers who answered.",
}


@dataclass(frozen=True)
class Matched:
    """One practice on the same people: their answers before, on the day (None when not asked) and three months on."""

    before: float
    after: float
    on_the_day: float | None = None


@dataclass(frozen=True)
class MatchedChange:
    """Change on `n` matched people. Means and spread in points of the scale; `low` to `high` is the 95% interval."""

    n: int
    before: float
    after: float
    on_the_day: float | None
    spread: float
    low: float
    high: float
    rose: int
    same: int
    fell: int

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def is_fall(self) -> bool:
        """Lower than before, as it reads: a change that rounds to nothing is none."""
        return one_decimal(self.change) < 0

    @property
    def is_rise(self) -> bool:
        return one_decimal(self.change) > 0

    @property
    def is_clear(self) -> bool:
        """The interval leaves out no change at all."""
        return self.low > 0 or self.high < 0

    @property
    def shown(self) -> str:
        """+2.0, fell by 0.4, no change"""
        if self.is_fall:
            return f"fell by {-one_decimal(self.change)}"
        return f"+{one_decimal(self.change)}" if self.is_rise else "no change"

    @property
    def interval(self) -> str:
        """1.7 to 2.3, −0.7 to −0.1"""
        return f"{signed(self.low)} to {signed(self.high)}"


def change_of(people: Sequence[Matched]) -> MatchedChange | None:
    """The change on these people; None for fewer than five.

    The interval is Student's, on the differences of each person (paired). On the day is a mean of the same people,
    there only when all of them were asked then.
    """
    n = len(people)
    if n < SMALL:
        return None
    differences = [each.after - each.before for each in people]
    mean = sum(differences) / n
    spread = sqrt(sum((each - mean) ** 2 for each in differences) / (n - 1))
    reach = t_quantile(n - 1) * spread / sqrt(n)
    on_the_day = [each.on_the_day for each in people if each.on_the_day is not None]
    return MatchedChange(
        n=n,
        before=sum(each.before for each in people) / n,
        after=sum(each.after for each in people) / n,
        on_the_day=sum(on_the_day) / n if len(on_the_day) == n else None,
        spread=spread,
        low=mean - reach,
        high=mean + reach,
        rose=sum(1 for each in differences if each > 0),
        same=differences.count(0),
        fell=sum(1 for each in differences if each < 0),
    )


def t_quantile(freedom: int, share: float = 0.975) -> float:
    """Student's t for this many degrees of freedom, 4 or more, right to 0.01 (Cornish and Fisher's expansion)."""
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(z + sum(term / freedom**power for power, term in enumerate(terms, 1)))


def signed(number: float) -> str:
    """1.7, −0.4, with a real minus"""
    made = one_decimal(number)
    return f"{MINUS}{-made}" if made < 0 else f"{made}"


def change_in_words(changes: Iterable[MatchedChange]) -> str:
    """The answer first: "Five of six practices are stronger three months on, by 0.5 to 2.0 points." Falls are said."""
    made = list(changes)
    if not made:
        return f"Nothing can be said about change yet: {FEWER} people answered before and three months on."
    rises = sorted(one_decimal(each.change) for each in made if each.is_rise)
    falls = [each for each in made if each.is_fall]
    stronger = _number(len(rises)).capitalize() if rises else "None"
    of = f"{stronger} of {_number(len(made))} {'practice' if len(made) == 1 else 'practices'}"
    by = "" if not rises else f", by {rises[0]}{f' to {rises[-1]}' if rises[-1] != rises[0] else ''} points"
    words = f"{of} {'is' if len(rises) == 1 else 'are'} stronger three months on{by}."
    if falls:
        words += f" {_number(len(falls)).capitalize()} {'has' if len(falls) == 1 else 'have'} fallen."
    return words


def _number(number: int) -> str:
    names = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return names[number] if number < len(names) else str(number)
