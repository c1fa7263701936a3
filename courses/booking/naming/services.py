"""Naming another line manager on a booking: whoever has it, or the office for them."""

from courses.booking.approvals.services import ask_another
from courses.booking.bookings.life import NAME_MANAGER
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import lock_claimant, lock_event
from courses.booking.bookings.rules import BookingState, source_by
from courses.booking.bookings.strangers.services import OUTSIDE, check_strangers_are_few
from courses.booking.bookings.told_of.queries import manager_knows_of_place
from courses.booking.naming import letters
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.names import clean_name
from lms.people.rules import check_manager_is_another

SAME = "This is the line manager on the booking already."


def name_manager(work: Work, booking: Booking, name: str, address: str, *, is_declared: bool = False) -> Booking:
    """Somebody else is the line manager from here on, or nobody. Who is to agree is asked; who heard of it is told.

    What a line manager agreed to before stays agreed. Raises Invalid for one's own address, Conflict once it is over.
    """
    event = lock_event(work, booking.event_id)
    person = lock_claimant(work, booking.person_id)
    work.session.refresh(booking)
    NAME_MANAGER.check(booking.state, has_started=work.now >= event.starts_at)
    check_manager_is_another(address, person.own_addresses)
    before = booking.manager_name, booking.manager_email
    if (name, address) == before:
        raise Invalid(SAME, field="manager_email")
    by = source_by(work.actor, person_id=person.id, agency_id=booking.agency_id)
    is_outside = check_strangers_are_few(work, person, by, address)
    knew = bool(before[1]) and before[1] != address and manager_knows_of_place(work.session, booking.id)
    ask_another(work, booking, clean_name(name), address)
    booking.declared_at = work.now if is_declared else None
    if is_outside:
        work.record(OUTSIDE, booking)
    if knew:
        work.send(*letters.manager_no_more(work, booking, *before))
    if address and booking.state is BookingState.CONFIRMED and address != before[1]:
        work.send(*letters.manager_named(work, booking))
    return booking
