"""How a booking reads in a sentence, to the one whom it is of and to everybody else; who made it, and who ended it."""

from dataclasses import dataclass

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome, source_by
from courses.programme.events.rules import EventState
from lms.frame.access import Actor

MADE_BY = {
    BookingSource.COORDINATOR: "The training team",
    BookingSource.AGENCY_LEAD: "Your agency’s lead",
    BookingSource.API: "Your agency’s booking system",
    BookingSource.IMPORT: "The training team",
    BookingSource.WALK_IN: "The trainer",
    BookingSource.LINE_MANAGER: "A line manager",
}
"""Who made a booking, where nobody's name is known."""

BY_LINK = ", line manager, by the link in an email"
"""How a line manager without an account told us, after their name."""
BY_LINK_EVER = (BY_LINK, ", line manager, by the link in a letter")
"""The same in every way it was ever written: bookings keep it."""

_OUTCOMES = {
    Outcome.ATTENDED: "attended",
    Outcome.PART_ATTENDED: "attended in part",
    Outcome.DID_NOT_ATTEND: "did not attend",
    Outcome.TURNED_AWAY: "{was} turned away",
}
_STATES = {
    BookingState.CONFIRMED: "{Their} place is booked.",
    BookingState.WAITING: "{They} {are} on the waiting list.",
    BookingState.OFFERED: "A place is offered to {them}.",
    BookingState.AWAITING_MANAGER: "Waiting for {their} manager.",
    BookingState.RELEASED: "The training team took this booking back. Nothing is charged.",
    BookingState.SUBSTITUTED: "A colleague took this place.",
    BookingState.TRANSFERRED: "Moved to another date.",
    BookingState.LAPSED: "The offer ran out.",
}
_YOU = {
    "They": "You", "them": "you", "their": "your", "Their": "Your", "are": "are", "was": "were",
}  # fmt: skip


def booked_by(booking: Booking) -> str:
    """Who booked for somebody: a name, or what we know of them; "" when they did themselves."""
    if booking.booked_by_id == booking.person_id:
        return ""
    if booking.booked_by is not None:
        return booking.booked_by.name
    if booking.source is BookingSource.LINE_MANAGER and booking.taken_from and booking.taken_from.manager_name:
        return booking.taken_from.manager_name
    return MADE_BY.get(booking.source, "")


def ended_by(booking: Booking) -> str:
    """Who gave a claim up for somebody: a name, or "The training team"; "" when they did themselves."""
    if booking.cancelled_by_id == booking.person_id:
        return ""
    written = next((each for each in BY_LINK_EVER if booking.told_us_how.endswith(each)), "")
    if booking.cancelled_by is None and written:
        return booking.told_us_how.removesuffix(written)
    return booking.cancelled_by.name if booking.cancelled_by is not None else "The training team"


@dataclass(frozen=True)
class Giver:
    """Who gave a place to a colleague: nobody is named where the delegate did."""

    given_by: str = ""
    is_by_manager: bool = False


def giver_of(booking: Booking, actor: Actor) -> Giver:
    """Who gives this booking's place away now."""
    by = source_by(actor, person_id=booking.person_id, agency_id=booking.agency_id)
    if by is BookingSource.DELEGATE:
        return Giver()
    if by is BookingSource.LINE_MANAGER:
        return Giver(booking.manager_name, is_by_manager=True) if booking.manager_name else Giver("A line manager")
    return Giver(actor.name if actor.person_id is not None else "The training team")


def name_of_manager(booking: Booking) -> str:
    """The line manager as the delegate named them."""
    return booking.manager_name or "Your line manager"


def state_words(booking: Booking, reader_id: int | None) -> str:
    """Where a booking stands, in one sentence, as its own person or somebody else reads it."""
    is_own = booking.person_id == reader_id
    name = booking.person.name
    names = _YOU if is_own else {"They": name, "them": name, "their": "the", "Their": "The", "are": "is", "was": "was"}
    if booking.outcome is not None:
        return f"{names['They']} {_OUTCOMES[booking.outcome].format(**names)}."
    if booking.state is BookingState.CANCELLED:
        by = ended_by(booking)
        return f"{by or names['They']} cancelled this booking."
    if booking.state is BookingState.DECLINED:
        refused = booking.cancel_reason and not booking.cancel_reason.startswith("Did not want")
        line_manager = f"{'Your' if is_own else 'The'} line manager did not agree."
        return line_manager if refused else f"{names['They']} did not want this place."
    if booking.state is BookingState.RELEASED and booking.event.state is EventState.CANCELLED:
        return "The event was cancelled. Nothing is charged."
    return _STATES[booking.state].format(**names)
