"""With which statement most agreed, and with which fewest: said only where it is clear. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.impact.shares.rules import DifferenceOfShares, Portion
from surveys.impact.student.rules import ALPHA


@dataclass(frozen=True)
class Agreed:
    """A statement and who agreed with it. `shown`: 90.7% of 526."""

    words: str
    shown: str
    portion: Portion


def most_and_fewest(told: Sequence[Agreed]) -> str:
    """In a sentence. Of several statements some one is always the first: whether by more than chance is asked first.

    Newcombe's interval for two groups, adjusted for as many pairs as there are (Bonferroni). The same people answered
    all of them, so the interval is rather too wide than too narrow.
    """
    if not told:
        return "Nothing of what people said on the day can be told yet."
    ordered = sorted(told, key=lambda each: each.portion.share)
    worst, best = ordered[0], ordered[-1]
    if len(told) == 1:
        return f"Agreed with “{best.words}”: {best.shown}."
    which = "both statements" if len(told) == 2 else f"all {len(told)} statements"
    if best.portion.share == worst.portion.share:
        return f"As many agreed with {which}: {best.shown}."
    pairs = len(told) * (len(told) - 1) // 2
    low, _ = DifferenceOfShares(best.portion, worst.portion).interval(ALPHA / pairs)
    if low <= 0:
        return f"About as many agreed with {which}: {worst.shown} to {best.shown}, no clear difference."
    return f"Most agreed with “{best.words}” ({best.shown}), fewest with “{worst.words}” ({worst.shown})."
