"""A long list, asked of the database one page at a time; `lms/frame/paging.py` draws it."""

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
