"""Lists by cursor: a page ends with a mark that says after which row the next one begins, whatever comes between."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

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
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
        if isinstance(row_id, bool) or not isinstance(row_id, int) or not 0 <= row_id < 2**31 or moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC), row_id
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        words = "This is no cursor from here. Take next_cursor from the page before, or leave it out."
        raise Invalid(words, field="cursor") from None


def page_after(
    rows: Sequence[Row], limit: int, mark: Callable[[Row], tuple[datetime, int]]
) -> tuple[Sequence[Row], str | None]:
    """The page out of one row more than it holds, and the mark after it; None when there is no further row."""
    page = rows[:limit]
    return page, write_cursor(*mark(page[-1])) if len(rows) > limit else None
