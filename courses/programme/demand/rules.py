"""Who may book a new date first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_HEAD_START = 24 * 14


def head_start_hours(typed: str) -> int:
    """Hours as a setting says them. Raises ValueError for what is none, or for more than two weeks."""
    hours = int(typed)
    if not 0 <= hours <= LONGEST_HEAD_START:
        raise ValueError(f"use 0 to {LONGEST_HEAD_START} hours")
    return hours


@dataclass(frozen=True)
class Opening:
    """When those who asked can book, and when everybody can. None is at once."""

    asked_from: datetime | None
    opens_at: datetime | None


def opening(opens_at: datetime | None, closes_at: datetime, now: datetime, head_start: timedelta) -> Opening:
    """Booking opens for those who asked, and a head start later for everybody; for both at once where there is none.

    An opening that somebody set stays, and those who asked come before it. An event that would close before everybody
    had their turn gives no head start.
    """
    is_set = opens_at is not None and opens_at > now
    for_all = opens_at if opens_at is not None and is_set else now + head_start
    if not head_start or (not is_set and for_all >= closes_at):
        return Opening(None, opens_at)
    return Opening(max(now, for_all - head_start), for_all)
