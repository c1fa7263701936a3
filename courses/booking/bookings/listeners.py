"""What becomes of bookings when their event changes."""

from courses.booking.bookings import letters
from courses.booking.bookings.changes.services import (
    each_who_holds,
    live_bookings,
    renew_unsaid,
    take_back_unsaid,
    tell_bookings,
    tell_trainers,
    tell_trainers_of_end,
)
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.lapsing.services import renew_unsent_offers
from courses.booking.bookings.places.services import end_booking, fill_places, lock_event, withdraw_offers
from courses.booking.bookings.queries import free_until_by
from courses.booking.bookings.rules import BookingState, came_late_from_the_list, free_again_until
from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPostponed, EventPublished, JoiningChanged
from courses.programme.events.changes.rules import WHERE
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.mail.rules import leaves_at
from lms.policies.queries import terms_of


def move_up_when_published(work: Work, fact: EventPublished) -> None:
    """An event that takes bookings (again) offers its free places to those who wait."""
    fill_places(work, lock_event(work, fact.event_id))


def move_up_when_places_are_added(work: Work, fact: CapacityChanged) -> None:
    """More places: those who wait are offered them. Fewer: nobody is dropped."""
    fill_places(work, lock_event(work, fact.event_id))


def follow_moved_event(work: Work, fact: EventMoved) -> None:
    """Tell everybody, move the entries in calendars, and let people cancel free of charge again."""
    event = lock_event(work, fact.event_id)
    had_offers = withdraw_offers(work, event)
    unsaid, bookings = take_back_unsaid(work, event), live_bookings(work, event.id)
    for booking in bookings:
        _reopen(work, event, booking, fact)
        booking.calendar_sequence += 1
        work.record("told that the event moved", booking)
    tell_bookings(work, event, bookings, fact.changes, unsaid, removed=fact.removed_days, had_offers=had_offers)
    tell_trainers(work, event, fact.changes, unsaid)
    fill_places(work, event)


def _reopen(work: Work, event: Event, booking: Booking, fact: EventMoved) -> None:
    """Cancelling is free again after another day or time; after another place where the booking's terms say so."""
    terms, was = terms_of(booking.policy_version), booking.free_until
    if not fact.is_time and not terms.other_place_reopens:
        return
    never_late = fact.is_time and came_late_from_the_list(
        booking.queued_at, booking.confirmed_at, was, starts_at=fact.was_starts_at, moved_at=fact.was_moved_at
    )
    usual = event.starts_at if never_late else free_until_by(terms, event) if fact.is_time else was
    left_on = london_date(leaves_at(work.now, event.starts_at))
    booking.free_until = free_again_until(usual, left_on, terms.reconfirm_working_days, event.starts_at)


def follow_changed_joining(work: Work, fact: JoiningChanged) -> None:
    """Tell those who hold a place how to join now, with the new link; free cancellation stays as it is."""
    event = lock_event(work, fact.event_id)
    if fact.is_quiet:
        renew_unsaid(work, event, fact.changes)
        _renew_offers(work, event, fact)
        return
    if event.state is EventState.POSTPONED:  # how to join is told with its new date
        tell_trainers(work, event, fact.changes)
        return
    unsaid, bookings = take_back_unsaid(work, event, only_joining=True), live_bookings(work, event.id)
    for booking in bookings:
        booking.calendar_sequence += 1  # also of who waits: what has not left to them of a move is written anew
    for booking in each_who_holds(bookings):
        work.record("told how to join now", booking)
    tell_bookings(work, event, bookings, fact.changes, unsaid)
    tell_trainers(work, event, fact.changes, unsaid)
    _renew_offers(work, event, fact)


def _renew_offers(work: Work, event: Event, fact: JoiningChanged) -> None:
    """An offer says where it takes place, and not how to join."""
    if any(each.label == WHERE for each in fact.changes.parts):
        renew_unsent_offers(work, event)


def follow_postponed_event(work: Work, fact: EventPostponed) -> None:
    """Tell everybody that there is no date for now; places and turns are kept, and cancelling is free."""
    event = lock_event(work, fact.event_id)
    had_offers = withdraw_offers(work, event)
    for booking in live_bookings(work, event.id):
        booking.calendar_sequence += 1
        work.record("told that the event is postponed", booking)
        work.send(*letters.event_postponed(work, booking, had_offer=booking.id in had_offers, why=fact.why))
    tell_trainers_of_end(work, event, "postponed, without a new date yet", fact.why)


def release_bookings(work: Work, fact: EventCancelled) -> None:
    """The event is cancelled: end every live claim without a charge and tell each person."""
    event = lock_event(work, fact.event_id)
    for booking in live_bookings(work, event.id):
        held_a_place = booking.state is BookingState.CONFIRMED
        end_booking(work, booking, BookingState.RELEASED, fact.reason)
        work.record("released: the event is cancelled", booking)
        work.send(*letters.event_cancelled(work, booking, fact.reason, held_a_place=held_a_place))
    tell_trainers_of_end(work, event, "cancelled", fact.reason)
