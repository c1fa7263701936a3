"""Mends of places: each looks again with its event locked, and answers what it did.

Nobody is charged for what was wrong here, and a freed place goes to who waits.
"""

from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.lapsing.services import let_lapse
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.places.rules import OfferEnd
from courses.booking.bookings.places.services import become, end_booking, end_offer, fill_places, lock_event
from courses.booking.bookings.queries import free_until_by, live_booking
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.facts import BookingCancelled
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.locks import lock_row
from lms.frame.plugins import Mend
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.policies.queries import terms_of

OF_GONE = "The record was erased or merged, or they had left"
TWICE = "The same person has another claim on this event"
OF_CANCELLED = "The event is cancelled"


def mend_claims_of_gone(work: Work) -> Iterator[Mend]:
    """Claims of merged records go to the record that was kept, unless that has one; the others end."""
    gone = sa.or_(Person.erased_at.is_not(None), Person.merged_into_id.is_not(None), Person.left_on.is_not(None))
    those = _live().join(Person, Person.id == Booking.person_id).where(gone)
    return (partial(_mend_claim_of_gone, booking_id=each) for each in work.session.scalars(those).all())


def _mend_claim_of_gone(work: Work, booking_id: int) -> str:
    event, booking = _locked(work, booking_id)
    person = lock_row(work.session, Person, booking.person_id)
    if person is None or person.is_here or booking.state not in LIVE_STATES:
        return ""
    if person.merged_into_id is not None:
        kept = lock_row(work.session, Person, person.merged_into_id)
        if kept is not None and kept.is_here and live_booking(work.session, event.id, kept.id) is None:
            booking.person_id = kept.id
            work.session.flush()
            work.record("moved to the record that was kept", booking, person_id=kept.id)
            return f"Event {event.ref}: booking {booking.id} is of the record now that was kept."
    was_here = person.left_on is not None and london_date(booking.accepted_at or booking.booked_at) <= person.left_on
    if was_here and person.erased_at is None and person.merged_into_id is None:
        return ""
    return _end(work, event, booking, BookingState.CANCELLED, OF_GONE)


def mend_two_places(work: Work) -> Iterator[Mend]:
    """One human, two claims on one event: who has a place keeps it, otherwise who came first their turn."""
    who = sa.func.coalesce(Person.merged_into_id, Person.id)
    twice = (
        sa.select(Booking.event_id, who)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.state.in_(LIVE_STATES), Event.state.not_in([EventState.DELIVERED, EventState.CANCELLED]))
        .group_by(Booking.event_id, who)
        .having(sa.func.count() > 1)
        .order_by(Booking.event_id, who)
    )
    return (partial(_mend_two, event_id=event, person_id=person) for event, person in work.session.execute(twice).all())


def _mend_two(work: Work, event_id: int, person_id: int) -> str:
    event = lock_event(work, event_id)
    lock_row(work.session, Person, person_id)
    theirs = (
        sa.select(Booking)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES))
        .where(sa.func.coalesce(Person.merged_into_id, Person.id) == person_id)
        .order_by(Booking.id)
        .execution_options(populate_existing=True)
    )
    claims = work.session.scalars(theirs).all()
    best = sorted(claims, key=lambda each: (each.state is not BookingState.CONFIRMED, each.booked_at, each.id))
    return " ".join(_end(work, event, each, BookingState.CANCELLED, TWICE) for each in best[1:])


def mend_offers(work: Work) -> Iterator[Mend]:
    """Offers that should have lapsed do; a claim without its offer waits again, and an offer without its claim ends."""
    is_open = sa.exists().where(Offer.booking_id == Booking.id, Offer.ended_at.is_(None))
    late = sa.exists().where(Offer.booking_id == Booking.id, Offer.ended_at.is_(None), Offer.open_until < work.now)
    wrong = sa.or_((Booking.state == BookingState.OFFERED) != is_open, late)
    those = sa.select(Booking.id).where(wrong).order_by(Booking.event_id, Booking.id)
    return (partial(_mend_offer, booking_id=each) for each in work.session.scalars(those).all())


def _mend_offer(work: Work, booking_id: int) -> str:
    event, booking = _locked(work, booking_id)
    offer, is_offered = live_offer(work.session, booking.id), booking.state is BookingState.OFFERED
    if offer is not None and is_offered:
        if offer.open_until >= work.now:
            return ""
        said = f"Event {event.ref}: the offer of booking {booking.id} has lapsed."
        return said if let_lapse(work, offer) else ""
    if offer is None and not is_offered:
        return ""
    if offer is not None:
        end_offer(work, offer, OfferEnd.WITHDRAWN)
    else:
        become(booking, BookingState.WAITING)
        booking.queued_at = booking.queued_at or booking.booked_at
        work.session.flush()
    work.record("offer and claim made to agree", booking, state=booking.state)
    fill_places(work, event)
    return f"Event {event.ref}: booking {booking.id} and its offer agree; its state is {booking.state}."


def mend_idle_places(work: Work) -> Iterator[Mend]:
    """Free places are offered to those who wait."""
    waits = sa.select(Booking.event_id).where(Booking.state == BookingState.WAITING)
    those = sa.select(Event.id).where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
    found = work.session.scalars(those.where(Event.id.in_(waits)).order_by(Event.id)).all()
    return (partial(_mend_idle, event_id=each) for each in found)


def _mend_idle(work: Work, event_id: int) -> str:
    event = lock_event(work, event_id)
    made = fill_places(work, event)
    return f"Event {event.ref}: offered to bookings {', '.join(str(each.booking_id) for each in made)}." if made else ""


def mend_cancelled(work: Work) -> Iterator[Mend]:
    """Claims that live on in a cancelled event are released, and none of its places counts as offered."""
    those = sa.select(Event.id).where(Event.state == EventState.CANCELLED).order_by(Event.id)
    return (partial(_mend_cancelled, event_id=each) for each in work.session.scalars(those).all())


def _mend_cancelled(work: Work, event_id: int) -> str:
    event = lock_event(work, event_id)
    claims = sa.select(Booking).where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES)).order_by(Booking.id)
    said = [
        _end(work, event, each, BookingState.RELEASED, event.cancel_reason or OF_CANCELLED)
        for each in work.session.scalars(claims).all()
    ]
    if event.places_offered:
        work.record("places no longer counted as offered", event, were=event.places_offered)
        said.append(f"Event {event.ref}: {event.places_offered} places are not counted as offered any more.")
        event.places_offered = 0
    return " ".join(said)


def mend_deadlines(work: Work) -> Iterator[Mend]:
    """Cancelling is free at least as long as the terms that they booked by say."""
    found = [each.id for each in deadlines_too_early(work)]
    return (partial(_mend_deadline, booking_id=each) for each in found)


def deadlines_too_early(work: Work) -> Iterator[Booking]:
    """Live claims on what is to come whose free cancellation ends before their terms say."""
    coming = _live().where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
    for booking in work.session.scalars(sa.select(Booking).where(Booking.id.in_(coming.order_by(None)))):
        if booking.free_until < free_until_by(terms_of(booking.policy_version), booking.event):
            yield booking


def _mend_deadline(work: Work, booking_id: int) -> str:
    event, booking = _locked(work, booking_id)
    by_terms = free_until_by(terms_of(booking.policy_version), event)
    if booking.free_until >= by_terms or booking.state not in LIVE_STATES:
        return ""
    work.record(
        "deadline made that of its terms", booking, was=booking.free_until.isoformat(), now=by_terms.isoformat()
    )
    booking.free_until = by_terms
    return f"Event {event.ref}: booking {booking.id} can be cancelled free of charge until {by_terms:%d %B %Y %H:%M}."


def _live() -> sa.Select[int]:
    """Live claims of events that are neither over nor cancelled, by event and id: the order of locks."""
    return (
        sa.select(Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.state.in_(LIVE_STATES), Event.is_history.is_(False))
        .where(Event.state.not_in([EventState.DELIVERED, EventState.CANCELLED]))
        .order_by(Booking.event_id, Booking.id)
    )


def _locked(work: Work, booking_id: int) -> tuple[Event, Booking]:
    """The event first, then the claim as it is now."""
    booking = work.session.get_one(Booking, booking_id)
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    return event, booking


def _end(work: Work, event: Event, booking: Booking, state: BookingState, why: str) -> str:
    end_booking(work, booking, state, why)
    work.record("claim ended: it should not have lived on", booking, why=why)
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=False))
    fill_places(work, event)
    return f"Event {event.ref}: booking {booking.id} is {state.value}. {why}."
