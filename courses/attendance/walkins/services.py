"""Putting somebody on the register who came without a place, or in a colleague's place."""

from courses.attendance.register.queries import was_there
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import forget_marks, mark_person, open_day
from courses.booking.bookings.life import COME_INSTEAD, WALK_IN
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import fill_places, take_other_place
from courses.booking.bookings.queries import free_until_by, live_booking
from courses.booking.bookings.rules import BookingSource
from courses.booking.substitutions.services import substitute
from courses.programme.events.models import Event, EventDay
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person
from lms.policies.queries import policy_in_force, terms_of


def add_comer(work: Work, event_id: int, number: int, person_id: int, *, instead_of: int | None = None) -> Booking:
    """Somebody known came: a walk-in, or a substitution for the booking named. They are marked present.

    Raises Conflict for somebody on the register already, Invalid for a trainer or another agency's place.
    """
    day = open_day(work, event_id, number)
    return _come(work, day, comer(work, person_id), instead_of)


def add_new_comer(
    work: Work, event_id: int, number: int, details: PersonDetails, *, instead_of: int | None = None
) -> Booking:
    """Somebody whom nobody knows here came: they get a record of their own first."""
    day = open_day(work, event_id, number)
    person = add_person(work, details)
    work.session.flush()
    return _come(work, day, person, instead_of)


def comer(work: Work, person_id: int) -> Person:
    """Who came, locked after the event. Raises Invalid for a record that is not in use any more."""
    person = lock_row(work.session, Person, person_id)
    if person is None or not person.is_here:
        raise Invalid("Find the person again: this record is no longer in use.", field="who")
    return person


def _come(work: Work, day: EventDay, person: Person, instead_of: int | None) -> Booking:
    booking = join_register(work, day.event, person, instead_of=instead_of)
    mark_person(work, day, booking.id, Seen(MarkKind.PRESENT))
    return booking


def join_register(work: Work, event: Event, person: Person, *, instead_of: int | None = None) -> Booking:
    """A walk-in, or a substitution for the booking named, without a mark yet. Event and person are locked, or new."""
    if instead_of is not None:
        return come_instead(work, event, instead_of, person)
    if any(each.id == person.id for each in event.trainers):
        raise Invalid("A trainer of this event cannot take a place in it.", field="who")
    booking = live_booking(work.session, event.id, person.id)
    if booking is not None and not WALK_IN.is_open(booking.state):
        raise Conflict(f"{person.name} is already on the register. Find the name and mark it.")
    if booking is None:
        booking = _walk_in(work, event, person)
    booking.source = BookingSource.WALK_IN
    take_other_place(work, booking, None)
    work.session.add(booking)
    work.session.flush()
    work.record("walked in", booking)
    fill_places(work, event)
    return booking


def come_instead(work: Work, event: Event, booking_id: int, colleague: Person) -> Booking:
    """A colleague came in a booked person's place, who then did not fail to attend. Event locked.

    Raises Invalid for somebody of another agency, Conflict for a place whose owner was there.
    """
    booking = work.session.get(Booking, booking_id)
    if booking is None or booking.event_id != event.id or booking.place_number is None:
        raise Conflict("The place that you chose is no longer taken. Open the register again.")
    COME_INSTEAD.check(booking.state)
    if was_there(work.session, booking.id):
        raise Conflict(f"{booking.person.name} was here, so no one came instead. Add a walk-in.")
    forget_marks(work, booking.id)
    return substitute(work, event, booking, colleague, f"{colleague.name} came instead")


def _walk_in(work: Work, event: Event, person: Person) -> Booking:
    """A booking without a place: full or not, a walk-in takes none."""
    version = policy_in_force(work.session, work.now)
    return Booking(
        event=event,
        person=person,
        agency_id=person.agency_id,
        role_group_id=person.role_group_id,
        policy_version=version,
        booked_at=work.now,
        booked_by_id=work.actor.person_id,
        free_until=free_until_by(terms_of(version), event),
        manager_name=person.manager[0],
        manager_email=person.manager[1],
    )
