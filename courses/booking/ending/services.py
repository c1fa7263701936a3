"""Taking a place back."""

from courses.booking.bookings.life import RELEASE
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import end_booking, fill_places, lock_event
from courses.booking.bookings.rules import BookingState
from courses.booking.ending import letters
from courses.facts import BookingCancelled
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed


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
        raise Invalid("Explain why we take the place back. The delegate will read it.", field="reason")
    end_booking(work, booking, BookingState.RELEASED, reason.strip())
    work.record("place taken back", booking, reason=reason.strip())
    work.send(*letters.booking_released(work, booking, reason.strip()))
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=False))
    fill_places(work, event)
    return booking
