"""An offer that nobody answered lapses; one that nobody can have read is made anew, or passed on."""

from courses.booking.bookings.places import letters
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import (
    HAS_LEFT,
    NO_SUCH_ADDRESS,
    letter_of,
    live_offers,
    offer_key,
    times_lapsed,
)
from courses.booking.bookings.places.rules import OFFERS_OF_ONE_CLAIM, OfferEnd, may_be_held_now
from courses.booking.bookings.places.services import (
    end_booking,
    end_offer,
    fill_places,
    lock_event,
    pass_on,
    terms_now,
)
from courses.booking.bookings.rules import BookingState
from courses.programme.events.models import Event
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.mail.rules import LetterState

NOT_LEFT = frozenset({LetterState.WAITING})
SAID_OTHERWISE = "Not sent: the event is described otherwise now, and the place is offered again."
NOT_ANSWERED = "The offer of a place was not answered in time"


def let_lapse(work: Work, offer: Offer) -> bool:
    """Nobody answered in time: they keep their turn once, and the place goes on. Event locked. Whether it has lapsed:
    where offers keep to office hours, it waits for them.

    Nobody can answer what they were not told: while its letter has not left, the place is offered to them anew; when
    it came back, the place goes on and their turn stays. An offer to everybody who waits lapses for nobody: it ends
    with the start, and is withdrawn.
    """
    booking, event = offer.booking, lock_event(work, offer.event_id)
    if offer.place_number is None:
        end_offer(work, offer, OfferEnd.WITHDRAWN)
        return True
    if not may_be_held_now(work.now, in_office_hours=terms_now(work).offers_in_office_hours):
        return False
    if offer_again(work, offer, even_without_address=True):
        return True
    end_offer(work, offer, OfferEnd.LAPSED)
    is_last = times_lapsed(work.session, booking.id) >= OFFERS_OF_ONE_CLAIM
    if is_last:
        end_booking(work, booking, BookingState.LAPSED, NOT_ANSWERED)
    work.record("offer lapsed", booking, place=offer.place_number, is_last=is_last)
    work.send(letters.offer_lapsed(work, booking, offer, is_last=is_last))
    pass_on(work, event, offer)
    return True


def offer_again(work: Work, offer: Offer, *, even_without_address: bool = False) -> bool:
    """Where its letter will not be read: the same person is asked anew, or the next when it came back. Event locked.

    Somebody without an address keeps the place for its hours, so that the office can telephone them.
    """
    event, state = lock_event(work, offer.event_id), letter_of(work.session, offer)
    if state is None or state in HAS_LEFT or (state is LetterState.UNDELIVERABLE and not even_without_address):
        return False
    end_offer(work, offer, OfferEnd.WITHDRAWN)
    if state in NO_SUCH_ADDRESS:
        work.record("offer passed on: its letter came back", offer.booking, place=offer.place_number)
        pass_on(work, event, offer)
    else:
        work.record("offer made anew: its letter had not left", offer.booking)
        fill_places(work, event)
    return True


def renew_unsent_offers(work: Work, event: Event) -> None:
    """Where it takes place is said otherwise now: an offer whose letter has not left is made anew. Event locked."""
    unsent = [each for each in live_offers(work.session, event.id) if letter_of(work.session, each) in NOT_LEFT]
    for offer in unsent:
        withdraw_letters(work.session, OutboxLetter.key == offer_key(offer), why=SAID_OTHERWISE)
        end_offer(work, offer, OfferEnd.WITHDRAWN)
        work.record("offer made anew: the event is described otherwise", offer.booking)
    if unsent:
        fill_places(work, event)
