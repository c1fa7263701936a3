"""What the links of a letter still do, and what is said once they do nothing any more. Pure."""

from collections.abc import Collection
from datetime import datetime

from courses.booking.bookings.life import CANCEL, CHANGE_NEEDS, GIVE, MOVE_ON, NAME_MANAGER
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events.rules import EventState

JOIN = "join"
STEPS = {
    "cancel": (CANCEL.name, "Cancel my booking"),
    "move": (MOVE_ON.name, "Move to another date"),
    "give": (GIVE.name, "Give my place to a colleague"),
    "needs": (CHANGE_NEEDS.name, "Change what I need on the day"),
    "manager": (NAME_MANAGER.name, "Change my line manager"),
}
"""The pages that links lead to, by their names: the step of the booking's life, and how the link reads."""
LEAVE, WITHDRAW = "Leave the waiting list", "Withdraw my request"
HOW_TO_JOIN = "See how to join, as it is now"

NEWER = "A newer email about this booking has links that work. My learning shows its state."
UNTIL_START = "The links in our emails work until an event starts. Tell the training team if something is wrong."
OVER = "My learning has your certificate and everything else about it."


def links_of(state: BookingState, can: Collection[str]) -> list[tuple[str, str]]:
    """The names and words of the links that do something now, in their order. `can`: what the life allows now."""
    found = [(name, words) for name, (step, words) in STEPS.items() if step in can]
    if state is BookingState.CONFIRMED:
        return [*found, (JOIN, HOW_TO_JOIN)]
    other = WITHDRAW if state is BookingState.AWAITING_MANAGER else LEAVE
    return [(name, other if name == "cancel" else words) for name, words in found]


def why_ended(
    state: BookingState, event: EventState, *, starts_at: datetime, ends_at: datetime, now: datetime, is_newest: bool
) -> tuple[str, str] | None:
    """A heading and a sentence where a link acts no more; None while it does. A heading of "": how the booking stands.

    `is_newest`: the booking has not ended since the letter was written, be it that it was undone.
    """
    if state not in LIVE_STATES:
        return "", ""
    if not is_newest:
        return "This link was used already", NEWER
    if event is EventState.POSTPONED or now < starts_at:
        return None
    return ("This event is over", OVER) if now >= ends_at else ("This event has started", UNTIL_START)


def can_join(state: BookingState, *, ends_at: datetime, now: datetime, is_newest: bool) -> bool:
    """How to join is shown to whoever has a place, as long as the event lasts."""
    return state is BookingState.CONFIRMED and is_newest and now < ends_at


def replaced(typed: str, kept: str, *, is_emptied: bool) -> str:
    """What somebody needs from here on, who did not see what we have: an empty box leaves it as it is."""
    return typed or ("" if is_emptied else kept)
