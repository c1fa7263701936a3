"""What can be undone, by whom and until when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.booking.bookings.rules import BookingState
from lms.kit.errors import Conflict

UNDO_FOR = timedelta(hours=1)
WITHIN_THE_HOUR = frozenset({BookingState.CANCELLED, BookingState.RELEASED, BookingState.TRANSFERRED})
PLACE_GONE = "The place has now gone to someone else. Book again to join the waiting list."
NOT_THEIRS_ANY_MORE = "Your colleague no longer has the place, so you cannot get it back."
NEW_DATE_ENDED = "The booking on the new date has ended already, so the move cannot be undone."
BOOKED_AGAIN = "There is already another booking for this event. Cancel that one first."
NOT_NOW = "Only the person who did this can undo it, within an hour. Book again, or ask the training team."
NOT_THIS = "Only the person who gave the place away can undo that, until the event starts."


@dataclass(frozen=True)
class EndedClaim:
    """A claim that ended, as these rules see it. `went_on`: to another date or a colleague, and it is known where."""

    state: BookingState
    by_whom: int | None
    ended_at: datetime | None
    held_a_place: bool
    went_on: bool
    starts_at: datetime


def can_undo(claim: EndedClaim, actor: int | None, now: datetime) -> bool:
    """By whoever did it, before the start: for an hour, and until the start where a colleague has the place."""
    is_mine = actor is not None and actor == claim.by_whom
    if not is_mine or not claim.held_a_place or claim.ended_at is None or now >= claim.starts_at:
        return False
    if claim.state is BookingState.SUBSTITUTED:
        return claim.went_on
    return claim.state in WITHIN_THE_HOUR and now - claim.ended_at <= UNDO_FOR


def check_undo(claim: EndedClaim, actor: int | None, now: datetime) -> None:
    """Refuse in words what cannot be undone."""
    if not can_undo(claim, actor, now):
        raise Conflict(NOT_THIS if claim.state is BookingState.SUBSTITUTED else NOT_NOW)


def had_claim_before(booked_at: datetime, queued_at: datetime | None, given_at: datetime) -> bool:
    """Whether the colleague had a claim of their own when the place was given to them."""
    return queued_at is not None or booked_at < given_at
