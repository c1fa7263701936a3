"""Which groups may be named, so that no group of fewer than five shows. Pure."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from lms.kit.telling.numbers import SMALL
from lms.kit.telling.sums import protect

Name = TypeVar("Name", bound=Hashable)


def kept_groups(sizes: Mapping[Name, int]) -> frozenset[Name]:
    """The groups whose name may be kept with their answers, where all of them together are known.

    A group of 1 to 4 is not kept, nor one that would give it away by subtraction; those not kept are together none, or
    at least five.
    """
    names = sorted(sizes, key=lambda name: (sizes[name], str(name)))
    numbers = [sizes[name] for name in names]
    hidden = set(protect(numbers).hidden)
    others = [place for place in range(len(names)) if place not in hidden]
    while 0 < sum(numbers[place] for place in hidden) < SMALL and others:
        hidden.add(others.pop(0))
    return frozenset(name for place, name in enumerate(names) if place not in hidden)
