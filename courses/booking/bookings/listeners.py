"""What becomes of bookings when their event changes."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings import letters
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import end_booking, fill_places, lock_event, withdraw_offers
from courses.booking.bookings.queries import free_until_by
from courses.booking.bookings.rules import LIVE_STATES, BookingState, free_again_until
from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPostponed, EventPublished
from lms.frame.work import Work
from lms.kit.working_days import is_late, london_date
from lms.policies.queries import terms_of


def move_up_when_published(work: Work, fact: EventPublished) -> None:
    """An event that takes bookings (again) offers its free places to those who wait."""
    fill_places(work, lock_event(work, fact.event_id))


def move_up_when_places_are_added(work: Work, fact: CapacityChanged) -> None:
    """More places: those who wait are offered them. Fewer: nobody is dropped."""
    fill_places(work, lock_event(work, fact.event_id))


def follow_moved_event(work: Work, fact: EventMoved) -> None:
    """Tell everybody, move the entries in calendars, and let people cancel free when the notice had begun."""
    event = lock_event(work, fact.event_id)
    withdraw_offers(work, event)
    for booking in _live_bookings(work, event.id):
        holds_a_place = booking.state is BookingState.CONFIRMED
        terms, was = terms_of(booking.policy_version), booking.free_until
        booking.free_until = free_until_by(terms, event)
        if fact.is_inside_notice or is_late(work.now, was):
            reopened_for = terms.reconfirm_working_days
            booking.free_until = free_again_until(booking.free_until, london_date(work.now), reopened_for)
        booking.calendar_sequence += 1
        work.record("told that the event moved", booking)
        work.send(*letters.event_moved(work, booking, fact.removed_days, holds_a_place=holds_a_place))
    fill_places(work, event)


def follow_postponed_event(work: Work, fact: EventPostponed) -> None:
    """Tell everybody that there is no date for now; places and turns are kept, and cancelling is free."""
    event = lock_event(work, fact.event_id)
    withdraw_offers(work, event)
    for booking in _live_bookings(work, event.id):
        booking.calendar_sequence += 1
        work.record("told that the event is postponed", booking)
        holds_a_place = booking.state is BookingState.CONFIRMED
        work.send(*letters.event_postponed(work, booking, holds_a_place=holds_a_place))


def release_bookings(work: Work, fact: EventCancelled) -> None:
    """The event is cancelled: end every live claim without a charge and tell each person."""
    for booking in _live_bookings(work, lock_event(work, fact.event_id).id):
        held_a_place = booking.state is BookingState.CONFIRMED
        end_booking(work, booking, BookingState.RELEASED, fact.reason)
        work.record("released: the event is cancelled", booking)
        work.send(*letters.event_cancelled(work, booking, fact.reason, held_a_place=held_a_place))


def _live_bookings(work: Work, event_id: int) -> list[Booking]:
    return list(
        work.session.scalars(
            sa.select(Booking)
            .where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES))
            .order_by(Booking.queued_at, Booking.id)
            .options(joinedload(Booking.person), joinedload(Booking.agency), joinedload(Booking.policy_version))
        )
    )
