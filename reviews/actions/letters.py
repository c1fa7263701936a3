"""Letters to those who own an action.

They name the action by its number and date only. A review may come under an embargo after a letter has gone, and the
list of letters keeps what they said; so they never say what the action, its recommendation or its review is about.
"""

from datetime import datetime
from typing import Any

from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.people.models import Person
from reviews.actions.models import Action


def action_due(action: Action) -> Letter:
    """10 working days before the date. A new owner or a new date has a letter of its own."""
    return _letter("action_due", action)


def action_overdue(action: Action) -> Letter:
    """The day after the date, once."""
    return _letter("action_overdue", action)


def action_returned(action: Action, at: datetime) -> Letter:
    """The answer was not enough; one letter each time."""
    return _letter("action_returned", action, f":{at:%Y%m%dT%H%M%S%f}")


def dates_to_look_at(work: Work, officer: Person) -> Letter:
    """To a review officer: something in the register waits. It says nothing else, so that it tells nobody anything."""
    day = london_date(work.now)
    return Letter(
        kind="reviews.dates_to_look_at",
        key=f"reviews.dates_to_look_at:{officer.id}:{day.isoformat()}",
        person_id=officer.id,
        can_wait=True,
        context={"day": long_date(day)},
    )


def _letter(kind: str, action: Action, occurrence: str = "") -> Letter:
    context: dict[str, Any] = {
        "action_id": action.id,
        "agency": action.agency.name,
        "due_on": long_date(action.due_on),
    }
    return Letter(
        kind=f"reviews.{kind}",
        key=f"reviews.{kind}:{action.owner_id}:{action.id}:{action.due_on.isoformat()}{occurrence}",
        person_id=action.owner_id,
        can_wait=True,
        context=context,
    )
