"""Letters about requests: to whoever decides, and back to whoever asked. What is asked for is read on the page."""

from lms.entrusting.models import ChangeRequest
from lms.entrusting.rules import RequestOutcome
from lms.kit.letters import Letter
from lms.people.models import Person


def decision_wanted(request: ChangeRequest, decider: Person) -> Letter:
    """Somebody asks a business manager."""
    return Letter(
        "people.decision_wanted",
        f"people.decision_wanted:{decider.id}:{request.id}",
        {"request_id": request.id, "about": request.person.name, "by": request.asked_by.name},
        person_id=decider.id,
    )


def decision_made(request: ChangeRequest, by: str) -> Letter:
    """It was decided."""
    return Letter(
        "people.decision_made",
        f"people.decision_made:{request.asked_by_id}:{request.id}",
        {
            "about": request.person.name,
            "by": by,
            "is_agreed": request.outcome is RequestOutcome.AGREED,
            "words": request.words,
        },
        person_id=request.asked_by_id,
    )
