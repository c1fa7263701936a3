"""Taking a place back, and undoing what somebody did within the hour."""

from courses.booking.bookings.life import RELEASE, UNDO
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import room_of, sector_of, taken_places
from courses.booking.bookings.places.services import become, end_booking, fill_places, lock_claimant, lock_event
from courses.booking.bookings.queries import live_booking
from courses.booking.bookings.rules import BookingState, next_place
from courses.booking.bookings.told_of.queries import manager_knows_of_place, unsent_of
from courses.booking.ending import letters
from courses.booking.ending.rules import PLACE_GONE, check_undo
from courses.facts import BookingCancelled, BookingConfirmed
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters

UNDONE = "Not sent: it was undone before it left."


def release_booking(work: Work, booking: Booking, reason: str) -> Booking:
    """The partnership takes one place back: no charge, an apology, and the first turn at another date."""
    if not work.actor.may("courses.manage_bookings"):
        raise NotAllowed("Only the training team takes a place back.")
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    RELEASE.check(booking.state, has_started=work.now >= event.starts_at)
    if booking.state is not BookingState.CONFIRMED:
        raise Conflict("There is no place to take back: this person waits. Cancel the claim instead.")
    if not reason.strip():
        raise Invalid("Say why we take the place back. The delegate reads it.", field="reason")
    end_booking(work, booking, BookingState.RELEASED, reason.strip())
    work.record("place taken back", booking, reason=reason.strip())
    work.send(*letters.booking_released(work, booking, reason.strip()))
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=False))
    fill_places(work, event)
    return booking


def undo_ending(work: Work, booking: Booking) -> Booking:
    """Give a place back that was given up within the hour, to whoever had it. Raises Conflict when it has gone."""
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    UNDO.check(booking.state, has_started=work.now >= event.starts_at)
    check_undo(
        by_whom=booking.cancelled_by_id,
        actor=work.actor.person_id,
        ended_at=booking.cancelled_at,
        held_a_place=booking.confirmed_at is not None,
        now=work.now,
    )
    lock_claimant(work, booking.person_id)
    place = next_place(taken_places(work.session, event.id), event.capacity)
    is_free = place is not None and room_of(work.session, event, work.now).open_to(sector_of(booking))
    if not is_free or live_booking(work.session, event.id, booking.person_id) is not None:
        raise Conflict(PLACE_GONE)
    ids = [row.id for row in unsent_of(work.session, booking.id)]
    withdraw_letters(work.session, OutboxLetter.id.in_(ids), why=UNDONE)
    become(booking, BookingState.CONFIRMED)
    booking.place_number = place
    booking.cancelled_at = booking.cancelled_by_id = booking.told_us_at = None
    booking.cancel_reason = booking.told_us_how = ""
    booking.calendar_sequence += 1
    work.session.flush()
    work.record("undone: the booking stands again", booking, place=place)
    knows = manager_knows_of_place(work.session, booking.id)
    work.send(*letters.booking_restored(work, booking, with_manager=not knows))
    work.tell(BookingConfirmed(booking.id, event.id, booking.person_id, was_waiting=False))
    return booking
