"""Parts of a whole, of several groups and of all together: reached of an audience, up to date of those it is for. Pure.

The wholes are told as they are. A part of 1 to 4 people reads "fewer than 5", and where all but 1 to 4 are part of it,
"most of 84". What would give one of these away reads between which numbers it lies. Of a whole below ten nothing is
told: of six, "fewer than 5" beside "most of 6" is one.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from lms.kit.telling.numbers import SMALL, Told, is_small, not_told
from lms.kit.telling.silence import silent_parts
from lms.kit.telling.sums import LEFT_OPEN, Sum, ToldBefore, left_open, protect_sums

Row = TypeVar("Row", bound=Hashable)
TELLS_FROM = 2 * SMALL
"""From so many people on something is told of their parts."""


@dataclass(frozen=True)
class Share:
    """Of so many people, so many are it: of those whom a course is for, those who are up to date.

    `told`: how the second number is told, where it is not told as it is.
    """

    of: int
    valid: int
    told: Told | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether its number is not told exactly."""
        return self.told is not None and self.told.number is None

    @property
    def least(self) -> int:
        """How many they are at least, by what is told."""
        return self.valid if self.told is None else self.told.least

    @property
    def shown(self) -> str:
        """12 of 30, fewer than 5 of 30, most of 30, 18 to 21 of 30, or hidden."""
        return f"{self.valid} of {self.of}" if self.told is None else self.told.of_whole(self.of)


@dataclass(frozen=True)
class NumbersBeside:
    """Other numbers that stand beside parts and add up with them; `unshown` ones stand nowhere."""

    numbers: Mapping[Hashable, int] = field(default_factory=dict)
    sums: Sequence[Sum[Hashable]] = ()
    unshown: frozenset[Hashable] = frozenset()
    last: Mapping[Hashable, float] = field(default_factory=dict)
    """What is told last when something has to go: the higher, the later."""


NOTHING_BESIDE = NumbersBeside()


@dataclass(frozen=True)
class PartsTold(Generic[Row]):
    """The parts as they are told, and the numbers beside them."""

    parts: Mapping[Row, Told]
    beside: Mapping[Hashable, Told]


def part(row: Hashable) -> Hashable:
    """The part of a row, where other numbers add up with it."""
    return ("part", row)


def tell_parts(
    wholes: Mapping[Row, int],
    parts: Mapping[Row, int],
    sums: Sequence[tuple[Row, tuple[Row, ...]]],
    beside: NumbersBeside = NOTHING_BESIDE,
) -> PartsTold[Row]:
    """Of so many of each row so many: as it is told. `sums`: rows, and those that they are told in."""
    numbers: dict[Hashable, int] = dict(beside.numbers)
    all_sums: list[Sum[Hashable]] = list(beside.sums)
    unshown = set(beside.unshown)
    for row, of in wholes.items():
        cells = {("whole", row): of, part(row): parts[row], ("rest", row): of - parts[row]}
        numbers |= cells
        all_sums.append((("whole", row), (part(row), ("rest", row))))
        if 0 < of < TELLS_FROM:
            unshown |= {part(row), ("rest", row)}
    for total, rows in sums:
        all_sums += [((kind, total), tuple((kind, row) for row in rows)) for kind in ("part", "rest")]
    ranks = _ranks(wholes, {total for total, _ in sums}) | dict(beside.last)
    few = silent_parts(parts, sums)
    most = silent_parts({row: of - parts[row] for row, of in wholes.items()}, sums)
    unshown |= {cell for row in few | most for cell in (part(row), ("rest", row))}
    known: ToldBefore[Hashable] = ToldBefore(frozenset(("whole", row) for row in wholes))
    hidden = protect_sums(
        numbers, all_sums, lambda cell: ranks.get(cell, 0), unshown=unshown, before=known, covers=True, apart=LEFT_OPEN
    )
    ranges = left_open(numbers, all_sums, hidden, unshown, known)

    def told(cell: Hashable) -> Told:
        if cell not in hidden:
            return Told(numbers[cell])
        if cell in unshown:
            return Told(None)
        return not_told(is_small=is_small(numbers[cell]), within=ranges.get(cell))

    def told_part(row: Row, of: int) -> Told:
        if of >= TELLS_FROM and (row in few or row in most):
            return Told(None, is_small=True) if row in few else Told(None, out_of=of)
        if part(row) in hidden - unshown and is_small(of - parts[row]):
            return Told(None, out_of=of)
        return told(part(row))

    return PartsTold(
        {row: told_part(row, of) for row, of in wholes.items()}, {cell: told(cell) for cell in beside.numbers}
    )


def _ranks(wholes: Mapping[Row, int], totals: Collection[Row]) -> dict[Hashable, float]:
    """What goes first when something larger has to: the smallest row, its part and the rest of it alike; sums last."""
    rows = sorted(wholes, key=lambda row: (row in totals, wholes[row]))
    return {(kind, row): place / len(rows) for place, row in enumerate(rows) for kind in ("part", "rest")}
