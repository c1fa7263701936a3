"""A long list, one page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
ROWS_ON_A_PAGE = 50


@dataclass(frozen=True)
class PageOf(Generic[Row]):
    """The rows of one page, and how many there are in all."""

    rows: list[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-self.total // ROWS_ON_A_PAGE))


@dataclass(frozen=True)
class Pages:
    """What the pagination under a list needs to know."""

    number: int
    pages: int
    url_for: Callable[[int], str]
