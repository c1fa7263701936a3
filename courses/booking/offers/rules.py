"""What may still be answered, and what became of what may not. Pure."""

from datetime import datetime

from courses.booking.bookings.life import OFFER_OVER
from courses.booking.bookings.places.rules import OfferEnd
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict
from lms.kit.words import clock, long_date

EVENT_ENDED = {
    EventState.CANCELLED: "The event is cancelled",
    EventState.POSTPONED: "The event is postponed",
    EventState.DELIVERED: "The event is over",
}
"""What is said first of an event that does not run on its date."""
ENDED = {
    OfferEnd.ACCEPTED: "You accepted this place",
    OfferEnd.DECLINED: "You said that you do not want this place",
    OfferEnd.LAPSED: "This offer has run out",
    OfferEnd.WITHDRAWN: "This offer has ended",
}
TOO_LATE = "It was open until {until}, and no answer came."
QUICKER = "Someone else was quicker, or the event or your booking changed."


def how_it_ended(ended_as: OfferEnd | None, open_until: datetime, event: EventState) -> tuple[str, str]:
    """A heading and a sentence for somebody who opens the link of an offer that is over."""
    if ended_as not in (OfferEnd.ACCEPTED, OfferEnd.DECLINED) and event in EVENT_ENDED:
        return EVENT_ENDED[event], ""
    end = ended_as or OfferEnd.LAPSED
    why = {
        OfferEnd.LAPSED: TOO_LATE.format(until=f"{clock(open_until)} on {long_date(open_until)}"),
        OfferEnd.WITHDRAWN: QUICKER,
    }
    return ENDED[end], why.get(end, "")


def check_can_answer(*, is_open: bool, open_until: datetime, is_running: bool, now: datetime) -> None:
    """Refuse in words an answer that comes too late, or to something that is not offered any more."""
    if not is_open or not is_running or now >= open_until:
        raise Conflict(OFFER_OVER)
