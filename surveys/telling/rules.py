"""Which numbers may be told together, so that subtracting one report from another never finds 1 to 4 people. Pure.

Two devices, both in the order of time, so that what was told once is told the same way for ever:

*Releases.* Events are told alone when nobody answered or five or more did; otherwise they wait for the next event of
their course and are told together. A selection (course, trainer, learning point, dates) holds a release only when it
holds all of its events. Every figure is then a sum of releases, and every difference of figures too.

*Halves.* Answers by sector or agency are told by whole half-years, for all courses. Each half is a table of its own, in
which small numbers are hidden with one that would give them away. A selection of halves shows a sector only when each
of its halves does, so that no sum or difference says more than the tables of the halves themselves.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lms.kit.small_numbers import SMALL, is_small

Key = TypeVar("Key", bound=Hashable)
Name = TypeVar("Name", bound=Hashable)

FEWER = "fewer than 5"
HIDDEN = "hidden"


# Releases


def releases(counted: Iterable[tuple[Key, Hashable, int]]) -> list[frozenset[Key]]:
    """What is told together. Takes (event, course, people who answered) in the order in which surveys closed.

    What waits is in no release. More events at the end never change the releases before them.
    """
    return releases_of_both((key, chain, number, 0) for key, chain, number in counted)


def releases_of_both(counted: Iterable[tuple[Key, Hashable, int, int]]) -> list[frozenset[Key]]:
    """The same for two numbers of each, those who did and those who did not: neither is told when it is small."""
    told: list[frozenset[Key]] = []
    waiting: dict[Hashable, tuple[list[Key], int, int]] = {}
    for key, chain, number, other in counted:
        if number == 0:
            told.append(frozenset({key}))
            continue
        keys, sum_, others = waiting.pop(chain, ([], 0, 0))
        keys, sum_, others = [*keys, key], sum_ + number, others + other
        if is_small(sum_) or is_small(others):
            waiting[chain] = keys, sum_, others
        else:
            told.append(frozenset(keys))
    return told


def told_within(selection: Collection[Key], told: Iterable[frozenset[Key]]) -> frozenset[Key]:
    """The events of a selection whose answers may be told: those of releases that lie wholly in it."""
    chosen = set(selection)
    return frozenset(key for release in told if release <= chosen for key in release)


# Halves


@dataclass(frozen=True)
class Cell:
    """A number as it may be told: itself, or only that it is small, or nothing."""

    number: int | None
    is_small: bool = False

    @property
    def shown(self) -> str:
        if self.number is not None:
            return f"{self.number:,}"
        return FEWER if self.is_small else HIDDEN


@dataclass(frozen=True)
class Half(Generic[Name]):
    """People who answered in one half-year, by sector or agency. `hidden` is None when not even the sum may be told."""

    numbers: Mapping[Name, int]
    hidden: frozenset[Name] | None
    silent: frozenset[Name] = frozenset()
    """Where fewer than five were asked: not even "fewer than 5", or nobody, is said of them."""

    def cell(self, name: Name) -> Cell:
        """What may be told of one sector or agency."""
        number = self.numbers.get(name, 0)
        if self.hidden is None or name in self.silent:
            return Cell(None)
        return Cell(None, is_small(number)) if name in self.hidden else Cell(number)

    @property
    def total(self) -> Cell:
        """All of them together."""
        return Cell(None if self.hidden is None else sum(self.numbers.values()))


def half(numbers: Mapping[Name, int], asked: Mapping[Name, int] | None = None) -> Half[Name]:
    """What may be told of people who answered, by sector or agency. `asked`: how many were, which everybody may see.

    With small numbers, one larger is hidden: the one where fewest were asked. The choice never follows from the hidden
    numbers, so that knowing this rule helps nobody. When there is none larger, or when the hidden sum is the least that
    it can be (1 for each, and 5), the sum itself would tell them: then nothing is told.

    Of one person asked, "fewer than 5" would say that they answered: of those where fewer than five were asked nothing
    is said, and together they count as one.
    """
    silent = frozenset(name for name in numbers if asked is not None and asked.get(name, 0) < SMALL)
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


def over_halves(halves: Sequence[Half[Name]], name: Name | None) -> Cell:
    """One sector, or all together for None, over several halves: only when each half tells it."""
    cells = [each.total if name is None else each.cell(name) for each in halves]
    if len(cells) == 1:
        return cells[0]
    numbers = [cell.number for cell in cells if cell.number is not None]
    # "Fewer than 5" of two halves, each of them fewer than 5, would narrow both down: it is said of one half only.
    return Cell(sum(numbers) if len(numbers) == len(cells) else None)
