"""What is written of a focus group, between its form and the service that keeps it."""

from dataclasses import dataclass
from datetime import date

from reviews.learning.rules import Verdict


@dataclass(frozen=True)
class GroupHeld:
    """A focus group: of which course, when, how many came, and what they were asked and said. Nobody's name."""

    course_id: int
    held_on: date
    people: int
    questions: str
    finding: str
    notes: str = ""
    role_ids: tuple[int, ...] = ()
    theme_ids: tuple[int, ...] = ()
    learning_point_id: int | None = None
    verdict: Verdict | None = None
