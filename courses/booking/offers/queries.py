"""An offer with all that its page says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import ANSWER, NO_SUCH_LINK, live_offer
from courses.booking.bookings.queries import event_with_days
from courses.booking.bookings.words import state_words
from courses.booking.links.queries import check_is_for, is_to
from courses.booking.offers.rules import how_it_ended
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.plugins import OwnLinks
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import is_late
from lms.mail.models import OutboxLetter


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


@dataclass(frozen=True)
class LinkEnded:
    """What became of what a link was for: it is answered, too late, or was overtaken."""

    heading: str
    why: str
    now: str
    title: str
    course_code: str
    when: str


def offer_ended(session: Session, offer_id: int, now: datetime) -> LinkEnded | None:
    """What became of an offer that cannot be answered any more; None while it can. Raises NotFound."""
    offer = session.get(Offer, offer_id)
    if offer is None or not offer.booking.person.is_here:
        raise NotFound(NO_SUCH_LINK)
    event, booking = event_with_days(session, offer.event_id), offer.booking
    if offer.ended_at is None and now < offer.open_until and event.state is EventState.PUBLISHED:
        return None
    heading, why = how_it_ended(offer.ended_as, offer.open_until, event.state)
    return LinkEnded(
        heading=heading,
        why=why,
        now=state_words(booking, booking.person_id),
        title=event.version.title,
        course_code=event.course.code,
        when=words.when(event),
    )


def open_offer_of(session: Session, booking: Booking, now: datetime) -> OfferShown:
    """The open offer of a booking. Raises NotFound when there is none."""
    offer = live_offer(session, booking.id)
    if offer is None:
        raise NotFound("No place is offered for this booking now. My learning shows its state.")
    return open_offer(session, offer.id, now)


def offer_of_link(work: Work, token: str) -> Offer:
    """The offer of a link. Raises NotFound for one that we did not sign or that is for nobody any more; NotAllowed for
    whoever is signed in as somebody else."""
    offer_id, person_id, address = ANSWER.read(work.site.settings, token)
    offer = work.session.get(Offer, offer_id)
    if offer is None:
        raise NotFound(NO_SUCH_LINK)
    reader = (person_id, address) if person_id else (offer.booking.person_id, offer.booking.person.email)
    check_is_for(work, offer.booking, *reader, words=NO_SUCH_LINK)
    return offer


def link_in_letter(work: Work, letter: OutboxLetter, address: str) -> Mapping[str, Any]:
    """The link of a letter that offers a place to the very person who waits, as it goes."""
    booking = work.session.get(Booking, letter.booking_id) if letter.booking_id is not None else None
    offer = live_offer(work.session, booking.id) if booking is not None else None
    if (
        booking is None
        or offer is None
        or booking.person.email != address
        or not is_to(work, letter, booking.person_id)
    ):
        return {}
    return {"offer_token": ANSWER.sign(work.site.settings, (offer.id, booking.person_id, address))}


OFFER_LINK = OwnLinks(frozenset({"courses.place_offered"}), link_in_letter)
