"""Change on the same people, with numbers, spread and interval; and the measures of reach and response. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from lms.kit.telling.numbers import SMALL, is_small
from surveys.impact.student.rules import Difference, mean_of
from surveys.questions.rules import one_decimal

MINUS = "−"

DEFINITIONS = {
    "attended": "People who attended or part attended an event whose survey has closed; once for each event.",
    "invited": "Invitations to the 3-month survey that were sent to them.",
    "reach_of_invitation": "Invited of those who attended or part attended.",
    "delivered": "Invitations sent, without those whose email came back.",
    "answered": "Surveys finished. Opening the link is not an answer. An event with 1 to 4 answers is counted, with "
    "all of its people, with the next such events of its course.",
    "response_rate": "Completed of deliverable invitations, of surveys that have closed; bounced ones are left out.",
    "matched_people": "Answered before and three months on, on the day or not. Only they are used for change. Inside a "
    "course and half-year a person counts once; of several we count pairs of answers.",
    "unpaired_answers": "Answered three months on, without an answer from before: counted as answered, left out of the "
    "change.",
    "managers_views": "Line managers who answered.",
    "managers_invited": "Line managers who were asked what they see, once for each person at an event.",
}


@dataclass(frozen=True)
class Matched:
    """One practice on the same people: their answers before, on the day (None when not asked) and three months on."""

    before: float
    after: float
    on_the_day: float | None = None


@dataclass(frozen=True)
class MatchedChange:
    """Change on matched people. Means and spread in points of the scale; `low` to `high` is the 95% interval.

    `matched`: everybody who was asked it both times. The figures are of those of them who answered both times; how many
    left it out is told with the distribution, by the rules of small numbers.
    """

    matched: int
    before: float
    after: float
    on_the_day: float | None
    spread: float
    low: float
    high: float
    rose: int
    same: int
    fell: int
    day_people: int
    difference: Difference

    @property
    def adds_up(self) -> bool:
        """Whether the change as printed is the difference of the means as printed."""
        return one_decimal(self.after) - one_decimal(self.before) == one_decimal(self.change)

    @property
    def change(self) -> float:
        """The mean of each person's own: the middle of the interval, to the last digit."""
        return self.difference.mean

    @property
    def is_fall(self) -> bool:
        """Lower than before, as it reads: a change that rounds to nothing is none."""
        return one_decimal(self.change) < 0

    @property
    def is_rise(self) -> bool:
        return one_decimal(self.change) > 0

    @property
    def shown(self) -> str:
        """+2.0, fell by 0.4, no change"""
        if self.is_fall:
            return f"fell by {-one_decimal(self.change)}"
        return f"+{one_decimal(self.change)}" if self.is_rise else "no change"

    @property
    def signed(self) -> str:
        """+1.96 is +2.0, −0.4, 0.0"""
        return f"+{signed(self.change)}" if self.is_rise else signed(self.change)

    @property
    def before_to_after(self) -> str:
        """5.2 to 7.0"""
        return f"{one_decimal(self.before)} to {one_decimal(self.after)}"

    @property
    def interval(self) -> str:
        """1.7 to 2.3, −0.7 to −0.1"""
        return f"{signed(self.low)} to {signed(self.high)}"


def change_of(asked: Sequence[Matched | None]) -> MatchedChange | None:
    """The change on these people, with None for each who left it out. None for fewer than five.

    Of fewer than ten of whom 1 to 4 left it out nothing is told either: a mean of so few says how many they are. The
    interval is Student's, on the differences of each person (paired). On the day is the mean of those of them who
    answered then, when they are five or more.
    """
    people = [each for each in asked if each is not None]
    n = len(people)
    if n < SMALL or (len(asked) < 2 * SMALL and is_small(len(asked) - n)):
        return None
    differences = [each.after - each.before for each in people]
    difference = mean_of(differences)
    low, high = difference.interval()
    on_the_day = [each.on_the_day for each in people if each.on_the_day is not None]
    return MatchedChange(
        matched=len(asked),
        before=sum(each.before for each in people) / n,
        after=sum(each.after for each in people) / n,
        on_the_day=sum(on_the_day) / len(on_the_day) if len(on_the_day) >= SMALL else None,
        spread=difference.error * sqrt(n),
        low=low,
        high=high,
        rose=sum(1 for each in differences if each > 0),
        same=differences.count(0),
        fell=sum(1 for each in differences if each < 0),
        day_people=len(on_the_day),
        difference=difference,
    )


def signed(number: float) -> str:
    """1.7, −0.4, with a real minus"""
    made = one_decimal(number)
    return f"{MINUS}{-made}" if made < 0 else f"{made}"
