"""Which groups may be named, and which of several options, so that no group of fewer than five shows. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from lms.kit.telling.numbers import SMALL, Told, is_small, told
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


def told_groups(numbers: Sequence[int]) -> list[bool]:
    """Which agencies are told, of people who answered one question in each; the last is everybody else, never told.

    An agency is told from 5 on. What the untold are together follows from the total, so they are nobody, or five and
    more: otherwise the smallest told goes with them.
    """
    *agencies, others = numbers
    told = [number >= SMALL for number in agencies]
    untold = others + sum(number for number, is_told in zip(agencies, told, strict=True) if not is_told)
    if is_small(untold) and any(told):
        smallest = min((place for place, is_told in enumerate(told) if is_told), key=lambda place: agencies[place])
        told[smallest] = False
    return [*told, False]


def options_told(chosen: Mapping[Name, int], *, is_one_each: bool) -> dict[Name, Told]:
    """How many chose each answer, as it is told. `is_one_each`: the answers exclude each other and add up to all.

    Then a single small one would follow from the others, and the least goes with it.
    """
    hidden = {name for name, number in chosen.items() if is_small(number)}
    larger = [name for name, number in chosen.items() if number >= SMALL]
    if is_one_each and len(hidden) == 1 and larger:
        hidden.add(min(larger, key=lambda name: chosen[name]))
    return {name: told(number, is_hidden=name in hidden) for name, number in chosen.items()}
