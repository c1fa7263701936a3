"""Whether somebody is still what a message was written to them as."""

from courses.booking.bookings.models import Booking
from courses.programme.courses.models import Interest
from courses.programme.demand.still_true import NO_LONGER_ASKS
from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter

BOOKING_CHANGED = "Not sent: the booking is {state} now."


def why_not(work: Work, letter: OutboxLetter) -> str:
    """A message to those who wait is not for somebody who has a place by now, and the like."""
    booking = work.session.get(Booking, letter.booking_id) if letter.booking_id is not None else None
    if booking is not None and booking.state.value not in letter.context["while_in"]:
        return BOOKING_CHANGED.format(state=booking.state.value.replace("_", " "))
    interest_id = letter.context.get("interest_id")
    interest = work.session.get(Interest, interest_id) if interest_id is not None else None
    return NO_LONGER_ASKS if interest is not None and interest.closed_at is not None else ""


STILL_TRUE = StillTrue(frozenset({"courses.message"}), why_not)
