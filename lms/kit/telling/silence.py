"""Parts of what is small, of which nothing is said. Pure."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from lms.kit.telling.numbers import is_small
from lms.kit.telling.sums import Sum

Cell = TypeVar("Cell", bound=Hashable)


def silent_parts(
    numbers: Mapping[Cell, int], sums: Sequence[Sum[Cell]], unshown: Collection[Cell] = ()
) -> frozenset[Cell]:
    """The parts of each small number, and theirs: not even whether they are nobody is told.

    Four lines of "fewer than 5" in a sum of "fewer than 5" would be one each. What is `unshown` tells nothing.
    """
    silent: set[Cell] = set()
    small = {cell for cell, number in numbers.items() if is_small(number) and cell not in unshown}
    while small:
        parts = {part for total, those in sums if total in small for part in those}
        small = parts - silent - set(unshown)
        silent |= small
    return frozenset(silent)
