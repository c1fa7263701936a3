"""Many values, some at a time: no database takes any number of them in one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Value = TypeVar("Value")
AT_A_TIME = 500


def portions(values: Sequence[Value], most: int = AT_A_TIME) -> Iterator[Sequence[Value]]:
    """The values in their order, at most so many together."""
    for start in range(0, len(values), most):
        yield values[start : start + most]
