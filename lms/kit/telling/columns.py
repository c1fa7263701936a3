"""One column of numbers of people and its sum, so told that nobody works a small one out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.kit.telling.numbers import Told, is_silent, is_small
from lms.kit.telling.sums import protect_sums


@dataclass(frozen=True)
class Protected:
    """A column of numbers as it is told: small ones are hidden, ones that would give a small one away, or their sum."""

    numbers: tuple[int, ...]
    small: frozenset[int]
    hidden: frozenset[int]
    is_total_hidden: bool
    has_silent: bool = False

    def at(self, place: int) -> Told:
        """One number of the column."""
        return Told(None, place in self.small) if place in self.hidden else Told(self.numbers[place])

    @property
    def total(self) -> Told:
        """All of them together. That it is small is said only where it says nothing of very few who were asked."""
        number = sum(self.numbers)
        return Told(None, is_small(number) and not self.has_silent) if self.is_total_hidden else Told(number)


def protect(numbers: Sequence[int], bounds: Sequence[int] | None = None) -> Protected:
    """Hide the small numbers of one column, and others, by their place, until the sum does not tell them.

    `bounds`: how many each could be at most, where that stands beside it.
    """
    cells = dict(enumerate(numbers))
    known = {} if bounds is None else dict(enumerate(bounds))
    total = len(numbers)
    hidden = protect_sums({**cells, total: sum(numbers)}, [(total, tuple(cells))], lambda place: place, known)
    small = frozenset(place for place in cells if is_small(numbers[place]) and not is_silent(known.get(place)))
    has_silent = any(is_silent(bound) for bound in known.values())
    return Protected(tuple(numbers), small, hidden - {total}, total in hidden, has_silent)
