"""Numbers each of which is a part of the one before: attended, invited, delivered, answered. Pure.

Between two of them lies a number of people, too: those who were not invited, whose letter came back, who did not
answer. Where these are 1 to 4, one of the two numbers is told as far as that goes: "286 to 289". Which one goes follows
from an order that is always the same. What several half-years tell together is the sum of what each tells.
"""

from collections.abc import Iterable, Sequence

from lms.kit.telling.numbers import SMALL, Told, is_small


def tell_steps(numbers: Sequence[int], order: Sequence[int], untold: Iterable[int] = ()) -> tuple[Told, ...]:
    """The steps as they are told, from the largest down. `order`: places, those first that are told if any are.

    `untold`: places of which nothing is told, for another report would tell what is small by them.
    """
    never, exact = frozenset(untold), set[int]()
    for place in order:
        if place not in never and not any(is_small(abs(numbers[place] - numbers[each])) for each in exact):
            exact.add(place)
    return tuple(
        Told(numbers[place])
        if place in exact
        else Told(None, within=None if place in never else _within(numbers, place, exact))
        for place in range(len(numbers))
    )


def _within(numbers: Sequence[int], place: int, exact: Iterable[int]) -> tuple[int, int] | None:
    """Between which numbers a step lies that is close to one that is told.

    Where it could be close to both that stand around it, everything between them: that it is close to one of them
    alone would say which it is.
    """
    number = numbers[place]
    above = min((numbers[each] for each in exact if each < place), default=None)
    below = max((numbers[each] for each in exact if each > place), default=None)
    if above is not None and below is not None and above - below < 2 * SMALL - 1:
        return below + 1, above - 1
    if above is not None and is_small(above - number):
        return above - SMALL + 1, above - 1
    if below is not None and is_small(number - below):
        return below + 1, below + SMALL - 1
    return None


def added_steps(several: Sequence[Sequence[Told]]) -> tuple[Told, ...]:
    """Several tellings of the same steps as one: it says nothing that they do not say."""
    return tuple(_added(column) for column in zip(*several, strict=True))


def _added(column: Sequence[Told]) -> Told:
    ranges = [span_of(each) for each in column]
    known = [each for each in ranges if each is not None]
    if len(known) < len(ranges):
        return Told(None)
    low, high = (sum(ends) for ends in zip(*known, strict=True))
    return Told(low) if low == high else Told(None, within=(low, high))


def span_of(told: Told) -> tuple[int, int] | None:
    """Between which numbers it lies for a reader; None where that is not said."""
    return told.within if told.number is None else (told.number, told.number)


def between(whole: Told, part: Told) -> Told:
    """Those of a step who are not in a later one: 26, fewer than 5, 20 to 23."""
    larger, smaller = span_of(whole), span_of(part)
    if larger is None or smaller is None:
        return Told(None)
    low, high = larger[0] - smaller[1], larger[1] - smaller[0]
    if low == high:
        return Told(low)
    return Told(None, is_small=(low, high) == (1, SMALL - 1), within=(max(low, 0), high))
