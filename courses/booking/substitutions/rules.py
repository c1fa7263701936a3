"""What the partnership says about giving a place to a colleague: free, before the start, within the agency."""

from courses.booking.bookings import life
from courses.booking.bookings.rules import BookingState
from courses.programme.events import life as event_life
from courses.programme.events.rules import EventState
from lms.kit.errors import Invalid


def check_can_give(state: BookingState, *, event_state: EventState, has_started: bool) -> None:
    """Refuse in words what cannot be given away before the start."""
    life.GIVE.check(state)
    event_life.GIVE.check(event_state, has_started=has_started)


def check_can_take(name: str, *, is_here: bool, is_trainer: bool, has_place: bool, is_same_agency: bool) -> None:
    """Refuse in words who cannot take a place."""
    if not is_here:
        raise Invalid(f"{name} has left, or the record was merged. Choose somebody else.", field="person_ref")
    if is_trainer:
        raise Invalid("A trainer of this event takes no place in it.", field="person_ref")
    if has_place:
        raise Invalid(f"{name} has a place in this event already.", field="person_ref")
    if not is_same_agency:
        raise Invalid("Only somebody of the same agency can take the place.", field="person_ref")
