"""Booking, cancelling and moving up: the only code that gives or takes a place."""

import sqlalchemy as sa

from courses.bookings import letters
from courses.bookings.models import LIVE_STATES, AccessNeeds, Booking, BookingRequest, BookingSource, BookingState
from courses.bookings.queries import clash_of, free_places, live_booking, position_of, queue_of, taken_places
from courses.bookings.rules import (
    BookingWindow,
    access_needs_go_on,
    check_can_book,
    check_can_cancel,
    free_until_when_promoted,
    is_late_cancellation,
    next_place,
    promotion_ends_at,
)
from courses.events.models import Event, EventState
from courses.facts import BookingCancelled, BookingConfirmed
from lms.errors import Conflict, Invalid, NotFound
from lms.mail.letters import Letter
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.policies.rules import Policy
from lms.work import Work
from lms.working_days import london_date


def lock_event(work: Work, event_id: int) -> Event:
    """The event, locked until this work ends: taken before places are counted. Raises NotFound."""
    event = work.session.scalar(
        sa.select(Event).where(Event.id == event_id).with_for_update().execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound("There is no such event. Choose one from the courses page.")
    return event


def book_place(work: Work, event_id: int, person: Person, request: BookingRequest) -> Booking:
    """Confirm the person a place, or put them at the end of the waiting list when none is free.

    Raises Conflict when the event takes no booking or they have one already, Invalid for a clash without a reason.
    """
    event = lock_event(work, event_id)
    check_can_book(_window(event), work.now, by_coordinator=request.source is BookingSource.COORDINATOR)
    _check_person(work, event, person, request)
    booking = _new_booking(work, event, person, request)
    work.session.add(booking)
    work.session.flush()
    work.record("booked", booking, state=booking.state, place=booking.place_number, clash_reason=request.clash_reason)
    if booking.state is BookingState.CONFIRMED:
        send_all(work, letters.booking_confirmed(work, booking))
        work.tell(BookingConfirmed(booking.id, event.id, person.id, was_waiting=False))
    else:
        work.send(letters.waiting(work, booking, position_of(work.session, booking)))
    return booking


def cancel_booking(work: Work, booking: Booking, *, reason: str = "") -> Booking:
    """Give a claim up. A freed place goes to the next person waiting. Raises Conflict when it is too late for that."""
    event = lock_event(work, booking.event_id)
    work.session.refresh(booking)
    check_can_cancel(is_live=booking.state in LIVE_STATES, has_started=work.now >= event.starts_at)
    held_a_place = booking.state is BookingState.CONFIRMED
    is_late = held_a_place and is_late_cancellation(
        work.now, booking.free_until, is_postponed=event.state is EventState.POSTPONED
    )
    end_booking(work, booking, BookingState.CANCELLED, reason)
    work.record("booking cancelled", booking, reason=reason, is_late=is_late)
    send_all(work, letters.booking_cancelled(work, booking, is_late=is_late, held_a_place=held_a_place))
    work.tell(BookingCancelled(booking.id, event.id, booking.person_id, is_late=is_late))
    fill_places(work, event)
    return booking


def fill_places(work: Work, event: Event) -> list[Booking]:
    """Give every free place to whoever is next in the list. Called by everything that frees or adds a place.

    Answers those who moved up. `queries.waiting_list` says of each of the others why they did not.
    """
    event = lock_event(work, event.id)
    policy = _policy(work)
    if event.state is not EventState.PUBLISHED or work.now >= promotion_ends_at(
        event.starts_at, policy.promotion_stops_hours
    ):
        return []
    places = free_places(work.session, event)
    here = [booking for booking in queue_of(work.session, event.id) if booking.person.is_here]
    return [promote(work, booking) for booking in here[: max(places, 0)]]


def promote(work: Work, booking: Booking) -> Booking:
    """Give somebody who waits a free place, and tell them. Raises Conflict when there is none."""
    event = lock_event(work, booking.event_id)
    if booking.state is not BookingState.WAITING:
        raise Conflict("This person is not waiting any more. Read the list again.")
    if event.state is not EventState.PUBLISHED or work.now >= event.starts_at:
        raise Conflict("This event gives no places now.")
    place = next_place(taken_places(work.session, event.id), event.capacity)
    if place is None:
        raise Conflict("Every place is taken. Raise the capacity first, or wait until somebody cancels.")
    booking.state, booking.place_number, booking.confirmed_at = BookingState.CONFIRMED, place, work.now
    booking.free_until = free_until_when_promoted(booking.free_until, event.starts_at, work.now)
    work.session.flush()
    work.record("moved up from the waiting list", booking, place=place)
    send_all(work, letters.place_found(work, booking))
    work.tell(BookingConfirmed(booking.id, event.id, booking.person_id, was_waiting=True))
    return booking


def change_needs(work: Work, booking: Booking, *, needs: str, food: str, phone_on_day: str) -> Booking:
    """Replace what somebody needs on the day; empty words delete it. What they are is never in the audit."""
    if booking.state not in LIVE_STATES:
        raise Conflict("This booking has ended, so nothing about it can be changed.")
    booking.phone_on_day = phone_on_day
    booking.needs = _needs(work, booking.event, needs, food)
    work.record("needs on the day changed", booking)
    return booking


def _window(event: Event) -> BookingWindow:
    return BookingWindow(
        is_published=event.state is EventState.PUBLISHED,
        opens_at=event.booking_opens_at,
        closes_at=event.booking_closes_at,
        starts_at=event.starts_at,
    )


def _check_person(work: Work, event: Event, person: Person, request: BookingRequest) -> None:
    if not person.is_here:
        raise Conflict(f"{person.name} has left, or the record was merged. Choose the person's present record.")
    if any(trainer.id == person.id for trainer in event.trainers):
        raise Conflict("A trainer of this event takes no place in it.")
    if live_booking(work.session, event.id, person.id) is not None:
        raise Conflict("There is a booking for this event already. My learning shows it.")
    clash = clash_of(work.session, event, person.id)
    if clash is not None and not request.clash_reason:
        raise Invalid(clash, field="clash_reason")


def _new_booking(work: Work, event: Event, person: Person, request: BookingRequest) -> Booking:
    has_queue = bool(queue_of(work.session, event.id))
    place = None if has_queue else next_place(taken_places(work.session, event.id), event.capacity)
    return Booking(
        event=event,
        person=person,
        agency=person.agency,
        role_group_id=person.role_group_id,
        policy_version=policy_in_force(work.session, work.now),
        state=BookingState.WAITING if place is None else BookingState.CONFIRMED,
        source=request.source,
        place_number=place,
        booked_at=work.now,
        booked_by_id=work.actor.person_id,
        queued_at=work.now if place is None else None,
        confirmed_at=None if place is None else work.now,
        free_until=event.free_until,
        manager_name=request.manager_name,
        manager_email=request.manager_email,
        phone_on_day=request.phone_on_day,
        declared_at=work.now if request.is_declared else None,
        clash_reason=request.clash_reason,
        needs=_needs(work, event, request.needs, request.food),
    )


def _needs(work: Work, event: Event, needs: str, food: str) -> AccessNeeds | None:
    if not needs and not food:
        return None
    kept = _policy(work).access_needs_kept_days
    return AccessNeeds(needs=needs, food=food, delete_after=access_needs_go_on(london_date(event.ends_at), kept))


def end_booking(work: Work, booking: Booking, state: BookingState, reason: str) -> None:
    """End a claim: its place is free from here on, and its next calendar entry supersedes all before."""
    booking.state = state
    booking.place_number = None
    booking.cancelled_at = work.now
    booking.cancelled_by_id = work.actor.person_id
    booking.cancel_reason = reason
    booking.calendar_sequence += 1
    work.session.flush()


def _policy(work: Work) -> Policy:
    return terms_of(policy_in_force(work.session, work.now))


def send_all(work: Work, several: list[Letter]) -> None:
    """Put several letters into the outbox."""
    for letter in several:
        work.send(letter)
