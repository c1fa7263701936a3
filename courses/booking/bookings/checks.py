"""What must be true of places, for `lms check`."""

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.queries import queue_of, room_of, waiting_claims
from courses.booking.bookings.places.rules import goes_to_everybody, may_be_held_now, who_is_offered
from courses.booking.bookings.places.services import terms_now
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events.models import Event, EventDay, EventTrainer
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.names import shown_with_why
from lms.kit.office_hours import opens_at
from lms.kit.telephones import is_telephone
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.retention.queries import not_held

AN_HOUR = timedelta(hours=1)


def oversold_events(work: Work) -> Iterator[str]:
    """More places held than the event ever had. (Capacity cut below bookings is over-booked, which is allowed.)"""
    rows = work.session.execute(
        sa.select(Event.ref, Event.largest_capacity, sa.func.count(Booking.place_number))
        .join(Booking, Booking.event_id == Event.id)
        .where(Event.is_history.is_(False))
        .group_by(Event.id, Event.ref, Event.largest_capacity)
        .having(sa.func.count(Booking.place_number) > Event.largest_capacity)
        .order_by(Event.ref)
    )
    for ref, capacity, held in rows:
        yield f"Event {ref}: {held} places held, never more than {capacity} offered."


def duplicate_bookings(work: Work) -> Iterator[str]:
    """Two live bookings of one person, or two records of one person, on one event that is not over."""
    who = sa.func.coalesce(Person.merged_into_id, Person.id)
    rows = work.session.execute(
        sa.select(Event.ref, who, sa.func.count())
        .join(Booking, Booking.event_id == Event.id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.state.in_(LIVE_STATES), Event.state.not_in([EventState.DELIVERED, EventState.CANCELLED]))
        .group_by(Event.ref, who)
        .having(sa.func.count() > 1)
        .order_by(Event.ref, who)
    )
    for ref, person_id, number in rows:
        yield f"Event {ref}: person {person_id} has {number} live bookings."


def claims_of_gone(work: Work) -> Iterator[str]:
    """A live claim on what is to come of a record that was erased or merged, or made for somebody who had left."""
    rows = work.session.execute(
        sa.select(Event.ref, Booking, Person)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.state.in_(LIVE_STATES), Event.is_history.is_(False))
        .where(Event.state.not_in([EventState.DELIVERED, EventState.CANCELLED]))
        .where(sa.or_(Person.erased_at.is_not(None), Person.merged_into_id.is_not(None), Person.left_on.is_not(None)))
        .order_by(Event.ref, Booking.id)
    )
    for ref, booking, person in rows:
        if person.erased_at is not None or person.merged_into_id is not None:
            yield f"Event {ref}: booking {booking.id} is of a record that was erased or merged."
        elif person.left_on is not None and london_date(booking.accepted_at or booking.booked_at) > person.left_on:
            yield f"Event {ref}: booking {booking.id} was made for someone who had left."


def idle_places(work: Work) -> Iterator[str]:
    """A free place that somebody who waits could have, and nobody has been offered it."""
    events = work.session.scalars(
        sa.select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > work.now)
        .where(Event.id.in_(sa.select(Booking.event_id).where(Booking.state == BookingState.WAITING)))
        .order_by(Event.ref)
    )
    terms = terms_now(work)
    in_hours, hours = terms.offers_in_office_hours, terms.offer_to_all_hours
    for event in events:
        waits_for_hours = not may_be_held_now(work.now, in_office_hours=in_hours)
        if waits_for_hours and not goes_to_everybody(event.starts_at, work.now, hours, in_office_hours=in_hours):
            continue
        room = room_of(work.session, event, work.now)
        waiting = waiting_claims(work.session, queue_of(work.session, event.id))
        missed = who_is_offered(waiting, room, to_everybody=False)
        if missed:
            yield f"Event {event.ref}: {room.free} places free, and booking {missed[0]} waits without an offer."


def offers_out_of_step(work: Work) -> Iterator[str]:
    """An open offer of a claim that is not offered, a claim offered nothing, or an offer long past its time."""
    is_open = sa.exists().where(Offer.booking_id == Booking.id, Offer.ended_at.is_(None))
    wrong = sa.select(Booking.id).where((Booking.state == BookingState.OFFERED) != is_open).order_by(Booking.id)
    for booking_id in work.session.scalars(wrong):
        yield f"Booking {booking_id} and its offer do not agree."
    in_hours = terms_now(work).offers_in_office_hours
    late = sa.select(Offer.id, Offer.open_until).where(Offer.ended_at.is_(None), Offer.open_until < work.now - AN_HOUR)
    for offer_id, until in work.session.execute(late.order_by(Offer.id)):
        if in_hours and opens_at(until) >= work.now - AN_HOUR:
            continue
        yield f"Offer {offer_id} should have lapsed more than an hour ago."


def offered_twice(work: Work) -> Iterator[str]:
    """A place that somebody holds while it is offered to somebody else."""
    rows = work.session.execute(
        sa.select(Event.ref, Offer.place_number)
        .join(Event, Event.id == Offer.event_id)
        .join(Booking, sa.and_(Booking.event_id == Offer.event_id, Booking.place_number == Offer.place_number))
        .where(Offer.ended_at.is_(None))
        .order_by(Event.ref, Offer.place_number)
    )
    for ref, place in rows:
        yield f"Event {ref}: place {place} is held and offered."


def needs_beyond_time(work: Work) -> Iterator[str]:
    """What people need goes the night after its time, unless a hold stands. A day of grace for the worker."""
    gone_since = london_date(work.now) - timedelta(days=2)
    free = sa.select(Booking.id).where(not_held("courses.access_needs", Booking.person_id))
    rows = work.session.scalars(
        sa.select(AccessNeeds.booking_id)
        .where(AccessNeeds.delete_after < gone_since, AccessNeeds.booking_id.in_(free))
        .order_by(AccessNeeds.booking_id)
    )
    for booking_id in rows:
        yield f"Booking {booking_id}: what this person needed should have been deleted."


def managers_names_that_nobody_has(work: Work) -> Iterator[str]:
    """Names of line managers from before there was a rule. They are sent cleaned."""
    used = sa.select(Booking.manager_name, sa.func.min(Booking.id), sa.func.count()).group_by(Booking.manager_name)
    for name, booking_id, number in work.session.execute(used.order_by(sa.func.min(Booking.id))):
        if said := shown_with_why(name):
            yield f"Booking {booking_id} ({number} in all), manager’s name {said}"


def cancelled_but_alive(work: Work) -> Iterator[str]:
    """A cancelled event releases every booking, and its places are not counted as offered."""
    held = sa.select(sa.func.count(Booking.id)).where(Booking.event_id == Event.id, Booking.state.in_(LIVE_STATES))
    number = held.scalar_subquery()
    rows = work.session.execute(
        sa.select(Event.ref, number, Event.places_offered)
        .where(Event.state == EventState.CANCELLED, sa.or_(number > 0, Event.places_offered > 0))
        .order_by(Event.ref)
    )
    for ref, bookings, offered in rows:
        yield f"Event {ref} is cancelled, with {bookings} live bookings and {offered or 0} places counted as offered."


def trainers_with_places(work: Work) -> Iterator[str]:
    """A trainer is not an attender and takes no place."""
    rows = work.session.execute(
        sa.select(Event.ref, Booking.id)
        .join(Booking, Booking.event_id == Event.id)
        .join(EventTrainer, sa.and_(EventTrainer.event_id == Event.id, EventTrainer.person_id == Booking.person_id))
        .where(Booking.state.in_(LIVE_STATES))
        .order_by(Event.ref, Booking.id)
    )
    for ref, booking_id in rows:
        yield f"Event {ref}: booking {booking_id} is of someone who trains it."


def telephones_that_are_none(work: Work) -> Iterator[str]:
    """Words that a trainer would dial on a day to come. Correct them in the booking."""
    to_come = sa.select(Event.ref, Booking.id, Booking.phone_on_day).join(Event, Event.id == Booking.event_id)
    to_come = to_come.where(Event.ends_at > work.now, Booking.state.in_(LIVE_STATES), Booking.phone_on_day != "")
    for ref, booking_id, phone in work.session.execute(to_come.order_by(Event.ref, Booking.id)):
        if not is_telephone(phone):
            yield f"Event {ref}, booking {booking_id}: {phone!r} is no telephone number."


def days_that_the_event_has_not(work: Work) -> Iterator[str]:
    """Days attended, as history says them, are days of the event: "1;2"."""
    days = sa.select(EventDay.event_id, sa.func.max(EventDay.number).label("last")).group_by(EventDay.event_id)
    last = days.subquery()
    rows = work.session.execute(
        sa.select(Booking.id, Booking.days_attended, last.c.last)
        .join(last, last.c.event_id == Booking.event_id)
        .where(Booking.days_attended != "")
        .order_by(Booking.id)
    )
    for booking_id, said, number in rows:
        if not all(day.isdecimal() and 1 <= int(day) <= number for day in said.split(";")):
            yield f"Booking {booking_id}: {said!r} are not days of its event."
