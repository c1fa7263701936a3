"""What is looked at when training is observed, by when it is written up, and who may do what. Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import working_days_after

DAYS_TO_WRITE = 5

ITEMS: Mapping[str, str] = {
    "outcomes": "The outcomes were made clear, and the day kept to them",
    "reviews": "Learning from local reviews was used",
    "child": "The child’s experience stood at the centre",
    "inclusion": "Everyone was included, and difference was spoken about well",
    "safety": "Distressing content was handled with care",
    "practice": "People practised, and took something back to their work",
}
RATINGS: Mapping[int, str] = {1: "Not seen", 2: "To develop", 3: "Good", 4: "Strong"}


def due_on(last_day: date) -> date:
    """An observation is written up within 5 working days of the event's last day."""
    return working_days_after(last_day, DAYS_TO_WRITE)


def check_can_ask(trainer_id: int, observer_id: int, trainer_ids: frozenset[int]) -> None:
    """A colleague observes a trainer of this event; nobody observes themselves, or who trains with them."""
    if trainer_id not in trainer_ids:
        raise Invalid("This person does not train at this event. Choose one of its trainers.", field="trainer_id")
    if observer_id in trainer_ids:
        raise Invalid("Choose a colleague who does not train at this event themselves.", field="observer_ref")


def check_can_write(ends_at: datetime, written_at: datetime | None, now: datetime) -> None:
    """An observation is written once, after the event."""
    if written_at is not None:
        raise Conflict("This observation has already been written. The trainer has it.")
    if now < ends_at:
        raise Conflict("The event is not over yet. Come back when it is.")


def check_ratings(ratings: Mapping[str, int]) -> None:
    """Every item has a rating."""
    for item in ITEMS:
        if ratings.get(item) not in RATINGS:
            raise Invalid("Choose one for each line.", field=item)


def check_can_respond(written_at: datetime | None, responded_at: datetime | None) -> None:
    """The trainer answers what was written, once."""
    if written_at is None:
        raise Conflict("This observation is not written yet.")
    if responded_at is not None:
        raise Conflict("You have already answered this observation.")


def is_late(due: date, written_on: date | None, today: date) -> bool:
    """Written after the fifth working day, or not written and that day has passed."""
    return (written_on or today) > due
