"""Other dates of a course that have a place, and whether a booking was moved before."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import places_of, room_of, sector_of
from courses.booking.bookings.queries import free_until_by
from courses.booking.bookings.rules import LIVE_STATES
from courses.programme import words
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.kit.words import clock, long_date
from lms.policies.queries import policy_in_force, terms_of

MOST_DATES = 12


@dataclass(frozen=True)
class OtherDate:
    """A date to which a booking can be moved now. `free_until`: "" when that has passed."""

    event_id: int
    when: str
    where: str
    left: int
    free_until: str


def other_dates(session: Session, booking: Booking, now: datetime, *, by_office: bool) -> list[OtherDate]:
    """Dates of the same course to come that have a place for this booking's sector, soonest first."""
    booked = sa.select(Booking.event_id).where(Booking.person_id == booking.person_id, Booking.state.in_(LIVE_STATES))
    found = (
        sa.select(Event)
        .where(Event.course_id == booking.event.course_id, Event.id.not_in(booked))
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > now)
        .options(selectinload(Event.days).joinedload(EventDay.venue))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_DATES)
    )
    if not by_office:
        found = found.where(sa.or_(Event.booking_opens_at.is_(None), Event.booking_opens_at <= now))
        found = found.where(Event.booking_closes_at >= now)
    events = list(session.scalars(found))
    places, terms = places_of(session, [each.id for each in events]), terms_of(policy_in_force(session, now))
    dates = []
    for event in events:
        left = room_of(session, event, now).open_to(sector_of(booking))
        if left and places[event.id].waiting <= places[event.id].offered:
            free_until = free_until_by(terms, event)
            until = f"{clock(free_until)} on {long_date(free_until)}" if free_until > now else ""
            dates.append(OtherDate(event.id, words.when(event), words.where(event), left, until))
    return dates


def was_moved(session: Session, booking: Booking) -> bool:
    """Whether this booking is itself the end of a move."""
    return session.scalar(sa.select(Booking.id).where(Booking.moved_to_id == booking.id)) is not None


def others_wait(session: Session, event_id: int) -> bool:
    """Whether somebody waits who could take a freed place."""
    return places_of(session, [event_id])[event_id].waiting > 0
