"""How sure a mean difference is: Student's distribution and intervals, exactly, for whole degrees of freedom. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, floor, inf, pi, sin, sqrt

ALPHA = 0.05
"""An interval of 95% misses the true difference in so many of such surveys."""


@dataclass(frozen=True)
class Difference:
    """A mean difference, its standard error, and the degrees of freedom of its Student's distribution."""

    mean: float
    error: float
    freedom: int

    @property
    def likely(self) -> float:
        """How often chance alone would make one as large, were there none (p)."""
        if not self.error:
            return 0.0 if self.mean else 1.0
        return 1 - within(abs(self.mean) / self.error, self.freedom)

    def interval(self, alpha: float = ALPHA) -> tuple[float, float]:
        """The interval that misses the true difference in a share `alpha` of such surveys."""
        reach = quantile(self.freedom, 1 - alpha / 2) * self.error
        return self.mean - reach, self.mean + reach


def mean_of(numbers: Sequence[float]) -> Difference:
    """The mean of two numbers and more, and how sure it is."""
    n = len(numbers)
    mean = sum(numbers) / n
    spread = sqrt(sum((each - mean) ** 2 for each in numbers) / (n - 1))
    return Difference(mean, spread / sqrt(n), n - 1)


def between(one: Difference, other: Difference) -> Difference:
    """How much more the one is than the other, of two groups of different people (Welch).

    The degrees of freedom are Welch and Satterthwaite's, rounded down to whole ones, which makes the interval wider.
    """
    first, second = one.error**2, other.error**2
    both = first + second
    parts = first**2 / one.freedom + second**2 / other.freedom
    freedom = floor(both**2 / parts + 1e-9) if parts else one.freedom + other.freedom
    return Difference(one.mean - other.mean, sqrt(both), freedom)


def within(t: float, freedom: int) -> float:
    """How much of Student's distribution lies within -t and t (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(freedom))
    cosine, is_odd = cos(angle), freedom % 2
    term = cosine if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(2 + is_odd, freedom - 1, 2):
        term *= cosine**2 * (step - 1) / step
        total += term
    return 2 / pi * (angle + sin(angle) * total) if is_odd else sin(angle) * total


def quantile(freedom: int, share: float = 1 - ALPHA / 2) -> float:
    """Student's t for this many degrees of freedom: a share of the distribution lies below it."""
    low, high, inside = 0.0, 1.0, 2 * share - 1
    while within(high, freedom) < inside and high < inf:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < inside else (low, middle)
    return high
