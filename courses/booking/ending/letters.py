"""The letter about a place that was taken back."""

from dataclasses import replace

from courses.booking.bookings.letters import to_delegate, with_managers_copy
from courses.booking.bookings.models import Booking
from lms.frame.work import Work
from lms.kit.letters import Letter


def booking_released(work: Work, booking: Booking, reason: str, *, to_manager: str = "") -> list[Letter]:
    """We are sorry, nothing is charged, and the first turn at another date is theirs. Managers may read another why."""
    letter = to_delegate(work, "booking_released", booking)
    said = replace(letter, context={**letter.context, "reason": reason})
    return with_managers_copy(work, said, booking, "CANCEL", {"reason": to_manager or reason})
