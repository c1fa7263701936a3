"""The letter about a booking that has moved to another date: one letter, and the old entries leave the calendar."""

from courses.booking.bookings.entries.documents import entry_of_day
from courses.booking.bookings.letters import calendar_day, confirmation
from courses.booking.bookings.models import Booking
from courses.booking.bookings.words import ended_by
from courses.programme import words
from lms.frame.work import Work
from lms.kit.letters import Letter


def booking_moved(work: Work, old: Booking, new: Booking, *, is_late: bool, reason: str, charge: str) -> list[Letter]:
    """To the delegate, with the new date's invitations, and a copy to the manager."""
    said = {
        "was_when": words.when(old.event),
        "was_booking_id": old.id,
        "is_late": is_late,
        "moved_by": ended_by(old),
        "move_reason": reason,
        "old_charge": charge,
    }
    days = old.event.days
    gone = [calendar_day(work, old, day.id, entry_of_day(work, old, day), "CANCEL") for day in days]
    return [*confirmation(work, "booking_moved", new, said), *gone]
