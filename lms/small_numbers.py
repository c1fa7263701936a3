"""Small numbers of people, hidden so that nobody can work them out by subtracting. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = 5
"""1 to 4 people are "fewer than 5"."""


@dataclass(frozen=True)
class Protected:
    """Which numbers of a table are hidden: small ones, ones that would give a small one away, or even their sum."""

    small: frozenset[int]
    hidden: frozenset[int]
    is_total_hidden: bool


def is_small(number: int) -> bool:
    """One to four people."""
    return 0 < number < SMALL


def protect(numbers: Sequence[int]) -> Protected:
    """Hide the small numbers, and as many of the next larger as it takes for the sum not to give them away."""
    small = frozenset(place for place, number in enumerate(numbers) if is_small(number))
    hidden = set(small)
    larger = sorted((number, place) for place, number in enumerate(numbers) if number >= SMALL)
    while not _is_open(numbers, small, hidden):
        if not larger:
            return Protected(small, frozenset(hidden), is_total_hidden=True)
        hidden.add(larger.pop(0)[1])
    return Protected(small, frozenset(hidden), is_total_hidden=is_small(sum(numbers)))


def _is_open(numbers: Sequence[int], small: frozenset[int], hidden: set[int]) -> bool:
    """Whether each small number could be another one, for a reader who subtracts what is shown from the sum."""
    total = sum(numbers[place] for place in hidden)
    others_small, others_larger = len(small) - 1, len(hidden) - len(small)
    least = others_small + SMALL * others_larger
    most = others_small * (SMALL - 1) if not others_larger else total
    return not small or sum(1 for one in range(1, SMALL) if least <= total - one <= most) > 1
