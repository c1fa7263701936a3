"""Giving, offering and freeing places: the only code that does, and always with the event locked."""

from datetime import timedelta

import sqlalchemy as sa

from courses.booking.bookings.letters import place_found
from courses.booking.bookings.life import LIFE, PROMOTE
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places import letters
from courses.booking.bookings.places.models import Offer, PlaceHold
from courses.booking.bookings.places.queries import (
    HAS_LEFT,
    asked_for,
    has_first_turn,
    letter_of,
    live_offer,
    live_offers,
    queue_of,
    room_of,
    sector_of,
    taken_places,
    waiting_claims,
)
from courses.booking.bookings.places.rules import (
    OfferEnd,
    goes_to_everybody,
    may_be_held_now,
    open_until,
    who_is_offered,
)
from courses.booking.bookings.rules import NOT_HERE, BookingState, free_until_when_promoted, next_place
from courses.facts import BookingConfirmed
from courses.programme.events.life import OFFER
from courses.programme.events.models import Event
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotFound
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import Policy

FIRST_TURN = timedelta(microseconds=1)


def lock_event(work: Work, event_id: int) -> Event:
    """The event, locked until this work ends: taken before places are counted. Raises NotFound."""
    event = lock_row(work.session, Event, event_id)
    if event is None:
        raise NotFound("We cannot find that event. Choose one from the courses page.")
    return event


def lock_claimant(work: Work, person_id: int) -> Person:
    """Whose claim it is or becomes, locked after the event and read again. Raises Conflict when they are not here.

    Whoever is erased, merged or said to have left at the same moment waits for this work, or this waits for that. So
    do two who book for one person, and each sees what else that person has.
    """
    person = lock_row(work.session, Person, person_id)
    if person is None or not person.is_here:
        name = person.name if person is not None else "This person"
        words = f"{name} has left, or the record was merged. Choose the person's present record."
        raise Conflict(words, reason=NOT_HERE)
    return person


def fill_places(work: Work, event: Event) -> list[Offer]:
    """Offer every free place to whoever is next in the list. Called by everything that frees, adds or takes a place.

    Answers the offers made. `delegates.queries` says of each of the others why they still wait.
    """
    event = lock_event(work, event.id)
    if not _gives_places(work, event):
        return []
    end_what_is_gone(work, event)
    return _offer(work, event, queue_of(work.session, event.id))


def pass_on(work: Work, event: Event, offer: Offer) -> list[Offer]:
    """Offer a place that somebody did not take to the next who was not asked for it yet, and fill what is free."""
    if _gives_places(work, event):
        asked = asked_for(work.session, offer)
        others = [booking for booking in queue_of(work.session, event.id) if booking.id not in asked]
        made = _offer(work, event, others, chain_id=offer.chain_id or offer.id)
        return [*made, *fill_places(work, event)]
    return []


def end_offer(work: Work, offer: Offer, how: OfferEnd) -> None:
    """Close an offer; whoever has it waits again in their old place, until somebody says more about the claim."""
    if offer.booking.state is BookingState.OFFERED:
        become(offer.booking, BookingState.WAITING)
    _close(work, offer, how)


def _close(work: Work, offer: Offer, how: OfferEnd) -> None:
    offer.ended_at, offer.ended_as = work.now, how
    work.session.flush()


def become(booking: Booking, state: BookingState) -> None:
    """The next state of a booking, when its life has it. Raises Conflict."""
    LIFE.check_can_become(booking.state, state)
    booking.state = state


def _gives_places(work: Work, event: Event) -> bool:
    return OFFER.is_open(event.state, has_started=work.now >= event.starts_at)


def withdraw_offers(work: Work, event: Event) -> frozenset[int]:
    """Take every open offer of an event back: its dates or places are no longer what was offered. Of which bookings."""
    offers = live_offers(work.session, event.id)
    for offer in offers:
        end_offer(work, offer, OfferEnd.WITHDRAWN)
        work.record("offer withdrawn", offer.booking)
    return frozenset(offer.booking_id for offer in offers)


def promote(work: Work, booking: Booking, *, has_accepted: bool = False) -> Booking:
    """A coordinator gives somebody who waits a free place by hand. Raises Conflict when there is none.

    `has_accepted`: they said yes, by telephone for instance. Who did not is never charged for a late promotion.
    """
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    PROMOTE.check(booking.state)
    OFFER.check(event.state, has_started=work.now >= event.starts_at)
    lock_claimant(work, booking.person_id)
    offer = live_offer(work.session, booking.id)
    place = offer.place_number if offer is not None else None
    place = place or next_place(taken_places(work.session, event.id), event.capacity)
    if place is None:
        raise Conflict("Every place is taken. Raise the capacity first, or wait until someone cancels.")
    if offer is not None:
        end_offer(work, offer, OfferEnd.ACCEPTED if has_accepted else OfferEnd.WITHDRAWN)
    return confirm(work, event, booking, place, has_accepted=has_accepted)


def confirm(work: Work, event: Event, booking: Booking, place: int, *, has_accepted: bool) -> Booking:
    """Somebody who waited has the place from here on, and is told; open offers of what is gone now end."""
    become(booking, BookingState.CONFIRMED)
    booking.place_number, booking.confirmed_at = place, work.now
    booking.accepted_at = work.now if has_accepted else None
    booking.free_until = free_until_when_promoted(booking.free_until, event.starts_at, work.now)
    work.session.flush()
    work.record("moved up from the waiting list", booking, place=place, accepted=has_accepted)
    work.send(*place_found(work, booking))
    work.tell(BookingConfirmed(booking.id, event.id, booking.person_id, was_waiting=True))
    end_what_is_gone(work, event)
    return booking


def end_booking(work: Work, booking: Booking, state: BookingState, reason: str) -> None:
    """End a claim: its place is free from here on, and its next calendar entry supersedes all before."""
    offer = live_offer(work.session, booking.id)
    become(booking, state)
    booking.place_number = None
    booking.cancelled_at = work.now
    booking.cancelled_by_id = work.actor.person_id
    booking.cancel_reason = reason
    booking.calendar_sequence += 1
    booking.links_number += 1
    work.session.flush()
    if offer is not None:
        _close(work, offer, OfferEnd.DECLINED if state is BookingState.DECLINED else OfferEnd.WITHDRAWN)


def take_other_place(work: Work, booking: Booking, place: int | None) -> None:
    """A claim that did not have a place gets one that nobody offered it: a colleague's, or one on the day.

    What was offered to it meanwhile is withdrawn; whoever calls fills the place that was held for it. Event locked.
    """
    offer = live_offer(work.session, booking.id) if booking.id is not None else None
    if offer is not None:
        end_offer(work, offer, OfferEnd.WITHDRAWN)
        work.record("offer withdrawn: has a place otherwise", booking)
    become(booking, BookingState.CONFIRMED)
    booking.place_number, booking.confirmed_at = place, work.now


def terms_now(work: Work) -> Policy:
    """The terms in force: those by which places move. What somebody is charged goes by their booking's own."""
    return terms_of(policy_in_force(work.session, work.now))


def _offer(work: Work, event: Event, queue: list[Booking], *, chain_id: int | None = None) -> list[Offer]:
    """Offers to those in this queue who are next; with a chain, of the one place that is passed on."""
    terms, room = terms_now(work), room_of(work.session, event, work.now)
    in_hours, hours = terms.offers_in_office_hours, terms.offer_to_all_hours
    to_everybody = goes_to_everybody(event.starts_at, work.now, hours, in_office_hours=in_hours)
    if not to_everybody and not may_be_held_now(work.now, in_office_hours=in_hours):
        return []  # the job that fills places offers it when office hours begin
    chosen = set(who_is_offered(waiting_claims(work.session, queue), room, to_everybody=to_everybody))
    those = [booking for booking in queue if booking.id in chosen]
    if chain_id is not None and not to_everybody:
        those = those[:1]
    return [_make_offer(work, event, each, to_everybody=to_everybody, terms=terms, chain=chain_id) for each in those]


def _make_offer(
    work: Work, event: Event, booking: Booking, *, to_everybody: bool, terms: Policy, chain: int | None
) -> Offer:
    place = None if to_everybody else next_place(taken_places(work.session, event.id), event.capacity)
    hours, in_hours = terms.offer_held_hours, terms.offers_in_office_hours
    held_until = open_until(event.starts_at, work.now, hours, in_office_hours=in_hours)
    until = event.starts_at if to_everybody else held_until
    offer = Offer(
        booking=booking, event_id=event.id, place_number=place, made_at=work.now, open_until=until, chain_id=chain
    )
    become(booking, BookingState.OFFERED)
    work.session.add(offer)
    work.session.flush()
    work.record("place offered", booking, place=place, open_until=until)
    work.send(letters.place_offered(work, booking, offer))
    return offer


def end_what_is_gone(work: Work, event: Event) -> None:
    """Offers to everybody end when somebody quicker has the last place; those who waited keep their turn."""
    room = room_of(work.session, event, work.now)
    for offer in live_offers(work.session, event.id):
        if offer.place_number is None and not room.open_to(sector_of(offer.booking)):
            end_offer(work, offer, OfferEnd.WITHDRAWN)
            work.record("offer withdrawn: somebody was quicker", offer.booking)
            if letter_of(work.session, offer) in HAS_LEFT:
                work.send(letters.offer_gone(work, offer.booking, offer))


def claim_place(work: Work, event: Event, booking: Booking) -> None:
    """Confirm a new claim when a place is free for it and nobody waits before it; otherwise it waits. Event locked.

    `booking` is not in the session yet, or waits for somebody's agreement; its `queued_at` says since when, if so.
    """
    since = booking.queued_at or work.now
    waiting = queue_of(work.session, event.id, with_open_offers=True)
    with work.session.no_autoflush:
        has_turn = bool(waiting) and has_first_turn(work.session, booking, event.course_id)
    if has_turn:  # a place of theirs was taken back: they are the first who are asked
        since = min([since, *(each.queued_at - FIRST_TURN for each in waiting if each.queued_at)])
    is_first = not any(other.id != booking.id and (other.queued_at or work.now) <= since for other in waiting)
    room = room_of(work.session, event, work.now)
    place = next_place(taken_places(work.session, event.id), event.capacity)
    if is_first and place is not None and room.open_to(sector_of(booking)):
        become(booking, BookingState.CONFIRMED)
        booking.place_number, booking.confirmed_at, booking.queued_at = place, work.now, None
    else:
        become(booking, BookingState.WAITING)
        booking.queued_at = since


def release_past_holds(work: Work, event_id: int) -> None:
    """Places of an event held for a sector until a moment that has passed are everybody's now. Event locked."""
    past = sa.select(PlaceHold).where(PlaceHold.released_at.is_(None), PlaceHold.held_until < work.now)
    for hold in work.session.scalars(past.where(PlaceHold.event_id == event_id).order_by(PlaceHold.id)).all():
        release(work, hold)


def release(work: Work, hold: PlaceHold) -> None:
    """Let everybody have the places of a hold, and offer them to those who wait."""
    event = lock_event(work, hold.event_id)
    hold.released_at = work.now
    work.session.flush()
    work.record("held places released", event, sector=hold.sector.name, places=hold.places)
    fill_places(work, event)
