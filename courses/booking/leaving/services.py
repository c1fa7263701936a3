"""Settling the bookings of somebody who has left: given to a colleague, released, or kept by a choice."""

from courses.booking.approvals.services import ask_another
from courses.booking.bookings.changes.letters import confirmed_again, waits_again
from courses.booking.bookings.changes.queries import FIRST
from courses.booking.bookings.changes.services import OF_THE_LETTER
from courses.booking.bookings.letters import booking_cancelled
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.places.rules import OfferEnd
from courses.booking.bookings.places.services import end_booking, end_offer, fill_places, lock_event
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.booking.ending.letters import booking_released
from courses.booking.leaving.queries import claims_to_come, kept_from, of_its_end
from courses.booking.substitutions.services import give_place
from courses.facts import BookingCancelled
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.mail.outbox import let_wait_again
from lms.mail.rules import HAS_LEFT as WAS_GONE
from lms.people.managing.services import manager_as_named
from lms.people.models import Person
from lms.people.rules import is_own_mailbox

HAS_LEFT = "They have left"
YOU_HAD_LEFT = "We were told that you had left, so your place went to the waiting list."


def settle_booking(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Nothing is charged, whatever becomes of it: nobody is blamed for having left. Their manager hears of it."""
    (booking,) = _bookings_of(work, thing)
    if choice is LeavingChoice.GIVE and receiver_id is not None:
        give_place(work, booking, work.session.get_one(Person, receiver_id).ref)
    elif choice is LeavingChoice.END:
        _release(work, booking)
    elif booking.state is BookingState.OFFERED:
        _keep_the_turn_alone(work, booking)


def _keep_the_turn_alone(work: Work, booking: Booking) -> None:
    """Nobody can accept what somebody who has left was offered: the place goes to the next at once."""
    event, offer = lock_event(work, booking.event_id), live_offer(work.session, booking.id)
    if offer is not None:
        end_offer(work, offer, OfferEnd.WITHDRAWN)
        work.record("offer withdrawn: they have left", booking)
    fill_places(work, event)


def _release(work: Work, booking: Booking) -> None:
    """Their own letter stays here, as they have left; they read it if they come back."""
    event, held_a_place = lock_event(work, booking.event_id), booking.state is BookingState.CONFIRMED
    end_booking(work, booking, BookingState.RELEASED, HAS_LEFT)
    work.record("released: they have left", booking)
    if held_a_place:
        work.send(*booking_released(work, booking, YOU_HAD_LEFT, to_manager=HAS_LEFT))
    else:
        work.send(*booking_cancelled(work, booking, is_late=False, held_a_place=False))
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=False))
    fill_places(work, event)


def settle_managed_booking(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Somebody else is the line manager on these, or nobody; who was asked to agree is asked instead of them."""
    if choice is LeavingChoice.KEEP:
        return
    named = manager_as_named(work, receiver_id)
    for booking in _bookings_of(work, thing):
        is_own = is_own_mailbox(named[1], booking.person.own_addresses)  # nobody is their own line manager
        ask_another(work, booking, *(("", "") if is_own else named))


def _bookings_of(work: Work, thing: LeftOpen) -> list[Booking]:
    return [work.session.get_one(Booking, row_id) for model, row_id in thing.locks if model is Booking]


def tell_returner(work: Work, person_id: int) -> None:
    """Somebody is back: they read how each claim stands of which a letter was kept from them, and which ended."""
    kept_back = kept_from(work.session, person_id)
    for booking in claims_to_come(work, Booking.id.in_(kept_back)):
        rows = kept_back[booking.id]
        kinds = {row.kind.removeprefix("courses.") for row in rows}
        if booking.state is BookingState.CONFIRMED:
            first = next((row for row in reversed(rows) if row.kind in FIRST), None)
            kind = first.kind.removeprefix("courses.") if first is not None else "booking_confirmed"
            known = {each: first.context[each] for each in OF_THE_LETTER if each in first.context} if first else {}
            again = confirmed_again(work, booking, kind, known)
            work.send(*(each for each in again if each.person_id is not None))  # their line manager heard of everything
        elif booking.state in LIVE_STATES:
            work.send(*waits_again(work, booking, {"waiting", *kinds & {"awaiting_manager"}}))
        else:
            let_wait_again(work.session, [row.id for row in of_its_end(rows)], why=(WAS_GONE,))
