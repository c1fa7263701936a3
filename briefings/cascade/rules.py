"""Red, amber and green by rule, when the silent are reminded, and what a return must say. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kit.errors import Invalid
from lms.kit.working_days import working_days_after

LONGEST_TEAM = 120
LONGEST_CHANGE = 1_000
MOST_PEOPLE = 2_000
REMIND_AFTER = (10, 20, 40)
"""Working days after sending on which an agency that has said nothing at all is reminded; then no more."""


class CascadeRag(StrEnum):
    """Where an agency stands with a briefing."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    WAITING = "waiting"


RAG_WORDS = {
    CascadeRag.GREEN: "Discussed",
    CascadeRag.AMBER: "Received only",
    CascadeRag.RED: "No return",
    CascadeRag.WAITING: "Sent, not due yet",
}


class ReturnSource(StrEnum):
    """Who told us."""

    LEAD = "lead"
    DELEGATE = "delegate"


@dataclass(frozen=True)
class Stand:
    """What is known of one agency and one briefing."""

    sent_on: date | None
    has_acknowledged: bool
    discussions: int


def rag_of(stand: Stand, today: date) -> CascadeRag:
    """Green: a team discussed it. Amber: received only. Red: no return, ten working days after it was sent."""
    if stand.discussions:
        return CascadeRag.GREEN
    if stand.has_acknowledged:
        return CascadeRag.AMBER
    if stand.sent_on is None or today <= answer_by(stand.sent_on):
        return CascadeRag.WAITING
    return CascadeRag.RED


def answer_by(sent_on: date) -> date:
    """The last day on which an answer is in time."""
    return working_days_after(sent_on, REMIND_AFTER[0])


def reminder_due(sent_on: date, reminders: int, today: date, *, reminded_on: date | None = None) -> bool:
    """Whether the next reminder of a silent agency is due. A missed day does not send two at once."""
    if reminders >= len(REMIND_AFTER) or reminded_on == today:
        return False
    return today > working_days_after(sent_on, REMIND_AFTER[reminders])


def check_discussion(team: str, people: int | None, on: date | None, *, sent_on: date | None, today: date) -> None:
    """A discussion has a date between the sending and today, and a number of people that a team can have."""
    if len(team) > LONGEST_TEAM:
        raise Invalid(f"Shorten the name of the team to {LONGEST_TEAM} characters.", field="team")
    if on is None or on > today:
        raise Invalid("Choose the day on which the team talked about it, today or before.", field="discussed_on")
    if sent_on is not None and on < sent_on:
        raise Invalid("That is before the briefing was sent. Choose the day of the discussion.", field="discussed_on")
    if people is None or not 1 <= people <= MOST_PEOPLE:
        raise Invalid(f"Enter how many people took part: a number from 1 to {MOST_PEOPLE:,}.", field="people")


def check_change(change: str, *, field: str = "change") -> str:
    """What we changed, in a few sentences."""
    change = change.strip()
    if len(change) > LONGEST_CHANGE:
        raise Invalid(f"Shorten this to {LONGEST_CHANGE:,} characters.", field=field)
    return change
