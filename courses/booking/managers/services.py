"""What a line manager does by the link of a letter, in their own name: whatever they do is what the delegate reads."""

from courses.booking.approvals.services import as_manager
from courses.booking.bookings.models import Booking
from courses.booking.bookings.services import cancel_booking
from courses.booking.bookings.words import BY_LINK, name_of_manager
from courses.booking.substitutions.rules import ColleagueNamed
from courses.booking.substitutions.services import colleague_named, give_place
from lms.frame.work import Work
from lms.kit.errors import Invalid


def say_cannot_come(work: Work, booking: Booking, reason: str) -> Booking:
    """Somebody cannot come: cancelled on the usual terms, in their line manager's name. Raises Conflict."""
    by = name_of_manager(booking)
    return cancel_booking(as_manager(work, booking), booking, reason=reason.strip(), told_us_how=f"{by}{BY_LINK}")


def look_who(work: Work, booking: Booking, address: str, name: str) -> ColleagueNamed:
    """Who is meant, before the place is given. Raises Invalid at the page's fields."""
    try:
        return colleague_named(work, booking, _address(address), name)
    except Invalid as refusal:
        raise _at_field(refusal) from refusal


def name_colleague(work: Work, booking: Booking, address: str, name: str) -> Booking:
    """A colleague has the place. Raises Invalid at the page's fields, Conflict when there is none to give."""
    try:
        return give_place(as_manager(work, booking), booking, _address(address), name)
    except Invalid as refusal:
        raise _at_field(refusal) from refusal


def _address(typed: str) -> str:
    """By a reference nobody is found here: a link tells nobody who has which."""
    if "@" not in typed:
        raise Invalid("Enter their work email address.", field="person_ref")
    return typed


def _at_field(refusal: Invalid) -> Invalid:
    return Invalid(refusal.words, field="address" if refusal.field == "person_ref" else refusal.field)
