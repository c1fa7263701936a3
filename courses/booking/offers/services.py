"""Accepting and declining an offer. Looking at it does neither."""

from courses.booking.bookings import letters
from courses.booking.bookings.life import ACCEPT
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import room_of, sector_of, taken_places
from courses.booking.bookings.places.rules import OfferEnd
from courses.booking.bookings.places.services import (
    confirm,
    end_booking,
    end_offer,
    lock_claimant,
    lock_event,
    pass_on,
)
from courses.booking.bookings.rules import BookingState, next_place
from courses.booking.offers.rules import check_can_answer
from courses.programme.events.life import OFFER
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotFound

DID_NOT_WANT = "Did not want the place that was offered"
TOO_SLOW = "Someone else was quicker, and no place is left. You keep your turn on the list."


def accept_offer(work: Work, offer_id: int) -> Booking:
    """Take the place: the one held, or while one is free the first to say so. Raises Conflict when it is too late."""
    offer = _locked(work, offer_id)
    event, booking = lock_event(work, offer.event_id), offer.booking
    lock_claimant(work, booking.person_id)
    place = offer.place_number
    if place is None and room_of(work.session, event, work.now).open_to(sector_of(booking)):
        place = next_place(taken_places(work.session, event.id), event.capacity)
    if place is None:
        raise Conflict(TOO_SLOW)
    end_offer(work, offer, OfferEnd.ACCEPTED)
    return confirm(work, event, booking, place, has_accepted=True)


def decline_offer(work: Work, offer_id: int) -> Booking:
    """Give the claim up: the place goes to the next in the list at once."""
    offer = _locked(work, offer_id)
    event, booking = lock_event(work, offer.event_id), offer.booking
    end_booking(work, booking, BookingState.DECLINED, DID_NOT_WANT)
    work.record("offer declined", booking, place=offer.place_number)
    work.send(*letters.booking_cancelled(work, booking, is_late=False, held_a_place=False))
    pass_on(work, event, offer)
    return booking


def _locked(work: Work, offer_id: int) -> Offer:
    """The offer, read again once its event is locked. Raises NotFound, and Conflict when it is over."""
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise NotFound("We cannot find that offer. My learning shows how you are booked.")
    event = lock_event(work, offer.event_id)
    work.session.refresh(offer)
    work.session.refresh(offer.booking)
    check_can_answer(
        is_open=offer.ended_at is None and ACCEPT.is_open(offer.booking.state),
        open_until=offer.open_until,
        is_running=OFFER.is_open(event.state),
        now=work.now,
    )
    return offer
