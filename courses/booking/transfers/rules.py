"""Who may move a booking, and on which terms. Pure."""

from lms.kit.errors import Conflict, Invalid

MOVED_ALREADY = "This booking has already been moved once. Ask the training team for another date."
NO_PLACE = "That date is now full. You still have your place. Choose another date."


def check_can_move(*, is_office: bool, was_moved: bool, reason: str) -> None:
    """One move of each booking without the office; the office gives a reason, and moves free of charge."""
    if is_office and not reason.strip():
        raise Invalid("Explain why the booking is moved. The delegate will read it.", field="reason")
    if was_moved and not is_office:
        raise Conflict(MOVED_ALREADY)
