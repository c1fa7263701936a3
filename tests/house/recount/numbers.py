"""Half-years, rounding, intervals and groups, by arithmetic of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import exp, floor, lgamma, pi, sqrt
from statistics import NormalDist
from typing import Any, Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HALF = re.compile(r"April to September \d{4}|October \d{4} to March \d{4}")


# Half-years


def half_of(day: date) -> date:
    """The first day of its half-year."""
    if 4 <= day.month <= 9:
        return date(day.year, 4, 1)
    return date(day.year if day.month >= 10 else day.year - 1, 10, 1)


def next_half(first: date) -> date:
    return date(first.year, 10, 1) if first.month == 4 else date(first.year + 1, 4, 1)


def last_day_to_close(first: date, closes_after: timedelta) -> date:
    return next_half(first) - timedelta(days=1) + closes_after


def half_words(first: date) -> str:
    return f"April to September {first.year}" if first.month == 4 else f"October {first.year} to March {first.year + 1}"


def halves_named(words: str) -> list[date]:
    """The half-years of which a sentence speaks."""
    found = set()
    for each in HALF.findall(words):
        year = int(re.findall(r"\d{4}", each)[0])
        found.add(half_of(date(year, 5 if each.startswith("April") else 11, 1)))
    return sorted(found)


def moment_of(value: Any) -> datetime:
    made = datetime.fromisoformat(value) if isinstance(value, str) else value
    return made if made.tzinfo else made.replace(tzinfo=ZoneInfo("UTC"))


def day_of(value: Any) -> date:
    """In London."""
    return moment_of(value).astimezone(LONDON).date()


# As numbers are written


def rounded(number: float, digits: int = 1) -> str:
    """Half away from nothing, with a real minus."""
    made = Decimal(repr(round(number, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"−{-made}" if made < 0 else f"{abs(made)}"


def with_sign(number: float, digits: int = 1) -> str:
    """+0.3, −0.4, 0.0"""
    said = rounded(number, digits)
    return said if said[0] == "−" or not float(said) else f"+{said}"


def from_to(ends: tuple[float, float], digits: int = 1) -> str:
    return " to ".join(rounded(each, digits) for each in ends)


def share(number: int, of: int) -> str:
    """One decimal, half up."""
    return f"{(Decimal(100 * number) / of).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if of else "not applicable"


# Intervals


def within(t: float, freedom: int) -> float:
    """How much of Student's distribution lies within -t and t: Simpson's rule over its density."""
    top = lgamma((freedom + 1) / 2) - lgamma(freedom / 2)
    scale = exp(top) / sqrt(freedom * pi)
    steps = 1000
    width = t / steps

    def density(x: float) -> float:
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    weights = [1, *([4, 2] * (steps // 2))]
    weights[-1] = 1
    return 2 * width / 3 * sum(weight * density(place * width) for place, weight in enumerate(weights))


def student(freedom: int, share_within: float) -> float:
    low, high = 0.0, 1.0
    while within(high, freedom) < share_within:
        low, high = high, 2 * high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < share_within else (low, middle)
    return high


class Sure(Protocol):
    """A difference, how sure it is, and its interval."""

    @property
    def sure(self) -> float:
        """Larger where chance alone is less likely."""

    def interval(self, misses: float = 0.05) -> tuple[float, float]:
        """The interval that misses the true one in such a share."""


@dataclass(frozen=True)
class OfMeans:
    """A difference of means with its error and degrees of freedom."""

    mean: float
    error: float
    freedom: int

    @property
    def sure(self) -> float:
        return within(min(abs(self.mean) / self.error, 20), self.freedom) if self.error else 1.0

    def interval(self, misses: float = 0.05) -> tuple[float, float]:
        reach = student(self.freedom, 1 - misses) * self.error
        return self.mean - reach, self.mean + reach


@dataclass(frozen=True)
class Group:
    """Some people: how many, their mean and the spread of theirs; `asked`: with those who left it out."""

    people: int
    mean: float
    spread: float
    asked: int = 0

    def shown(self, digits: int) -> str:
        """Of a sector, in tenths, the people are told in whole fives."""
        of = f"{self.asked:,}" if digits > 1 else f"at least {self.people // 5 * 5:,}"
        return f"{rounded(self.mean, digits)} (of {of})"


def group_of(numbers: Sequence[float]) -> Group:
    mean = sum(numbers) / len(numbers)
    return Group(len(numbers), mean, sqrt(sum((each - mean) ** 2 for each in numbers) / (len(numbers) - 1)))


def welch(one: Group, other: Group) -> OfMeans:
    """Of two groups of different people, whose spreads differ."""
    first, second = one.spread**2 / one.people, other.spread**2 / other.people
    freedom = min(one.people, other.people) - 1
    if first + second:
        below = first**2 / (one.people - 1) + second**2 / (other.people - 1)
        freedom = floor((first + second) ** 2 / below)
    return OfMeans(one.mean - other.mean, sqrt(first + second), freedom)


@dataclass(frozen=True)
class Change:
    """Of the same people, before and after; `asked`: with those who left it out."""

    pairs: Sequence[tuple[float, float]]
    asked: int = 0

    @property
    def n(self) -> int:
        return len(self.pairs)

    @property
    def is_told(self) -> bool:
        """Five and more; of fewer than ten asked never where 1 to 4 left it out."""
        return self.n >= 5 and not (self.asked < 10 and 0 < self.asked - self.n < 5)

    @property
    def own(self) -> Group:
        return group_of([after - before for before, after in self.pairs])

    @property
    def of_means(self) -> OfMeans:
        return OfMeans(self.own.mean, self.own.spread / sqrt(self.n), self.n - 1)

    @property
    def sure(self) -> float:
        return self.of_means.sure

    def interval(self, misses: float = 0.05) -> tuple[float, float]:
        return self.of_means.interval(misses)

    @property
    def before(self) -> str:
        return rounded(sum(each for each, _ in self.pairs) / self.n)

    @property
    def after(self) -> str:
        return rounded(sum(each for _, each in self.pairs) / self.n)

    @property
    def signed(self) -> str:
        return with_sign(self.own.mean)

    @property
    def shown(self) -> str:
        said = rounded(self.own.mean)
        return f"fell by {said[1:]}" if said[0] == "−" else "no change" if said == "0.0" else f"+{said}"

    @property
    def shown_interval(self) -> str:
        return from_to(self.interval())


@dataclass(frozen=True)
class Part:
    """So many of so many."""

    number: int
    of: int

    @property
    def share(self) -> float:
        return self.number / self.of

    def interval(self, misses: float = 0.05) -> tuple[float, float]:
        """Wilson's: where (p - share)² = z² p (1 - p) / of."""
        z = NormalDist().inv_cdf(1 - misses / 2)
        a, b, c = 1 + z * z / self.of, -(2 * self.share + z * z / self.of), self.share**2
        root = sqrt(max(0.0, b * b - 4 * a * c))
        return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))


@dataclass(frozen=True)
class OfShares:
    """A share now less the one before, of different people."""

    now: Part
    before: Part

    @property
    def mean(self) -> float:
        return self.now.share - self.before.share

    @property
    def sure(self) -> float:
        pooled = (self.now.number + self.before.number) / (self.now.of + self.before.of)
        error = sqrt(pooled * (1 - pooled) * (1 / self.now.of + 1 / self.before.of))
        return abs(self.mean) / error if error else -1.0

    def interval(self, misses: float = 0.05) -> tuple[float, float]:
        """Newcombe's, of the two by Wilson."""
        (low, high), (low_before, high_before) = self.now.interval(misses), self.before.interval(misses)
        down = sqrt((self.now.share - low) ** 2 + (high_before - self.before.share) ** 2)
        up = sqrt((high - self.now.share) ** 2 + (self.before.share - low_before) ** 2)
        return self.mean - down, self.mean + up


# Groups


def groups(differences: Sequence[Sure]) -> list[str]:
    """Holm: the surest first, against an interval for all that are left, until one holds 0."""
    found = ["no clear change"] * len(differences)
    order = sorted(range(len(differences)), key=lambda place: -differences[place].sure)
    for done, place in enumerate(order):
        low, high = differences[place].interval(0.05 / (len(differences) - done))
        if low <= 0 <= high:
            break
        found[place] = "stronger" if low > 0 else "weaker"
    return found
