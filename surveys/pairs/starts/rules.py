"""Where those stood before who answered three months on, beside those who did not, by sector, as it is told. Pure.

Means and spreads are kept as they are printed, in tenths: a sum of exact answers could be taken apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from lms.kit.telling.numbers import SMALL


@dataclass(frozen=True)
class Start:
    """One person's mean before, of all practices that they answered."""

    sector_id: int | None
    mean: float
    is_later: bool


@dataclass(frozen=True)
class StartTold:
    """One sector, or for None the others together; means and spreads in tenths of a point."""

    sector_id: int | None
    later_people: int
    later_mean: int
    later_spread: int
    other_people: int
    other_mean: int
    other_spread: int


def starts_told(people: Iterable[Start]) -> list[StartTold]:
    """A line for each sector with five and more on both sides. The others are one line, with as many more as it takes.

    Where even all together are fewer than five on a side, nothing is told.
    """
    sectors: dict[int | None, list[Start]] = defaultdict(list)
    for each in people:
        sectors[each.sector_id].append(each)
    told = {sector: those for sector, those in sectors.items() if sector is not None and _is_enough(those)}
    rest = [each for sector, those in sectors.items() if sector not in told for each in those]
    while rest and not _is_enough(rest) and told:
        smallest = min(told, key=lambda sector: (len(told[sector]), sector or 0))
        rest += told.pop(smallest)
    lines = [_told(sector, those) for sector, those in sorted(told.items(), key=lambda each: each[0] or 0)]
    return [*lines, _told(None, rest)] if _is_enough(rest) else lines


def _is_enough(people: Sequence[Start]) -> bool:
    later = sum(each.is_later for each in people)
    return later >= SMALL and len(people) - later >= SMALL


def _told(sector_id: int | None, people: Sequence[Start]) -> StartTold:
    later = [each.mean for each in people if each.is_later]
    others = [each.mean for each in people if not each.is_later]
    return StartTold(sector_id, len(later), *_mean_and_spread(later), len(others), *_mean_and_spread(others))


def _mean_and_spread(numbers: Sequence[float]) -> tuple[int, int]:
    mean = sum(numbers) / len(numbers)
    spread = sqrt(sum((each - mean) ** 2 for each in numbers) / (len(numbers) - 1))
    return round(10 * mean), round(10 * spread)
