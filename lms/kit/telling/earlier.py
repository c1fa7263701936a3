"""What reports told before: kept with them as plain values, and binding for whatever is told later. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from lms.kit.telling.numbers import is_small
from lms.kit.telling.sums import Cell, ToldBefore

Kept = tuple[Any, ...]
"""One number as plain values: those of its cell, and itself; or, where it was not told, whether it was small and
between which numbers it must lie."""


@dataclass(frozen=True)
class ToldEarlier(Generic[Cell]):
    """The numbers that reports told, the cells that were hidden as small, and what followed of those not told."""

    told: Mapping[Cell, int] = field(default_factory=dict)
    small: frozenset[Cell] = frozenset()
    ranges: Mapping[Cell, tuple[int, int]] = field(default_factory=dict)

    @property
    def cells(self) -> frozenset[Cell]:
        """All of them."""
        return frozenset({*self.told, *self.small, *self.ranges})

    def beside(self, numbers: Mapping[Cell, int]) -> ToldBefore[Cell]:
        """What is known of these numbers: of those that are as they were told. One that was corrected can be hidden."""
        known = frozenset(cell for cell, number in self.told.items() if numbers.get(cell) == number)
        ranges = frozenset(
            (cell, (low, high))
            for cell, (low, high) in self.ranges.items()
            if cell in numbers and low <= numbers[cell] <= high
        )
        return ToldBefore(known, self.small.intersection(numbers), ranges)


def kept_cells(
    numbers: Mapping[Cell, int],
    untold: Mapping[Cell, tuple[int, int] | None],
    plain: Callable[[Cell], tuple[Any, ...]],
) -> tuple[Kept, ...]:
    """Numbers to be kept with a report; `untold` are those that it does not tell, with what follows of them."""
    return tuple(
        (*plain(cell), [is_small(number), *(untold[cell] or ())] if cell in untold else number)
        for cell, number in numbers.items()
    )


def told_earlier(reports: Iterable[Iterable[Kept]], cell_of: Callable[..., Cell]) -> ToldEarlier[Cell]:
    """What these reports told, together: of what was told twice, the number that was told last."""
    told: dict[Cell, int] = {}
    small: set[Cell] = set()
    ranges: dict[Cell, tuple[int, int]] = {}
    for *of, number in (kept for report in reports for kept in report):
        cell = cell_of(*of)
        if isinstance(number, int):
            told[cell] = number
            continue
        was_small, *within = number
        small |= {cell} if was_small else set()
        if within:
            low, high = ranges.get(cell, (0, within[1]))
            ranges[cell] = (max(low, within[0]), min(high, within[1]))
    return ToldEarlier(told, frozenset(small), ranges)
