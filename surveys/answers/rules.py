"""How much may be kept with answers, so that no group of fewer than five shows. Pure."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from lms.kit.telling.numbers import SMALL

T = TypeVar("T", bound=Hashable)


def may_be_let_out(number: int) -> bool:
    """Answers come out together, five or more of them."""
    return number >= SMALL


def sizes(names: Collection[T]) -> Mapping[T, int]:
    """How many there are of each."""
    return Counter(names)
