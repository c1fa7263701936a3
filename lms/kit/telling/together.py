"""One question of several groups of people and of all of them together, so told that nobody is found. Pure.

All together are told first, as fully as they can be. Then the groups are told, each as by itself, or none of them:
were one held back because of its own answers, its being held back would tell them. Of two, each is what the other
leaves, and of answers that are neither yes nor no too much follows: those are told together only.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lms.kit.telling.numbers import is_small
from lms.kit.telling.scales import Scale, ScalePart, ToldScale, only_how_many, tell_scale

Row = TypeVar("Row", bound=Hashable)


@dataclass(frozen=True)
class ToldTable(Generic[Row]):
    """One question: of all together, and of each group."""

    total: ToldScale
    rows: Mapping[Row, ToldScale]


def tell_table(counts: Mapping[Row, Sequence[int]], scale: Scale) -> ToldTable[Row]:
    """What is told of groups that add up to all together; of ten people and more each, as `lines` makes them."""
    return _protected(counts, scale, lambda numbers, _: tell_scale(numbers, scale))


def tell_twice(
    before: Mapping[Row, Sequence[int]], after: Mapping[Row, Sequence[int]], scale: Scale
) -> tuple[ToldTable[Row], ToldTable[Row]]:
    """The same question, asked of the same people twice, who answered it both times or stand with no answer both times.

    Who gave no answer is told by itself in both tables or, where there is anybody, in neither: together the two would
    tell the small answers that they were put with in one of them.
    """
    apart = {row: _are_apart(both, scale) for row, both in _rows_of_both(before, after).items()}

    def tell(numbers: Sequence[int], row: Row | None) -> ToldScale:
        return tell_scale(numbers, scale, is_blank_apart=apart[row])

    return _protected(before, scale, tell), _protected(after, scale, tell)


def _rows_of_both(
    before: Mapping[Row, Sequence[int]], after: Mapping[Row, Sequence[int]]
) -> dict[Row | None, tuple[Sequence[int], Sequence[int]]]:
    """What each group said before and after; of all together under None."""
    rows: dict[Row | None, tuple[Sequence[int], Sequence[int]]] = {row: (before[row], after[row]) for row in before}
    return {**rows, None: (_all_of(before), _all_of(after))}


def _all_of(counts: Mapping[Row, Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts.values(), strict=True)]


def _are_apart(both: Sequence[Sequence[int]], scale: Scale) -> bool:
    """Whether those who gave no answer may be told by themselves."""
    blank = tuple(scale.places[len(scale.words) - scale.blank :])
    if not any(numbers[place] for numbers in both for place in blank):
        return True
    return all(any(part.places == blank for part in tell_scale(numbers, scale).parts) for numbers in both)


def _protected(
    counts: Mapping[Row, Sequence[int]], scale: Scale, tell: Callable[[Sequence[int], Row | None], ToldScale]
) -> ToldTable[Row]:
    total = tell(_all_of(counts), None)
    rows = {row: tell(numbers, row) for row, numbers in counts.items()}
    if not scale.yes or len(rows) == 2 or _is_found(total, list(rows.values()), scale):
        rows = {row: only_how_many(told) for row, told in rows.items()}
    return ToldTable(total, rows)


def _is_found(total: ToldScale, rows: Sequence[ToldScale], scale: Scale) -> bool:
    """Whether the sum gives a small number away: of one group, or of those together whose numbers are open."""
    spans = [(first, end) for first in scale.places for end in range(first, len(scale.words))]
    return len(rows) > 1 and any(_gives_away(total, rows, first, end) for first, end in spans)


def _gives_away(total: ToldScale, rows: Sequence[ToldScale], first: int, end: int) -> bool:
    """The same for the answers from one place to another: what all gave, less what is told of groups."""
    ranges = [row.within(first, end) for row in rows]
    exact = sum(low for low, high in ranges if low == high)
    unsure = [row for row, (low, high) in zip(rows, ranges, strict=True) if low != high]
    low, high = (each - exact for each in total.within(first, end))
    if not unsure:
        return False
    if low == high and (is_small(low) or is_small(sum(row.of for row in unsure) - low)):
        return True
    known = [_possible(row, first, end) for row in unsure]
    return any(_is_close(row.of, each) for row, each in zip(unsure, _agreeing(known, low, high), strict=True))


def _possible(row: ToldScale, first: int, end: int) -> int:
    """The numbers that a group can have for somebody who knows how questions are told, as bits.

    Answers are put together because one of them is small: of two, either this one is, or what is left.
    """
    low, high = row.within(first, end)
    cut = [part for part in row.parts if part.number and _is_cut(part, first, end)]
    if len(cut) == 1 and len(cut[0].places) == 2 and high - low == cut[0].low and len(row.parts) > 1:
        together = cut[0].low
        return sum(1 << (low + n) for n in range(1, together) if is_small(n) or is_small(together - n))
    return sum(1 << n for n in range(max(low, 1), min(high, row.of - 1) + 1))


def _is_cut(part: ScalePart, first: int, end: int) -> bool:
    """Whether some of a part's answers are from one place to another, and some are not."""
    return 0 < sum(first <= place <= end for place in part.places) < len(part.places)


def _agreeing(known: Sequence[int], low: int, high: int) -> list[list[int]]:
    """For each group the numbers that agree with the sum, which is from `low` to `high`."""
    before, after = [1], [1]
    for each in known:
        before.append(_sums(before[-1], each))
    for each in reversed(known):
        after.append(_sums(after[-1], each))
    found = []
    for place, each in enumerate(known):
        others = _sums(before[place], after[len(known) - place - 1])
        found.append([n for n in _bits(each) if any(others >> (sum_ - n) & 1 for sum_ in range(max(low, n), high + 1))])
    return found


def _sums(one: int, other: int) -> int:
    """The sums of a number from each, as bits."""
    made = 0
    for number in _bits(other):
        made |= one << number
    return made


def _bits(known: int) -> list[int]:
    return [number for number in range(known.bit_length()) if known >> number & 1]


ENOUGH = 3


def _is_close(of: int, numbers: Sequence[int]) -> bool:
    """Whether so few numbers are left to a group that one that is small is as good as found."""
    return len(numbers) < ENOUGH and any(is_small(each) or is_small(of - each) for each in numbers)
