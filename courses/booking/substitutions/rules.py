"""What the partnership says about giving a place to a colleague: free, before the start, within the agency."""

from lms.kit.errors import Conflict, Invalid


def check_can_give(state: str, *, event_state: str, has_started: bool) -> None:
    """Refuse in words what cannot be given away before the start."""
    if state != "confirmed":
        raise Conflict("This booking holds no place, so there is none to give. My learning shows what became of it.")
    if event_state not in ("published", "postponed"):
        raise Conflict(f"This event is {event_state}, so its places cannot be given away.")
    if has_started:
        raise Conflict("The event has started. If a colleague came instead, the trainer puts them on the register.")


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
