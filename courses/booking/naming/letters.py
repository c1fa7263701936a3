"""What line managers hear when somebody else is named on a booking."""

from dataclasses import replace

from courses.booking.bookings.letters import booking_confirmed, managers_copy, to_delegate
from courses.booking.bookings.models import Booking
from lms.frame.work import Work
from lms.kit.letters import Letter


def manager_named(work: Work, booking: Booking) -> list[Letter]:
    """To whoever is named now: that there is a place, as whoever was named when it was booked has read."""
    return [each for each in booking_confirmed(work, booking) if each.kind == "courses.managers_copy"]


def manager_no_more(work: Work, booking: Booking, name: str, address: str) -> list[Letter]:
    """To whoever was named and had heard of a place: somebody else is, and our links for them have ended."""
    copies = managers_copy(work, booking, to_delegate(work, "manager_changed", booking), to=(name, address))
    return [
        replace(each, context={said: value for said, value in each.context.items() if said != "token"})
        for each in copies
    ]
