"""Passing a place on to a colleague: before the start by the delegate, on the day by whoever keeps the register."""

from datetime import timedelta

import sqlalchemy as sa

from courses.booking.bookings import letters
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import end_booking, fill_places, lock_event, take_other_place
from courses.booking.bookings.queries import domains_of, live_booking
from courses.booking.bookings.rules import BookingState, source_by
from courses.booking.bookings.words import giver_of
from courses.booking.delegates.queries import find_person
from courses.booking.substitutions.rules import (
    NEW_COLLEAGUES_A_WEEK,
    NEW_HERE,
    NOBODY,
    TOO_MANY_NEW,
    ColleagueNamed,
    check_can_give,
    check_can_take,
)
from courses.facts import BookingConfirmed, PlaceSubstituted
from courses.programme.events.models import Event
from lms.audit.models import AuditEntry
from lms.frame.locks import lock_row
from lms.frame.work import Work
from lms.kit.addresses import is_mailbox
from lms.kit.errors import Invalid
from lms.kit.names import read_name
from lms.kit.telephones import telephone_or_nothing
from lms.people.models import Person
from lms.people.queries import sharing_address
from lms.people.rules import PersonDetails, domain_of
from lms.people.services import add_person


def give_place(work: Work, booking: Booking, person_ref: str, name: str = "") -> Booking:
    """Give the place to a colleague, by reference or address, any time before the start. Free; both are written to.

    With a name, an address at the agency that nobody has yet becomes a record. Raises Invalid for somebody who cannot
    take it, Conflict when there is no place to give any more.
    """
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    check_can_give(booking.state, event_state=event.state, has_started=work.now >= event.starts_at)
    colleague = _person_of(work, booking, colleague_named(work, booking, person_ref, name))
    giver = giver_of(booking, work.actor)
    new = substitute(work, event, booking, colleague, f"Place given to {colleague.name}")
    work.send(*letters.place_given(work, booking, colleague.name, giver))
    work.send(*letters.place_taken(work, new, booking.person.name, giver))
    work.tell(BookingConfirmed(new.id, event.id, colleague.id, was_waiting=False))
    return new


def colleague_named(work: Work, booking: Booking, person_ref: str, name: str = "") -> ColleagueNamed:
    """Who is meant, before anything is done. Of other agencies' people nothing is told. Raises Invalid."""
    found = find_person(work.session, person_ref)
    if found is not None and found.is_here and found.agency_id is not None and found.agency_id == booking.agency_id:
        return ColleagueNamed(found.name, found.email, found.id)
    address = person_ref.strip().lower()
    if found is not None or not is_mailbox(address) or not _is_at_agency(work, booking, address):
        raise Invalid(NOBODY, field="person_ref")
    if not name:
        raise Invalid(NEW_HERE, field="name")
    return ColleagueNamed(read_name(name), address)


def _is_at_agency(work: Work, booking: Booking, address: str) -> bool:
    """Whether it is an address of the agency's own domains, which strangers do not have, and nobody's here."""
    domains = domains_of(work.session, [booking.agency_id]).get(booking.agency_id or 0, ())
    return domain_of(address) in domains and not sharing_address(work.session, address)


def _person_of(work: Work, booking: Booking, named: ColleagueNamed) -> Person:
    """Their record, or a new one at the agency of the booking."""
    if named.person_id is not None:
        return work.session.get_one(Person, named.person_id)
    _check_few_are_new(work)
    person = add_person(work, PersonDetails(named.name, named.email, agency_id=booking.agency_id))
    work.session.flush()
    return person


def _check_few_are_new(work: Work) -> None:
    """Nobody but the office makes many records so. The audit knows how many it were this week."""
    who = work.actor.person_id
    if who is None or work.actor.may("courses.manage_bookings"):
        return
    added = sa.select(sa.func.count(AuditEntry.id)).where(
        AuditEntry.actor_id == who,
        AuditEntry.event == "person added",
        AuditEntry.at > work.now - timedelta(weeks=1),
    )
    if (work.session.scalar(added) or 0) >= NEW_COLLEAGUES_A_WEEK:
        raise Invalid(TOO_MANY_NEW, field="person_ref")


def substitute(work: Work, event: Event, booking: Booking, colleague: Person, reason: str) -> Booking:
    """The colleague has the place from here on, on the terms it was booked on. Event locked. Raises Invalid."""
    lock_row(work.session, Person, colleague.id)
    theirs = live_booking(work.session, event.id, colleague.id)
    check_can_take(
        colleague.name,
        is_here=colleague.is_here,
        is_trainer=any(each.id == colleague.id for each in event.trainers),
        has_place=theirs is not None and theirs.state is BookingState.CONFIRMED,
        is_same_agency=booking.agency_id is not None and colleague.agency_id == booking.agency_id,
    )
    place = booking.place_number
    booking.outcome, booking.days_attended = None, ""
    end_booking(work, booking, BookingState.SUBSTITUTED, reason)
    new = theirs or _new_booking(work, booking, colleague)
    take_other_place(work, new, place)
    new.policy_version, new.free_until = booking.policy_version, booking.free_until
    work.session.add(new)
    work.session.flush()
    booking.given_to_id = new.id
    work.session.flush()
    work.record("place given to a colleague", booking, to=colleague.name, booking=new.id)
    work.record("took a colleague's place", new, of=booking.person.name, booking=booking.id, place=place)
    work.tell(PlaceSubstituted(booking.id, new.id, event.id))
    fill_places(work, event)
    return new


def _new_booking(work: Work, booking: Booking, colleague: Person) -> Booking:
    """The place goes on under the terms it was booked on: the same agency, the same policy version."""
    return Booking(
        event=booking.event,
        person=colleague,
        agency_id=booking.agency_id,
        role_group_id=colleague.role_group_id,
        source=source_by(work.actor, person_id=booking.person_id, agency_id=booking.agency_id),
        booked_at=work.now,
        booked_by_id=work.actor.person_id,
        manager_name=colleague.manager[0],
        manager_email=colleague.manager[1],
        phone_on_day=telephone_or_nothing(colleague.phone),
    )
