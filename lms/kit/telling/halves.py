"""Numbers of people by sector or agency, told by whole half-years for all courses. Pure.

Each half is a table of its own, in which small numbers are hidden with one that would give them away. A selection of
halves shows a sector only when each of its halves does, so that no sum or difference says more than the tables of the
halves themselves.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lms.kit.telling.numbers import SMALL, Told, is_silent, is_small

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Half(Generic[Name]):
    """People who answered in one half-year, by sector or agency. `hidden` is None when not even the sum may be told."""

    numbers: Mapping[Name, int]
    hidden: frozenset[Name] | None
    silent: frozenset[Name] = frozenset()
    """Where fewer than five were asked: not even "fewer than 5", or nobody, is said of them."""

    def cell(self, name: Name) -> Told:
        """What may be told of one sector or agency."""
        number = self.numbers.get(name, 0)
        if self.hidden is None or name in self.silent:
            return Told(None)
        return Told(None, is_small(number)) if name in self.hidden else Told(number)

    @property
    def total(self) -> Told:
        """All of them together."""
        return Told(None if self.hidden is None else sum(self.numbers.values()))


def half(numbers: Mapping[Name, int], asked: Mapping[Name, int] | None = None) -> Half[Name]:
    """What may be told of people who answered, by sector or agency. `asked`: how many were, which everybody may see.

    With small numbers, one larger is hidden: the one where fewest were asked. The choice never follows from the hidden
    numbers, so that knowing this rule helps nobody. When there is none larger, or when the hidden sum is the least that
    it can be (1 for each, and 5), the sum itself would tell them: then nothing is told.

    Of one person asked, "fewer than 5" would say that they answered: of those where fewer than five were asked nothing
    is said, and together they count as one.
    """
    silent = frozenset(name for name in numbers if asked is not None and is_silent(asked.get(name, 0)))
    pool = sum(numbers[name] for name in silent)
    small = {name for name, number in numbers.items() if is_small(number) and name not in silent}
    if not small and not is_small(pool):
        return Half(numbers, frozenset(), silent)
    order = sorted((name for name in numbers if name not in silent), key=lambda name: (asked or {}).get(name, 0))
    larger = next((name for name in order if numbers[name] >= SMALL), None)
    if larger is None:
        return Half(numbers, None)
    hidden = frozenset({*small, larger})
    few = len(small) + is_small(pool)
    is_open = sum(numbers[name] for name in hidden) + pool * is_small(pool) > few + SMALL
    return Half(numbers, hidden if is_open else None, silent)


def over_halves(halves: Sequence[Half[Name]], name: Name | None) -> Told:
    """One sector, or all together for None, over several halves: only when each half tells it."""
    cells = [each.total if name is None else each.cell(name) for each in halves]
    if len(cells) == 1:
        return cells[0]
    numbers = [cell.number for cell in cells if cell.number is not None]
    # "Fewer than 5" of two halves, each of them fewer than 5, would narrow both down: it is said of one half only.
    return Told(sum(numbers) if len(numbers) == len(cells) else None)
