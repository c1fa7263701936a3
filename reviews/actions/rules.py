"""What an action may do next, and its red, amber or green: by rule, never by hand. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kit.errors import Invalid
from lms.kit.working_days import working_days_before

REMINDED_WORKING_DAYS = 10


class Response(StrEnum):
    """What the partnership answers to a recommendation."""

    CONSIDERED = "under_consideration"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"


class ActionState(StrEnum):
    """`open -> answered -> closed`, or returned to its owner; withdrawn with a recommendation not accepted."""

    OPEN = "open"
    ANSWERED = "answered"
    RETURNED = "returned"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ActionRag(StrEnum):
    """Red, amber, green."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


OWED = frozenset({ActionState.OPEN, ActionState.RETURNED})
RAG_RULE = (
    "Red: the date has passed and there is no answer. Amber: due within 10 working days, answered and waiting to be "
    "checked, or an owner is needed. Green: closed, or not due for more than 10 working days."
)


@dataclass(frozen=True)
class Standing:
    """How an action stands today."""

    rag: ActionRag
    words: str
    is_overdue: bool


def standing(state: ActionState, due_on: date, *, today: date, has_owner: bool) -> Standing:
    """The colour, the words that say why, and whether it is overdue."""
    is_overdue = state in OWED and today > due_on
    if state in {ActionState.CLOSED, ActionState.WITHDRAWN}:
        return Standing(ActionRag.GREEN, state.value.capitalize(), is_overdue)
    if is_overdue:
        return Standing(ActionRag.RED, "Overdue" if has_owner else "Overdue, owner needed", is_overdue)
    if not has_owner:
        return Standing(ActionRag.AMBER, "Owner needed", is_overdue)
    if state is ActionState.ANSWERED:
        return Standing(ActionRag.AMBER, "Answered, to be checked", is_overdue)
    if today >= working_days_before(due_on, REMINDED_WORKING_DAYS):
        return Standing(
            ActionRag.AMBER, "Returned, due soon" if state is ActionState.RETURNED else "Due soon", is_overdue
        )
    return Standing(ActionRag.GREEN, "Returned" if state is ActionState.RETURNED else "On time", is_overdue)


def check_response(response: Response, reason: str) -> None:
    """Not accepting a recommendation needs a reason."""
    if response is Response.NOT_ACCEPTED and not reason.strip():
        raise Invalid("Explain why the recommendation is not accepted.", field="not_accepted_reason")


def is_to_be_reminded(state: ActionState, due_on: date, *, today: date) -> bool:
    """From 10 working days before the date until the date."""
    return state in OWED and working_days_before(due_on, REMINDED_WORKING_DAYS) <= today <= due_on
