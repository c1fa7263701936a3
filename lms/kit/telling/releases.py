"""Which answers may be told together, so that subtracting one report from another never finds 1 to 4 people. Pure.

Events are told alone when nobody answered or five or more did; otherwise they wait for the next event of their course
and are told together. A selection (course, trainer, learning point, dates) holds a release only when it holds all of
its events. Every figure is then a sum of releases, and every difference of figures too. All of it goes in the order of
time, so that what was told once is told the same way for ever.
"""

from collections.abc import Collection, Hashable, Iterable
from typing import TypeVar

from lms.kit.telling.numbers import is_small

Key = TypeVar("Key", bound=Hashable)


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
