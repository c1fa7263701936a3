"""When a manager can still answer, and when they are asked again. Pure."""

from datetime import datetime, timedelta

from courses.booking.bookings.life import REQUEST_OVER
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import is_late, london_date, working_days_after

ASKED_AGAIN_AFTER = 3
"""Working days after which a manager who has not answered is asked once more."""
LONGEST_REASON = 300


def check_can_answer(*, is_awaited: bool, closes_at: datetime, now: datetime) -> None:
    """Refuse in words an answer that nobody waits for any more."""
    if not is_awaited or is_late(now, closes_at):
        raise Conflict(REQUEST_OVER)


def check_refusal(reason: str) -> str:
    """Why a manager does not agree: optional, short."""
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Say why in {LONGEST_REASON} characters or fewer.", field="reason")
    return reason.strip()


def is_asked_again(asked_at: datetime, now: datetime) -> bool:
    """Whether a manager has had the question for three working days."""
    return london_date(now) >= working_days_after(london_date(asked_at), ASKED_AGAIN_AFTER) and (
        now - asked_at > timedelta(days=1)
    )
