"""Which agencies, sectors or courses have a line of their own, and which are told together. Pure.

Merging comes before hiding: small agencies of a sector are "6 other agencies", and a large one is never hidden for
their sake. What is put together is nobody, or at least five in each of its numbers.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from lms.kit.telling.numbers import is_small
from lms.kit.words import count, listed

Name = TypeVar("Name", bound=Hashable)
OWN_LINE = 10
"""An agency has a line of its own from so many people on."""


def lines_of(
    numbers: Mapping[Name, Sequence[int]],
    own: int = OWN_LINE,
    together_are: Callable[[Sequence[Name]], Sequence[int]] | None = None,
) -> list[tuple[Name, ...]]:
    """The lines of a table: each with one name, and a last one, perhaps, with several.

    The first number of each is its size. A line has people enough, and none of its numbers is small: with those that
    are too small the next larger goes, until all of that is true of them together, or everything is one line.
    `together_are`: the numbers of several, where they do not just add up (a person may be with two agencies).
    """
    add = together_are or (lambda names: added_up(numbers[name] for name in names))
    order = sorted(numbers, key=lambda name: (numbers[name][0], str(name)))
    together = [name for name in order if not _fits(numbers[name], own)]
    alone = [name for name in order if name not in together]
    while together and alone and not _fits(add(together), own):
        together.append(alone.pop(0))
    made: list[tuple[Name, ...]] = [(name,) for name in sorted(alone, key=str)]
    return [*made, tuple(sorted(together, key=str))] if together else made


def lines_over(tables: Iterable[Sequence[tuple[Name, ...]]]) -> list[tuple[Name, ...]]:
    """The lines of several tables added up: what is together in one of them is together."""
    made: list[set[Name]] = []
    for line in (set(line) for table in tables for line in table):
        near = [each for each in made if each & line]
        made = [each for each in made if not each & line]
        made.append(line.union(*near))
    return [tuple(sorted(each, key=str)) for each in made]


def added_up(rows: Iterable[Sequence[int]]) -> list[int]:
    """Each number of several lines, added up."""
    return [sum(column) for column in zip(*rows, strict=True)]


def others_named(number: int, one: str, many: str) -> str:
    """6 other agencies, 1 other agency"""
    return count(number, f"other {one}", f"other {many}")


def line_named(names: Sequence[str], one: str, many: str, *, is_only: bool = False) -> str:
    """The name of a line: Police; 6 other agencies; where there is no other line, 6 agencies, together."""
    if len(names) == 1:
        return names[0]
    return f"{count(len(names), one, many)}, together" if is_only else others_named(len(names), one, many)


def all_named(names: Sequence[str]) -> str:
    """Police; Health and Probation, together"""
    return names[0] if len(names) == 1 else f"{listed(sorted(names))}, together"


def _fits(numbers: Sequence[int], own: int) -> bool:
    return numbers[0] >= own and not any(is_small(number) for number in numbers)
