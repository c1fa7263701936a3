"""The letters about a place that was taken back, or given back."""

from dataclasses import replace

from courses.booking.bookings.letters import confirmation, to_delegate, with_managers_copy
from courses.booking.bookings.models import Booking
from lms.frame.work import Work
from lms.mail.letters import Letter


def booking_released(work: Work, booking: Booking, reason: str) -> list[Letter]:
    """We are sorry, nothing is charged, and the first turn at another date is theirs."""
    letter = to_delegate(work, "booking_released", booking)
    return with_managers_copy(work, replace(letter, context={**letter.context, "reason": reason}), booking, "CANCEL")


def booking_restored(work: Work, booking: Booking, *, with_manager: bool) -> list[Letter]:
    """The booking stands again; its entries are back in the calendar."""
    letters = confirmation(work, "booking_restored", booking)
    return letters if with_manager else [each for each in letters if each.kind != "courses.managers_copy"]
