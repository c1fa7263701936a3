"""Lists by cursor: a page ends with a mark that says after which row the next one begins, whatever comes between."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from lms.api.shapes import says
from lms.kit.errors import Invalid

MOST_ROWS = 200
Row = TypeVar("Row")


@dataclass(frozen=True)
class Paged:
    """Which part of a list."""

    limit: int = field(default=50, metadata=says("How many to a page.", least=1, most=MOST_ROWS))
    cursor: str = field(default="", metadata=says("The next_cursor of the page before; without it, the first page."))


def write_cursor(at: datetime, row_id: int) -> str:
    """The mark after a row: its moment and its number."""
    return base64.urlsafe_b64encode(json.dumps([at.astimezone(UTC).isoformat(), row_id]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """The row after which to begin; None for the beginning. Raises Invalid for what is no cursor of ours."""
    if not cursor:
        return None
    with _ours():
        at, row_id = _opened(cursor)
        moment = datetime.fromisoformat(at)
        if not _is_number(row_id) or moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC), row_id


def write_numbers(*numbers: int) -> str:
    """The mark after a row of a list that is in the order of numbers."""
    return base64.urlsafe_b64encode(json.dumps(numbers).encode()).decode().rstrip("=")


def read_numbers(cursor: str, how_many: int) -> tuple[int, ...] | None:
    """The numbers after which to begin; None for the beginning. Raises Invalid for what is no cursor of ours."""
    if not cursor:
        return None
    with _ours():
        numbers = _opened(cursor)
        if not isinstance(numbers, list) or len(numbers) != how_many or not all(_is_number(each) for each in numbers):
            raise ValueError
        return tuple(numbers)


def _opened(cursor: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        words = "This is no cursor from here. Take next_cursor from the page before, or leave it out."
        raise Invalid(words, field="cursor") from None


def page_of(
    rows: Sequence[Row], limit: int, mark: Callable[[Row], tuple[int, ...]]
) -> tuple[Sequence[Row], str | None]:
    """The page out of one row more than it holds, and the mark after it, in a list that is in the order of numbers."""
    page = rows[:limit]
    return page, write_numbers(*mark(page[-1])) if len(rows) > limit else None


def page_after(
    rows: Sequence[Row], limit: int, mark: Callable[[Row], tuple[datetime, int]]
) -> tuple[Sequence[Row], str | None]:
    """The page out of one row more than it holds, and the mark after it; None when there is no further row."""
    page = rows[:limit]
    return page, write_cursor(*mark(page[-1])) if len(rows) > limit else None
