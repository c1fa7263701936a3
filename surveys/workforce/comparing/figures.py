"""What was said now beside what was said in the round before: only what both of them tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.kit.figures import shown_rate
from lms.kit.telling.scales import ToldScale
from surveys.impact.change.rules import Group, groups_of
from surveys.impact.rules import signed
from surveys.impact.shares.rules import DifferenceOfShares, Portion, portion_of
from surveys.workforce.comparing.rules import VERDICTS, compared_in_words

NOTE = (
    "Share of all who answered the survey, in percentage points, with its 95% interval (Newcombe). The two rounds are "
    "not matched: some may have answered both. The interval that decides whether a share is higher or lower, not the "
    "size of the difference, is wider than the one that is printed where several are compared (Holm)."
)


@dataclass(frozen=True)
class YesSaid:
    """How many gave the welcome answers to a question, of how many. `key` finds the same one in another round.

    The first `yes` places of what is told are welcome.
    """

    key: tuple[str, str]
    words: str
    told: ToldScale
    yes: int

    @property
    def portion(self) -> Portion | None:
        """None where it is not told exactly."""
        return portion_of(self.told, self.yes)


@dataclass(frozen=True)
class ComparedRow:
    """One answer in both rounds."""

    words: str
    answer: str
    difference: DifferenceOfShares
    group: Group

    @property
    def now(self) -> str:
        """68.4% of 171"""
        return _shown(self.difference.now)

    @property
    def before(self) -> str:
        return _shown(self.difference.before)

    @property
    def shown(self) -> str:
        """+5.3, −2.0: the difference of the exact shares, in percentage points."""
        said = signed(100 * self.difference.mean)
        return f"+{said}" if not said.startswith("−") and said != "0.0" else said

    @property
    def interval(self) -> str:
        low, high = self.difference.interval()
        return f"{signed(100 * low)} to {signed(100 * high)}"

    @property
    def verdict(self) -> str:
        return VERDICTS[self.group]


@dataclass(frozen=True)
class Comparison:
    """A round beside the one before. `left_out`: answers of which one of the rounds does not tell exactly how many."""

    before: str
    rows: tuple[ComparedRow, ...]
    left_out: int

    @property
    def answer(self) -> str:
        """The answer first."""
        if not self.rows:
            return f"Nothing can be compared with “{self.before}”: no question is told exactly in both."
        return compared_in_words([each.group for each in self.rows], self.before)


def comparison_of(before: str, now: Sequence[YesSaid], earlier: Sequence[YesSaid]) -> Comparison:
    """What both rounds asked in the same words, with the same welcome answers."""
    known = {each.key: each for each in earlier}
    both = [(each, known[each.key]) for each in now if each.key in known and each.words == known[each.key].words]
    portions = [(each, each.portion, then.portion) for each, then in both]
    found = [(each, DifferenceOfShares(one, other)) for each, one, other in portions if one and other]
    groups = groups_of([difference for _, difference in found])
    return Comparison(
        before,
        tuple(
            ComparedRow(each.words, each.key[1], difference, group)
            for (each, difference), group in zip(found, groups, strict=True)
        ),
        len(both) - len(found),
    )


def _shown(portion: Portion) -> str:
    return f"{shown_rate(portion.number, portion.of)} of {portion.of:,}"
