"""When a manager can still answer, and when they are asked again. Pure."""

from datetime import datetime, timedelta

from courses.booking.bookings.life import REQUEST_OVER
from courses.booking.bookings.rules import BookingState
from courses.booking.offers.rules import EVENT_ENDED
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import is_late, london_date, working_days_after

ASKED_AGAIN_AFTER = 3
"""Working days after which a manager who has not answered is asked once more."""
LONGEST_REASON = 300


def check_can_answer(*, is_awaited: bool, closes_at: datetime, now: datetime) -> None:
    """Refuse in words an answer that nobody waits for any more."""
    if not is_awaited or is_late(now, closes_at):
        raise Conflict(REQUEST_OVER)


def how_request_ended(name: str, state: BookingState, *, agreed_on: str, event: EventState) -> tuple[str, str]:
    """A heading and a sentence for a manager who opens the link of a request that is over.

    What became of the booking since is the delegate's own: only that the request has ended, and how, is the manager's.
    """
    if agreed_on:
        return "This request was agreed", f"It was agreed on {agreed_on}. There is nothing to do."
    if state is BookingState.DECLINED:
        return "This request was not agreed", f"{name} has been told. There is nothing to do."
    if event in EVENT_ENDED:
        return EVENT_ENDED[event], "There is nothing to do."
    if state in (BookingState.LAPSED, BookingState.AWAITING_MANAGER):
        return "Booking has closed", f"There was no answer before it did, so {name} has no place."
    return "This request has ended", f"{name} does not ask for this place any more. There is nothing to do."


def check_refusal(reason: str) -> str:
    """Why a manager does not agree: optional, short."""
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Explain why in {LONGEST_REASON} characters or fewer.", field="reason")
    return reason.strip()


def is_asked_again(asked_at: datetime, now: datetime) -> bool:
    """Whether a manager has had the question for three working days."""
    return london_date(now) >= working_days_after(london_date(asked_at), ASKED_AGAIN_AFTER) and (
        now - asked_at > timedelta(days=1)
    )
