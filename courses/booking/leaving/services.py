"""Settling the bookings of somebody who has left: given to a colleague, released, or kept by a choice."""

import sqlalchemy as sa

from courses.booking.approvals.services import ask_another
from courses.booking.bookings.letters import booking_confirmed, waiting
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.places.rules import OfferEnd
from courses.booking.bookings.places.services import end_booking, end_offer, fill_places, lock_event
from courses.booking.bookings.queries import position_of
from courses.booking.bookings.rules import BookingState
from courses.booking.ending import letters
from courses.booking.leaving.queries import coming_bookings
from courses.booking.substitutions.services import give_place
from courses.facts import BookingCancelled
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.mail.rules import HAS_LEFT as WAS_GONE
from lms.mail.rules import LetterState
from lms.people.managing.services import manager_as_named
from lms.people.models import Person
from lms.people.rules import is_own_mailbox

HAS_LEFT = "They have left"


def settle_booking(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Nothing is charged, whatever becomes of it: nobody is blamed for having left. Their manager hears of it."""
    booking = _booking_of(work, thing)
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
    event, held_a_place = lock_event(work, booking.event_id), booking.state is BookingState.CONFIRMED
    end_booking(work, booking, BookingState.RELEASED, HAS_LEFT)
    work.record("released: they have left", booking)
    if held_a_place:
        work.send(*(each for each in letters.booking_released(work, booking, HAS_LEFT) if each.person_id is None))
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=False))
    fill_places(work, event)


def settle_managed_booking(work: Work, thing: LeftOpen, choice: LeavingChoice, receiver_id: int | None) -> None:
    """Somebody else is the line manager on it, or nobody; who was asked to agree is asked instead of them."""
    if choice is LeavingChoice.KEEP:
        return
    booking, (name, address) = _booking_of(work, thing), manager_as_named(work, receiver_id)
    if is_own_mailbox(address, booking.person.own_addresses):  # nobody is their own line manager
        name, address = "", ""
    ask_another(work, booking, name, address)


def _booking_of(work: Work, thing: LeftOpen) -> Booking:
    return work.session.get_one(Booking, int(thing.key.rpartition("-")[2]))


def tell_returner(work: Work, person_id: int) -> None:
    """Somebody is back: of each claim that they kept they read how it stands, where a letter was kept from them."""
    kept_back = sa.select(OutboxLetter.booking_id).where(
        OutboxLetter.person_id == person_id,
        OutboxLetter.state == LetterState.WITHDRAWN,
        OutboxLetter.last_error == WAS_GONE,
    )
    for booking in coming_bookings(work, Booking.person_id == person_id, Booking.id.in_(kept_back)):
        if booking.state is BookingState.CONFIRMED:
            theirs = (each for each in booking_confirmed(work, booking) if each.person_id is not None)
            work.send(*theirs)  # their line manager heard of everything
        elif booking.state is BookingState.WAITING:
            work.send(waiting(work, booking, position_of(work.session, booking)))
