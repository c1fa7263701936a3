"""In whose name a link acts."""

from dataclasses import replace

from courses.booking.bookings.models import Booking
from lms.frame.access import Actor
from lms.frame.work import Work


def as_oneself(work: Work, booking: Booking) -> Work:
    """The same work by whoever has the booking: known by a link to their address, with no role of theirs."""
    person = booking.person
    actor = Actor(f"{person.name} (by the link of an email)", person_id=person.id, address=person.email)
    return replace(work, actor=actor)
