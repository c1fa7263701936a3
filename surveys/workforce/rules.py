"""When a round is open, what its answers come to, and training needs against the coming programme. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kit.errors import Invalid
from surveys.questions.rules import QuestionKind, SurveyKind

KINDS = (SurveyKind.WORKFORCE, SurveyKind.TRAINING_NEEDS)
LONGEST_DAYS = 120
TOPS = {QuestionKind.SCALE: 10, QuestionKind.AGREEMENT: 5}


class RoundState(StrEnum):
    """Where a round is; it follows from its days."""

    TO_COME = "to come"
    OPEN = "open"
    CLOSED = "closed"
    TOLD = "results are there"


def state_of(opens_on: date, closes_on: date, *, is_let_out: bool, today: date) -> RoundState:
    """Both days are open, the whole of them in London."""
    if is_let_out:
        return RoundState.TOLD
    if today < opens_on:
        return RoundState.TO_COME
    return RoundState.OPEN if today <= closes_on else RoundState.CLOSED


def check_days(opens_on: date | None, closes_on: date | None, today: date) -> None:
    """A round opens today or later and is open for at most 120 days."""
    if opens_on is None or opens_on < today:
        raise Invalid("It opens today or later. Enter another day.", field="opens_on")
    if closes_on is None or closes_on < opens_on:
        raise Invalid("It closes on the day on which it opens, or later. Enter another day.", field="closes_on")
    if (closes_on - opens_on).days > LONGEST_DAYS:
        raise Invalid(f"It can be open for {LONGEST_DAYS} days at most. Enter an earlier day.", field="closes_on")


@dataclass(frozen=True)
class Need:
    """What was said to be needed of one course, and what the coming programme has of it."""

    course: str
    code: str
    demand: int | None
    """Places that were asked for; None where that is not told exactly, and `said` says what is."""
    said: str
    events: int
    places: int
    taken: int
    waiting: int

    @property
    def needed(self) -> str:
        """42, or fewer than 5"""
        return self.said if self.demand is None else f"{self.demand:,}"

    @property
    def short_by(self) -> str:
        return "not told" if self.gap is None else f"{self.gap:,}"

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def gap(self) -> int | None:
        """Places short: what is needed less what is left. Never below nothing."""
        return None if self.demand is None else max(self.demand - self.left, 0)
