"""An offer with all that its page says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import NO_SUCH_LINK, live_offer
from courses.booking.bookings.queries import event_with_days
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.kit.errors import NotFound
from lms.kit.working_days import is_late


@dataclass(frozen=True)
class OfferShown:
    """What somebody reads before they answer."""

    offer: Offer
    booking: Booking
    event: Event
    when: str
    where: str
    is_free_later: bool


def open_offer(session: Session, offer_id: int, now: datetime) -> OfferShown:
    """An offer that can be answered now. Raises NotFound for every other, with the same words."""
    offer = session.get(Offer, offer_id)
    if offer is None or offer.ended_at is not None or now >= offer.open_until or not offer.booking.person.is_here:
        raise NotFound(NO_SUCH_LINK)
    event = event_with_days(session, offer.event_id)
    if event.state is not EventState.PUBLISHED:
        raise NotFound(NO_SUCH_LINK)
    return OfferShown(
        offer=offer,
        booking=offer.booking,
        event=event,
        when=words.when(event),
        where=words.where(event),
        is_free_later=not is_late(now, offer.booking.free_until),
    )


def open_offer_of(session: Session, booking: Booking, now: datetime) -> OfferShown:
    """The open offer of a booking. Raises NotFound when there is none."""
    offer = live_offer(session, booking.id)
    if offer is None:
        raise NotFound("No place is offered for this booking now. My learning shows how it stands.")
    return open_offer(session, offer.id, now)
