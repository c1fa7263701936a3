"""A coordinator books for somebody."""

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingSource
from courses.booking.bookings.services import book_place
from courses.booking.delegates.queries import find_person
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.telephones import telephone_or_nothing


def book_for(work: Work, event_id: int, person_ref: str, clash_reason: str) -> Booking:
    """Book a place for a person by reference or address, also after booking has closed. Raises Invalid, Conflict."""
    person = find_person(work.session, person_ref)
    if person is None:
        raise Invalid("No one, or more than one person, has this. Find the reference under People.", field="person_ref")
    request = BookingRequest(
        source=BookingSource.COORDINATOR,
        manager_name=person.manager[0],
        manager_email=person.manager[1],
        phone_on_day=telephone_or_nothing(person.phone),
        clash_reason=clash_reason,
    )
    return book_place(work, event_id, person, request)
