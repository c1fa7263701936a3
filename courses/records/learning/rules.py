"""What is due for somebody, and which date they are shown first. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from lms.kit.words import MONTHS
from lms.kit.working_days import add_months

SHOWN_MONTHS_BEFORE = 3
"""From when a course that is to be refreshed stands at the top: from the first letter about it on."""
RECENT_PLACES = 5


class WithPlace(Protocol):
    """A date that can be booked, soonest first in a list of them."""

    @property
    def left(self) -> int: ...

    @property
    def towns(self) -> frozenset[str]: ...


D = TypeVar("D", bound=WithPlace)


@dataclass(frozen=True)
class LearnedOn:
    """A course that somebody has learned: the last time, and for how long that is good."""

    course_id: int
    last_on: date
    months: int


def due_by(learned: LearnedOn, today: date) -> date | None:
    """By when it is to be refreshed, where that is near or over."""
    by = add_months(learned.last_on, learned.months)
    return by if add_months(by, -SHOWN_MONTHS_BEFORE) <= today else None


def due_words(by: date, today: date) -> str:
    """Refresh by 9 June 2026; Was due on 9 January 2026."""
    day = f"{by.day} {MONTHS[by.month - 1]} {by.year}"
    return f"Was due on {day}" if by < today else f"Refresh by {day}"


def near_towns(visited: Iterable[str]) -> frozenset[str]:
    """Where somebody has been for training lately; `visited` has the latest first."""
    return frozenset(list(dict.fromkeys(town for town in visited if town))[:RECENT_PLACES])


def first_date(dates: Sequence[D], near: Collection[str]) -> D | None:
    """The one to show: with a place before one without, near or online before far, and then the soonest."""
    known = frozenset(near)
    ranked = sorted(dates, key=lambda each: (each.left <= 0, bool(known and each.towns and not each.towns & known)))
    return ranked[0] if ranked else None
