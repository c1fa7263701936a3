"""How sure a share is: Wilson's interval for one, Newcombe's for the difference of two. Pure."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from lms.kit.telling.scales import ToldScale
from surveys.impact.student.rules import ALPHA

NORMAL = NormalDist()


@dataclass(frozen=True)
class Portion:
    """So many of so many said it."""

    number: int
    of: int

    @property
    def share(self) -> float:
        return self.number / self.of

    def interval(self, alpha: float = ALPHA) -> tuple[float, float]:
        """Wilson's score interval for one share."""
        z = NORMAL.inv_cdf(1 - alpha / 2)
        middle = (self.number + z * z / 2) / (self.of + z * z)
        reach = z / (self.of + z * z) * sqrt(self.number * (self.of - self.number) / self.of + z * z / 4)
        return max(0.0, middle - reach), min(1.0, middle + reach)


def portion_of(told: ToldScale, yes: int) -> Portion | None:
    """Those who gave one of the first `yes` answers; None where it is not told exactly."""
    number = told.first(yes).number
    return Portion(number, told.of) if told.is_told and number is not None else None


@dataclass(frozen=True)
class DifferenceOfShares:
    """A share now less the share before, of two groups of people."""

    now: Portion
    before: Portion

    @property
    def mean(self) -> float:
        return self.now.share - self.before.share

    @property
    def likely(self) -> float:
        """How often chance alone would make one as large, were there none: by the normal approximation."""
        all_ = Portion(self.now.number + self.before.number, self.now.of + self.before.of).share
        error = sqrt(all_ * (1 - all_) * (1 / self.now.of + 1 / self.before.of))
        return 2 * (1 - NORMAL.cdf(abs(self.mean) / error)) if error else 1.0

    def interval(self, alpha: float = ALPHA) -> tuple[float, float]:
        """Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10)."""
        (low, high), (low_before, high_before) = self.now.interval(alpha), self.before.interval(alpha)
        return (
            self.mean - sqrt((self.now.share - low) ** 2 + (high_before - self.before.share) ** 2),
            self.mean + sqrt((high - self.now.share) ** 2 + (self.before.share - low_before) ** 2),
        )
