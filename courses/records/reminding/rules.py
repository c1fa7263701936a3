"""Which courses somebody is reminded of, and why not of others. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from courses.records.staff.rules import VALID, CourseNeed, CourseStanding, plain_date

KIND, OF_SEVERAL = "courses.training_due", "courses.trainings_due"
NOT_AGAIN_FOR = timedelta(days=14)
"""Nobody is written to twice within this time about one course, by whichever of our reminders."""


@dataclass(frozen=True)
class CourseNeeded:
    """A course that one person needs, as the letter names it."""

    id: int
    code: str
    title: str
    need: CourseNeed

    @property
    def words(self) -> str:
        """You have not done it yet; it was due on 12 Feb 2026; it is due by 9 Jun 2026."""
        return due_words(self.need)


@dataclass(frozen=True)
class ToRemind:
    """Of which courses somebody is reminded, and in a sentence why of others, or of none, they are not."""

    courses: tuple[CourseNeeded, ...]
    why_not: str = ""


def due_words(need: CourseNeed) -> str:
    """How the letter says it, and whether it is still so when it goes: "" when there is nothing to remind of."""
    if need.plan or need.standing is CourseStanding.UP_TO_DATE:
        return ""
    if need.by is None:
        return "You have not done it yet"
    return f"It is due by {plain_date(need.by)}" if need.standing in VALID else f"It was due on {plain_date(need.by)}"


def to_remind(
    needed: Iterable[CourseNeeded], written_on: Mapping[int, date], *, has_address: bool, today: date
) -> ToRemind:
    """`written_on`: the last day on which they were written to about each course, by its id."""
    due = [each for each in needed if each.need.standing is not CourseStanding.UP_TO_DATE]
    free = [each for each in due if not each.need.plan]
    late = {each.id: written_on[each.id] for each in free if _is_lately(written_on.get(each.id), today)}
    if not has_address:
        return ToRemind((), "We have no email address for them.")
    if not due:
        return ToRemind((), "Up to date.")
    if not free:
        return ToRemind((), f"{due[0].title}: {due[0].need.plan}.")
    if len(late) == len(free):
        last = max(late.values())
        return ToRemind((), f"Written to on {plain_date(last)}. Again from {plain_date(last + NOT_AGAIN_FOR)}.")
    why = "Not of every course: they were written to lately about the others." if late else ""
    return ToRemind(tuple(each for each in free if each.id not in late), why)


def _is_lately(day: date | None, today: date) -> bool:
    return day is not None and day + NOT_AGAIN_FOR > today
