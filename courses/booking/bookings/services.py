"""Booking, cancelling, and what somebody needs on the day; `bookings.places.services` gives and frees places."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings import letters
from courses.booking.bookings.asking.letters import manager_asked
from courses.booking.bookings.life import CANCEL, CHANGE_NEEDS
from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.places.services import (
    claim_place,
    end_booking,
    fill_places,
    lock_claimant,
    lock_event,
    promote,
    terms_now,
)
from courses.booking.bookings.queries import clash_of, free_until_by, live_booking, position_of
from courses.booking.bookings.rules import (
    BOOKED_ALREADY,
    CLASH,
    TRAINS,
    BookingRequest,
    BookingSource,
    BookingState,
    BookingWindow,
    access_needs_go_on,
    check_can_book,
    free_until_when_promoted,
    is_in_grace,
    is_late_cancellation,
)
from courses.booking.bookings.strangers.services import check_strangers_are_few
from courses.booking.bookings.told_of.queries import days_in_calendar, manager_knows_of_place, unsent_of
from courses.facts import BookingCancelled, BookingConfirmed
from courses.programme.demand.queries import opens_for
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.letters import Letter
from lms.kit.names import clean_name
from lms.kit.telephones import clean_telephone
from lms.kit.working_days import london_date
from lms.mail.models import OutboxLetter
from lms.mail.outbox import withdraw_letters
from lms.people.models import Person
from lms.people.rules import check_manager_is_another
from lms.policies.queries import policy_in_force, terms_of

COORDINATOR = BookingSource.COORDINATOR
WITHIN_THE_HOUR = "Not sent: it was given up within the hour after it was booked."


def book_place(
    work: Work, event_id: int, person: Person, request: BookingRequest, *, since: datetime | None = None
) -> Booking:
    """Confirm the person a place, or put them at the end of the waiting list when none is free.

    `since`: they asked in time, and the office had to look at them first: their turn is of that moment, and where it
    took us past the free period, they never cancel late. Raises Conflict when the event takes no booking or they have
    one already, Invalid for a clash without a reason.
    """
    event = lock_event(work, event_id)
    is_by_office = request.source is BookingSource.COORDINATOR or since is not None
    check_can_book(_window(work, event, person), work.now, by_coordinator=is_by_office)
    _check_person(work, event, person, request)
    check_manager_is_another(request.manager_email, person.own_addresses)
    check_strangers_are_few(work, person, request.source, request.manager_email)
    booking = _new_booking(work, event, person, request)
    if since is not None:
        booking.queued_at = since
        booking.free_until = free_until_when_promoted(booking.free_until, event.starts_at, work.now)
    asks = event.course.needs_approval and not _agrees_by_booking(work, person, request)
    if asks:
        booking.state = BookingState.AWAITING_MANAGER
    else:
        claim_place(work, event, booking)
    work.session.add(booking)
    work.session.flush()
    work.record("booked", booking, state=booking.state, place=booking.place_number, clash_reason=request.clash_reason)
    if asks:
        work.send(*manager_asked(work, booking))
    else:
        tell_claim(work, event, booking)
    return booking


def _agrees_by_booking(work: Work, person: Person, request: BookingRequest) -> bool:
    """The office agrees by booking for somebody; an agency's lead for whoever has no manager. Never for themselves."""
    if work.actor.person_id == person.id:
        return False
    if request.source is COORDINATOR:
        return True
    leads = person.agency_id is not None and person.agency_id in work.actor.leads_agency_ids
    return request.source is BookingSource.AGENCY_LEAD and leads and not request.manager_email


def tell_claim(work: Work, event: Event, booking: Booking) -> None:
    """Confirm a claim that has a place, or say which turn it has; a place that is free for it is offered at once."""
    if booking.state is BookingState.CONFIRMED:
        work.send(*letters.booking_confirmed(work, booking))
        work.tell(BookingConfirmed(booking.id, event.id, booking.person_id, was_waiting=False))
    else:
        work.send(letters.waiting(work, booking, position_of(work.session, booking)))
        fill_places(work, event)


def cancel_booking(
    work: Work, booking: Booking, *, reason: str = "", told_us_at: datetime | None = None, told_us_how: str = ""
) -> Booking:
    """Give a claim up. A freed place goes to the next person waiting. Raises Conflict when it is too late for that.

    `told_us_at`: when they told us, where the office writes it down later; the terms of that moment count. Within an
    hour of booking it is as if it had never been booked: what has not left is withdrawn, and nothing is owed.
    """
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    CANCEL.check(booking.state, has_started=work.now >= event.starts_at)
    held_a_place = booking.state is BookingState.CONFIRMED
    told_at = told_us_at or work.now
    is_grace = held_a_place and is_in_grace(booking.booked_at, told_at)
    is_postponed = event.state is EventState.POSTPONED
    is_late = (
        held_a_place and not is_grace and is_late_cancellation(told_at, booking.free_until, is_postponed=is_postponed)
    )
    end_booking(work, booking, BookingState.CANCELLED, reason)
    booking.told_us_at, booking.told_us_how = told_us_at, told_us_how.strip()
    work.record("booking cancelled", booking, reason=reason, is_late=is_late, told_us_at=told_us_at)
    written = letters.booking_cancelled(work, booking, is_late=is_late, held_a_place=held_a_place, is_grace=is_grace)
    work.send(*(_as_if_never_booked(work, booking, written) if is_grace else written))
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=is_late))
    fill_places(work, event)
    return booking


def _as_if_never_booked(work: Work, booking: Booking, written: list[Letter]) -> list[Letter]:
    """Take back what has not left; a calendar in which nothing is, and a manager who heard nothing, hear nothing."""
    ids = [row.id for row in unsent_of(work.session, booking.id)]
    withdraw_letters(work.session, OutboxLetter.id.in_(ids), why=WITHIN_THE_HOUR)
    manager_knows = manager_knows_of_place(work.session, booking.id)
    in_calendar = days_in_calendar(work.session, booking.id)
    first, *others = written if in_calendar else [replace(each, calendar=None) for each in written]
    kept = [each for each in others if manager_knows or each.kind != "courses.managers_copy"]
    return [first, *(each for each in kept if in_calendar or each.kind != "courses.calendar_day")]


def new_claim(work: Work, event_id: int, person: Person, request: BookingRequest) -> Booking:
    """A claim like one that is booked, without a letter: whoever calls says what it is. Event locked."""
    event = lock_event(work, event_id)
    check_can_book(_window(work, event, person), work.now, by_coordinator=request.source is COORDINATOR)
    _check_person(work, event, person, request)
    booking = _new_booking(work, event, person, request)
    claim_place(work, event, booking)
    work.session.add(booking)
    work.session.flush()
    return booking


def change_needs(work: Work, booking: Booking, *, needs: str, food: str, phone_on_day: str) -> Booking:
    """Replace what somebody needs on the day; empty words delete it. What they are is never in the audit."""
    CHANGE_NEEDS.check(booking.state)
    booking.phone_on_day = clean_telephone(phone_on_day, field="phone_on_day")
    booking.needs = _needs(work, booking.event, needs, food)
    work.record("needs on the day changed", booking)
    return booking


def _window(work: Work, event: Event, person: Person) -> BookingWindow:
    return BookingWindow(
        event_state=event.state,
        opens_at=opens_for(work.session, event, person.id, work.now),
        closes_at=event.booking_closes_at,
        starts_at=event.starts_at,
    )


def _check_person(work: Work, event: Event, person: Person, request: BookingRequest) -> None:
    lock_claimant(work, person.id)
    if any(trainer.id == person.id for trainer in event.trainers):
        raise Conflict("A trainer of this event cannot take a place in it.", reason=TRAINS)
    if live_booking(work.session, event.id, person.id) is not None:
        words = "You already have a booking for this event. It is in My learning."
        raise Conflict(words, reason=BOOKED_ALREADY)
    clash = clash_of(work.session, event, person.id)
    if clash is not None and not request.clash_reason:
        raise Invalid(f"{clash} Explain why both are needed.", field="clash_reason", reason=CLASH)


def _new_booking(work: Work, event: Event, person: Person, request: BookingRequest) -> Booking:
    version = policy_in_force(work.session, work.now)
    return Booking(
        event=event,
        person=person,
        agency=person.agency,
        role_group_id=person.role_group_id,
        policy_version=version,
        state=BookingState.WAITING,
        source=request.source,
        booked_at=work.now,
        booked_by_id=work.actor.person_id,
        free_until=free_until_by(terms_of(version), event),
        manager_name=clean_name(request.manager_name),  # from a record that is older than the rule, maybe
        manager_email=request.manager_email,
        phone_on_day=clean_telephone(request.phone_on_day, field="phone_on_day"),
        declared_at=work.now if request.is_declared else None,
        clash_reason=request.clash_reason,
        needs=_needs(work, event, request.needs, request.food),
    )


def _needs(work: Work, event: Event, needs: str, food: str) -> AccessNeeds | None:
    if not needs and not food:
        return None
    kept = terms_now(work).access_needs_kept_days
    return AccessNeeds(needs=needs, food=food, delete_after=access_needs_go_on(london_date(event.ends_at), kept))


def stamp_sectors(session: Session, event_id: int) -> None:
    """The last time, when an event is delivered: each booking is of the sector that its agency is of today."""
    today = sa.select(Agency.sector_id).where(Agency.id == Booking.agency_id).scalar_subquery()
    of_event = sa.update(Booking).where(Booking.event_id == event_id, Booking.agency_id.is_not(None))
    session.execute(of_event.values(sector_id=today), execution_options={"synchronize_session": False})


__all__ = [
    "book_place",
    "cancel_booking",
    "change_needs",
    "end_booking",
    "fill_places",
    "lock_event",
    "promote",
    "stamp_sectors",
    "tell_claim",
]
