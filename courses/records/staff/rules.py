"""How one person stands with one course that they need, and how it reads. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from courses.booking.bookings.rules import BookingState
from courses.records.certificates.rules import refresh_by
from lms.kit.words import MONTHS, ordinal, percent

DUE_WITHIN = timedelta(days=90)


class CourseStanding(StrEnum):
    """How somebody stands with a course that is for them."""

    UP_TO_DATE = "up_to_date"
    DUE = "due"
    OVERDUE = "overdue"
    NEVER = "never"


STANDING_WORDS: Mapping[CourseStanding, tuple[str, str, str]] = {
    CourseStanding.UP_TO_DATE: ("Up to date", "green", "ok"),
    CourseStanding.DUE: ("Due", "orange", "due"),
    CourseStanding.OVERDUE: ("Overdue", "red", "over"),
    CourseStanding.NEVER: ("Never", "grey", "never"),
}
"""How each reads, its colour, and its sign."""
VALID = frozenset({CourseStanding.UP_TO_DATE, CourseStanding.DUE})


class StaffShown(StrEnum):
    """Whom the table shows."""

    NEEDS = "needs"
    OVERDUE = "overdue"
    DUE = "due"
    ALL = "all"


SHOWN_WORDS = {
    StaffShown.NEEDS: "People who need something",
    StaffShown.OVERDUE: "Overdue or never",
    StaffShown.DUE: "Due within 90 days",
    StaffShown.ALL: "Everyone",
}
SHOWN_STANDINGS = {
    StaffShown.NEEDS: frozenset({CourseStanding.DUE, CourseStanding.OVERDUE, CourseStanding.NEVER}),
    StaffShown.OVERDUE: frozenset({CourseStanding.OVERDUE, CourseStanding.NEVER}),
    StaffShown.DUE: frozenset({CourseStanding.DUE}),
}


@dataclass(frozen=True)
class CourseNeed:
    """A course that somebody needs: how they stand, by which day it is to be refreshed, and what is booked."""

    standing: CourseStanding
    by: date | None = None
    plan: str = ""

    @property
    def tag(self) -> tuple[str, str, str]:
        return STANDING_WORDS[self.standing]

    @property
    def dated(self) -> str:
        """To 14 Sep 2027; by 9 Jun 2026; since 14 Jan 2026; nothing where there is no day."""
        if self.by is None:
            return ""
        before = {CourseStanding.UP_TO_DATE: "to", CourseStanding.DUE: "by", CourseStanding.OVERDUE: "since"}[
            self.standing
        ]
        return f"{before} {plain_date(self.by)}"

    @property
    def words(self) -> str:
        """Overdue since 14 Jan 2026; booked: Wed 20 May"""
        said = f"{self.tag[0]} {self.dated}".strip()
        return f"{said}; {self.plan}" if self.plan else said


def need_of(last_on: date | None, refresher_months: int | None, today: date, plan: str = "") -> CourseNeed:
    """By the last day on which they learned the course; None for never. As the figures of compliance count it."""
    if last_on is None:
        return CourseNeed(CourseStanding.NEVER, None, plan)
    by = refresh_by(last_on, refresher_months)
    if by is None or by > today + DUE_WITHIN:
        return CourseNeed(CourseStanding.UP_TO_DATE, by, plan)
    return CourseNeed(CourseStanding.DUE if by >= today else CourseStanding.OVERDUE, by, plan)


def plain_date(day: date) -> str:
    """14 Jan 2026"""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def plan_words(state: BookingState, when: str, *, is_over: bool, turn: int | None) -> str:
    """What is booked of a course: booked, waiting with the turn in the list, asked for, or over without a register."""
    if is_over and state is BookingState.CONFIRMED:
        return f"booked {when}: the register is not in yet"
    match state:
        case BookingState.CONFIRMED:
            return f"booked: {when}"
        case BookingState.AWAITING_MANAGER:
            return f"manager asked: {when}"
        case BookingState.OFFERED:
            return f"place offered: {when}"
        case _:
            return f"waiting: {ordinal(turn)} for {when}" if turn else f"waiting: {when}"


@dataclass(frozen=True)
class NeedsCounted:
    """People of an agency who need a course, by how they stand."""

    numbers: Mapping[CourseStanding, int]

    @classmethod
    def of(cls, needs: Iterable[CourseNeed]) -> "NeedsCounted":
        return cls(Counter(each.standing for each in needs))

    @property
    def people(self) -> int:
        return sum(self.numbers.values())

    def number(self, standing: str) -> int:
        """How many stand so."""
        return self.numbers.get(CourseStanding(standing), 0)

    @property
    def valid(self) -> int:
        return sum(self.numbers.get(each, 0) for each in VALID)

    @property
    def share(self) -> str:
        """93.8%"""
        return percent(self.valid, self.people, 1)

    @property
    def portion(self) -> float:
        """The same, from 0 to 100, for the bar."""
        return 100 * self.valid / self.people if self.people else 0.0
