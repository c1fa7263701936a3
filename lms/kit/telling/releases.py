"""Which events' answers come out together, so that nobody is found by an event's number. Pure.

An event's answers come out by themselves when nobody answered or five or more did; smaller ones wait for each other
within their course, as the answers themselves do. All of it goes in the order of time, so that what came out once
stays as it was.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVar

from lms.kit.telling.numbers import SMALL, is_small

Key = TypeVar("Key", bound=Hashable)


def releases(counted: Iterable[tuple[Key, Hashable, int, date]], waits: timedelta) -> list[tuple[Key, ...]]:
    """What comes out together, in order. Takes (event, course, people who answered, day), in the order of the days.

    What closed on one day comes out in one night. What waits is in no release, and after `waits` never will be: its
    answers are gone. More events at the end never change the releases before them.
    """
    made: list[tuple[Key, ...]] = []
    waiting: dict[Hashable, list[tuple[Key, int, date]]] = defaultdict(list)
    for day, those in groupby(counted, key=lambda each: each[3]):
        for key, course, number, _ in those:
            if is_small(number):
                waiting[course].append((key, number, day))
            else:
                made.append((key,))
        for course in list(waiting):
            waiting[course] = [each for each in waiting[course] if each[2] > day - waits]
            if sum(number for _, number, _ in waiting[course]) >= SMALL:
                made.append(tuple(key for key, _, _ in waiting.pop(course)))
    return made
