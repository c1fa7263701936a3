"""Many values, some at a time: no database takes any number of them in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")
AT_A_TIME = 500


def portions(values: Iterable[Value], most: int = AT_A_TIME) -> Iterator[Sequence[Value]]:
    """The values in their order, at most so many together. Of a generator, no more than these are held."""
    left = iter(values)
    while some := tuple(islice(left, most)):
        yield some
