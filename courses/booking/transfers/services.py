"""Moving a booking to another date of the same course: the place is kept until there is another."""

from courses.booking.bookings.letters import charge_words
from courses.booking.bookings.life import MOVE_ON
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import room_of, sector_of
from courses.booking.bookings.places.services import end_booking, fill_places, lock_claimant, lock_event
from courses.booking.bookings.rules import (
    BookingRequest,
    BookingState,
    is_in_grace,
    is_late_cancellation,
    source_by,
)
from courses.booking.bookings.services import new_claim
from courses.booking.transfers import letters
from courses.booking.transfers.queries import others_wait, was_moved
from courses.booking.transfers.rules import NO_PLACE, check_can_move
from courses.facts import BookingCancelled, BookingConfirmed
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid


def move_booking(work: Work, booking: Booking, event_id: int, *, reason: str = "", clash_reason: str = "") -> Booking:
    """Book another date of the same course and give this one up, both or neither; the new booking.

    In time it is free; inside the notice period it is a late cancellation, unless the office moves it, or somebody
    who waits takes the place. Raises Conflict when that date has no place, or the booking was moved before.
    """
    is_office = work.actor.may("courses.manage_bookings") and work.actor.person_id != booking.person_id
    for each in sorted({booking.event_id, event_id}):
        lock_event(work, each)
    lock_claimant(work, booking.person_id)
    work.session.refresh(booking)
    old_event, event = booking.event, lock_event(work, event_id)
    MOVE_ON.check(booking.state, has_started=work.now >= old_event.starts_at)
    check_can_move(is_office=is_office, was_moved=was_moved(work.session, booking), reason=reason)
    _check_date(work, booking, event)
    is_late = not is_office and _is_late(work, booking)
    end_booking(work, booking, BookingState.TRANSFERRED, reason)
    new = new_claim(work, event.id, booking.person, _as_before(work, booking, clash_reason))
    if new.state is not BookingState.CONFIRMED:
        raise Conflict(NO_PLACE)
    booking.moved_to_id, booking.is_moved_free = new.id, is_office
    new.agency_id, new.role_group_id = booking.agency_id, booking.role_group_id
    work.session.flush()
    work.record("booking moved to another date", booking, to=event.ref, booking=new.id, is_late=is_late)
    work.record("booked by a move", new, of=old_event.ref, booking=booking.id)
    charge = charge_words(work, booking) if is_late else ""
    work.send(*letters.booking_moved(work, booking, new, is_late=is_late, reason=reason.strip(), charge=charge))
    decides_now = is_late and not others_wait(work.session, old_event.id)
    work.tell(BookingCancelled(booking.id, old_event.id, booking.person_id, is_late=decides_now))
    work.tell(BookingConfirmed(new.id, event.id, new.person_id, was_waiting=False))
    fill_places(work, old_event)
    return new


def _check_date(work: Work, booking: Booking, event: Event) -> None:
    if event.course_id != booking.event.course_id or event.id == booking.event_id:
        raise Invalid("Choose another date of the same course.", field="event_id")
    if not room_of(work.session, event, work.now).open_to(sector_of(booking)):
        raise Conflict(NO_PLACE)


def _is_late(work: Work, booking: Booking) -> bool:
    if is_in_grace(booking.booked_at, work.now):
        return False
    is_postponed = booking.event.state is EventState.POSTPONED
    return is_late_cancellation(work.now, booking.free_until, is_postponed=is_postponed)


def _as_before(work: Work, booking: Booking, clash_reason: str) -> BookingRequest:
    """What was said when it was booked goes on with it; the line manager agreed to the course then."""
    needs = booking.needs
    return BookingRequest(
        source=source_by(work.actor, person_id=booking.person_id, agency_id=booking.agency_id),
        manager_name=booking.manager_name,
        manager_email=booking.manager_email,
        phone_on_day=booking.phone_on_day,
        needs=needs.needs if needs else "",
        food=needs.food if needs else "",
        is_declared=booking.declared_at is not None,
        clash_reason=clash_reason.strip(),
    )
