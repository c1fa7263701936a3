"""What the partnership says about giving a place to a colleague: free, before the start, within the agency."""

from dataclasses import dataclass

from courses.booking.bookings import life
from courses.booking.bookings.rules import BookingState
from courses.programme.events import life as event_life
from courses.programme.events.rules import EventState
from lms.kit.errors import Invalid

NEW_HERE = "No one at this agency has this address yet. Enter their name too, and they get a record here."
NOBODY = (
    "No one at this agency has that reference or address. Check the spelling. A colleague who is new here can be named "
    "with their work address."
)
NEW_COLLEAGUES_A_WEEK = 10
"""How many records a week somebody may make by giving a place to a colleague who has none."""
TOO_MANY_NEW = "You have named many new colleagues this week. Ask the training team to add this one."


@dataclass(frozen=True)
class ColleagueNamed:
    """Who would have the place. `person_id` is None for somebody who gets a record with it."""

    name: str
    email: str
    person_id: int | None = None


def check_can_give(state: BookingState, *, event_state: EventState, has_started: bool) -> None:
    """Refuse in words what cannot be given away before the start."""
    life.GIVE.check(state)
    event_life.GIVE.check(event_state, has_started=has_started)


def check_can_take(name: str, *, is_here: bool, is_trainer: bool, has_place: bool, is_same_agency: bool) -> None:
    """Refuse in words who cannot take a place."""
    if not is_here:
        raise Invalid(f"{name} has left, or the record was merged. Choose someone else.", field="person_ref")
    if is_trainer:
        raise Invalid("A trainer of this event cannot take a place in it.", field="person_ref")
    if has_place:
        raise Invalid(f"{name} already has a place at this event.", field="person_ref")
    if not is_same_agency:
        raise Invalid("Only someone from the same agency can take the place.", field="person_ref")
