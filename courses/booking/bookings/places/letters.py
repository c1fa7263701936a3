"""The letters about an offer. The link by which it is answered is signed as the letter goes (`offers.queries`)."""

from dataclasses import replace

from courses.booking.bookings.letters import to_delegate
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import offer_key
from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.words import clock, long_date


def place_offered(work: Work, booking: Booking, offer: Offer) -> Letter:
    """A place is held for them, or goes to whoever accepts first."""
    letter = to_delegate(work, "place_offered", booking)
    about = {
        "open_until": f"{clock(offer.open_until)} on {long_date(offer.open_until)}",
        "is_held": offer.place_number is not None,
    }
    return replace(letter, key=offer_key(offer), context={**letter.context, **about}, good_until=offer.open_until)


def offer_gone(work: Work, booking: Booking, offer: Offer) -> Letter:
    """Everybody who waited was asked, and somebody else was quicker."""
    letter = to_delegate(work, "offer_gone", booking)
    key = f"courses.offer_gone:{booking.person_id}:{booking.id}:{offer.id}"
    return replace(letter, key=key, good_until=booking.event.starts_at)


def offer_lapsed(work: Work, booking: Booking, offer: Offer, *, is_last: bool) -> Letter:
    """Nobody answered in time: the turn is kept once, then it is over."""
    letter = to_delegate(work, "offer_lapsed", booking)
    key = f"courses.offer_lapsed:{booking.person_id}:{booking.id}:{offer.id}"
    return replace(letter, key=key, context={**letter.context, "is_last": is_last})
