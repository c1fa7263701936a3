"""Whether what a letter says of a booking is still so when it is about to go."""

from datetime import timedelta

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events.rules import EventState
from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter

HOLDS_A_PLACE = frozenset(
    (
        "booking_confirmed",
        "place_found",
        "place_taken",
        "booking_moved",
        "booking_restored",
        "reminder",
        "joining_instructions",
        "last_reminder",
    )
)
ASKS_MANAGER = frozenset(("awaiting_manager", "approval_asked"))
IN_STATES = {
    **dict.fromkeys(HOLDS_A_PLACE, frozenset({BookingState.CONFIRMED})),
    **dict.fromkeys(ASKS_MANAGER, frozenset({BookingState.AWAITING_MANAGER})),
    "offer_gone": frozenset({BookingState.WAITING}),
    "waiting": frozenset({BookingState.WAITING, BookingState.OFFERED}),
    "place_offered": frozenset({BookingState.OFFERED}),
    "event_moved": frozenset(LIVE_STATES),
    "event_place": frozenset(LIVE_STATES),
    "event_joining": frozenset({BookingState.CONFIRMED}),
    "event_postponed": frozenset(LIVE_STATES),
}
"""What a letter says that the booking is. One that tells what somebody did, or what was done, stays so."""

SAYS_HOW_TO_JOIN = frozenset(("joining_instructions", "last_reminder", "event_joining"))
CHANGED = "Not sent: the booking is {state} now."
OTHER_DATES = "Not sent: the event has other days or another place now, and they are told so."

OTHER_WAY = "Not sent: how to join has changed, and they are told so."


LEFT_LATE = "Not sent: it could not leave in time, so the place is offered again, with as many hours to answer."
OFFER_LEAVES_WITHIN = timedelta(hours=1)
"""The hours of a held place count from when its letter leaves. One that is later than so much is written anew."""


def why_not(work: Work, letter: OutboxLetter) -> str:
    """Why a letter about a booking is not so any more. A copy for the manager is as true as what it is a copy of."""
    about = _said(letter)
    booking = work.session.get(Booking, letter.booking_id) if letter.booking_id is not None else None
    if booking is None or about not in IN_STATES:
        return ""
    if booking.state not in IN_STATES[about]:
        return CHANGED.format(state=booking.state.value.replace("_", " "))
    if about in ASKS_MANAGER:
        return ""
    is_late = work.now - letter.created_at > OFFER_LEAVES_WITHIN
    if about == "place_offered" and letter.context.get("is_held") and is_late:
        return LEFT_LATE
    says_postponed = about == "event_postponed" or letter.context.get("is_postponed", False)
    is_running = EventState.POSTPONED if says_postponed else EventState.PUBLISHED
    has_changed = letter.event_version is not None and letter.event_version != booking.event.told_version
    if has_changed or booking.event.state is not is_running:
        return OTHER_DATES
    joining = letter.context.get("joining_version", booking.event.joining_version)
    return OTHER_WAY if about in SAYS_HOW_TO_JOIN and joining != booking.event.joining_version else ""


def _said(letter: OutboxLetter) -> str:
    """What kind of thing it says: of a copy, what the letter does; of a further day's entry, that there is a place."""
    said = letter.context.get("about") if letter.kind == "courses.managers_copy" else letter.kind
    if said == "courses.calendar_day":
        return "" if letter.context.get("is_cancelled") else "booking_confirmed"
    return str(said).removeprefix("courses.")


STILL_TRUE = StillTrue(frozenset(f"courses.{kind}" for kind in (*IN_STATES, "calendar_day", "managers_copy")), why_not)
