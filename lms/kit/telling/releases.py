"""Which events' answers come out together, so that nobody is found by an event's number. Pure.

An event's answers come out by themselves when nobody answered or five or more did; smaller ones wait for each other
within their course, as the answers themselves do. All of it goes in the order of time, so that what came out once
stays as it was.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from itertools import groupby
from typing import TypeVar

from lms.kit.telling.numbers import SMALL, is_small

Key = TypeVar("Key", bound=Hashable)


def releases(counted: Iterable[tuple[Key, Hashable, int, Hashable]]) -> list[tuple[Key, ...]]:
    """What comes out together, in order. Takes (event, course, people who answered, day), in the order of the days.

    What closed on one day comes out in one night. What waits is in no release. More events at the end never change the
    releases before them.
    """
    made: list[tuple[Key, ...]] = []
    waiting: dict[Hashable, list[tuple[Key, int]]] = defaultdict(list)
    for _, those in groupby(counted, key=lambda each: each[3]):
        for key, course, number, _ in those:
            if is_small(number):
                waiting[course].append((key, number))
            else:
                made.append((key,))
        for course in [course for course, some in waiting.items() if sum(number for _, number in some) >= SMALL]:
            made.append(tuple(key for key, _ in waiting.pop(course)))
    return made
