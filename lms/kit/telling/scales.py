"""One question whole: how many gave each answer of a scale, told with one denominator. Pure.

Options stand from yes to no, and whoever did not answer last. An answer of 1 to 4 people is put together with its
neighbour further out, or, where there is none, further in; never a yes with a no. So every table adds up to all of its
answers, and what is not a yes is always seen. Where everything that is not a yes is 1 to 4 people, they read "fewer
than 5" and the yes is "most of 20". Fewer than ten are then told as a number of answers alone: of six, "fewer than 5"
beside "most of 6" is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lms.kit.telling.numbers import FEWER, SMALL, is_small, most_of

SPLIT_FROM = 2 * SMALL
"""From so many answers on a small side may be told as "fewer than 5" of them."""


@dataclass(frozen=True)
class Scale:
    """The answers to a question, in words. The first `yes` of them are a yes, the last `blank` of them no answer.

    `yes` 0: no answer is more welcome than another, and any may be put together with its neighbour.
    """

    words: tuple[str, ...]
    yes: int = 0
    blank: int = 0

    @property
    def places(self) -> range:
        return range(len(self.words))


@dataclass(frozen=True)
class ScalePart:
    """Answers told together: how many people gave one of them, exactly or from `low` to `high`."""

    places: tuple[int, ...]
    low: int
    high: int

    @property
    def number(self) -> int | None:
        """The number itself, where it is told."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True)
class ToldScale:
    """What may be told of one question: its denominator, and its parts in the order of the scale.

    One part of all answers: nothing is told but how many there were. None at all: not even that.
    """

    of: int
    parts: tuple[ScalePart, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether anything is said of what people answered."""
        return len(self.parts) > 1

    def within(self, first: int, last: int) -> tuple[int, int]:
        """How many people at least and at most gave one of the answers from the first place to the last."""
        low, high, least_outside = 0, 0, 0
        for part in self.parts:
            if first <= part.places[0] and part.places[-1] <= last:
                low, high = low + part.low, high + part.high
            elif part.places[-1] < first or last < part.places[0]:
                least_outside += part.low
            else:
                high += part.high
        return low, min(high, self.of - least_outside)

    def first(self, number: int) -> ScalePart:
        """The first so many answers of the scale together: those that are welcome."""
        return ScalePart(tuple(range(number)), *self.within(0, number - 1))

    def shown_of(self, part: ScalePart) -> str:
        """51 of 60, fewer than 5 of 60, most of 20: never without how many answered."""
        shown, of = self.shown(part), f"of {self.of:,}"
        return shown if shown.endswith(of) else f"{shown} {of}"

    def shown(self, part: ScalePart) -> str:
        """51, fewer than 5, most of 20, 14 to 17."""
        if part.number is not None:
            return f"{part.number:,}"
        if (part.low, part.high) == (1, SMALL - 1):
            return FEWER
        if (part.low, part.high) == (self.of - SMALL + 1, self.of - 1):
            return most_of(self.of)
        return f"{part.low:,} to {part.high:,}"


def tell_scale(counts: Sequence[int], scale: Scale, *, is_blank_apart: bool = True) -> ToldScale:
    """What is told of one question by itself: `counts` of people, in the order of the scale.

    `is_blank_apart`: who gave no answer may be told by themselves; otherwise they go with their neighbour.
    """
    of = sum(counts)
    if not of or is_small(of):
        return ToldScale(of)
    counted = _Counted(tuple(counts), scale, is_blank_apart)
    return ToldScale(of, tuple(sorted(counted.parts(), key=lambda part: part.places)))


def only_how_many(told: ToldScale) -> ToldScale:
    """The same question, of which only the number of answers is told."""
    places = tuple(place for part in told.parts for place in part.places)
    return ToldScale(told.of, (ScalePart(places, told.of, told.of),) if places else ())


def added(several: Sequence[ToldScale]) -> ToldScale:
    """Several tellings of one question as one: answers that were told together in any of them are together in all.

    It says nothing that they do not say: each of its numbers is a sum of theirs.
    """
    those = [each for each in several if each.parts]
    if not those:
        return ToldScale(sum(each.of for each in several))
    last = max(part.places[-1] for part in those[0].parts)
    ends = set.intersection(*({part.places[-1] for part in each.parts} for each in those)) | {last}
    parts, first = [], 0
    for end in sorted(ends):
        ranges = [each.within(first, end) for each in those]
        parts.append(
            ScalePart(tuple(range(first, end + 1)), sum(low for low, _ in ranges), sum(high for _, high in ranges))
        )
        first = end + 1
    return ToldScale(sum(each.of for each in those), tuple(parts))


@dataclass(frozen=True)
class _Counted:
    counts: tuple[int, ...]
    scale: Scale
    is_blank_apart: bool = True
    of: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", sum(self.counts))

    def parts(self) -> Iterator[ScalePart]:
        everything = list(self.scale.places)
        if not self.scale.yes:
            yield from self._of_one_side(everything)
            return
        yes, rest = everything[: self.scale.yes], everything[self.scale.yes :]
        if is_small(self._sum(yes)) or is_small(self._sum(rest)):
            yield from self._split(yes, rest)
            return
        yield from self._joined(yes[::-1])
        blank = rest[len(rest) - self.scale.blank :]
        said = rest[: len(rest) - self.scale.blank]
        if not self.is_blank_apart:
            yield from self._joined(rest, last=self.scale.blank + 1)
        elif is_small(self._sum(blank)) or is_small(self._sum(said)):
            yield from self._joined(rest)
        else:
            yield from self._joined(said)
            yield from self._joined(blank)

    def _of_one_side(self, places: list[int]) -> Iterator[ScalePart]:
        """Without yes and no. Where all would be one part, what most people said is told as "most of 20"."""
        parts = list(self._joined(places))
        most = max(places, key=lambda place: self.counts[place])
        if len(parts) == 1 and len(places) > 1 and most in (places[0], places[-1]) and self.of >= SPLIT_FROM:
            rest = [place for place in places if place != most]
            if is_small(self._sum(rest)):
                yield from self._split([most], rest)
                return
        yield from parts

    def _split(self, one: list[int], other: list[int]) -> Iterator[ScalePart]:
        """Two sides, one of which is small."""
        if self.of < SPLIT_FROM:
            yield self._part([*one, *other])
            return
        for side in (one, other):
            if is_small(self._sum(side)):
                yield ScalePart(tuple(sorted(side)), 1, SMALL - 1)
            else:
                yield ScalePart(tuple(sorted(side)), self.of - SMALL + 1, self.of - 1)

    def _joined(self, places: list[int], last: int = 1) -> Iterator[ScalePart]:
        """The answers of a side, given from the border outwards, none of them small; the `last` of them together."""
        made: list[list[int]] = []
        gathered: list[int] = []
        for place in reversed(places):
            gathered.append(place)
            if not is_small(self._sum(gathered)) and (made or len(gathered) >= last):
                made.append(gathered)
                gathered = []
        while gathered and made and is_small(self._sum(gathered)):
            gathered = [*made.pop(), *gathered]
        if gathered:
            made.append(gathered)
        yield from (self._part(each) for each in made)

    def _part(self, places: Sequence[int]) -> ScalePart:
        number = self._sum(places)
        return ScalePart(tuple(sorted(places)), number, number)

    def _sum(self, places: Sequence[int]) -> int:
        return sum(self.counts[place] for place in places)
