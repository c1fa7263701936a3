"""The letter that something about a booking was changed by a link, so that nobody changes it unheard."""

from dataclasses import replace
from enum import StrEnum

from courses.booking.bookings.letters import to_delegate
from courses.booking.bookings.models import Booking
from lms.frame.work import Work
from lms.kit.letters import Letter


class ChangedByLink(StrEnum):
    """What was changed. What it says now stands in no letter."""

    NEEDS = "needs"
    MANAGER = "manager"


def changed_by_link(work: Work, booking: Booking, what: ChangedByLink) -> Letter:
    """To whoever has the booking: whoever has the letter with the link may not be them."""
    letter = to_delegate(work, "changed_by_link", booking)
    return replace(letter, context={**letter.context, "what": what.value}, good_until=booking.event.ends_at)
