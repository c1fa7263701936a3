"""What an agency lead sees of their people's bookings, and whom they can book. Never another agency's."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import steps_of
from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme import words
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.frame.access import Actor
from lms.frame.folding import bears, finds
from lms.kit.folding import words_typed
from lms.people.models import Person

MOST_SHOWN = 200


@dataclass(frozen=True)
class TeamRow:
    """One claim of one of the agency's people on a coming event."""

    booking_id: int
    person: str
    state: BookingState
    is_free_now: bool
    can: frozenset[str]


@dataclass(frozen=True)
class TeamEvent:
    """A coming event with the agency's people on it."""

    event_id: int
    title: str
    when: str
    where: str
    rows: list[TeamRow]


def team_events(session: Session, actor: Actor, now: datetime) -> list[TeamEvent]:
    """Coming events on which the lead's agencies have somebody, soonest first: a fixed number of queries."""
    bookings = session.scalars(
        sa.select(Booking)
        .join(Booking.event)
        .join(Booking.person)
        .where(Booking.agency_id.in_(actor.leads_agency_ids), Booking.state.in_(LIVE_STATES))
        .where(Event.ends_at > now, Event.state.in_([EventState.PUBLISHED, EventState.POSTPONED]))
        .options(
            joinedload(Booking.person),
            joinedload(Booking.event).joinedload(Event.version),
            joinedload(Booking.event).selectinload(Event.days).joinedload(EventDay.venue),
        )
        .order_by(Event.starts_at, Event.id, Person.name, Booking.id)
    )
    found: dict[int, TeamEvent] = {}
    for booking in bookings:
        event = booking.event
        if event.id not in found:
            found[event.id] = TeamEvent(event.id, event.version.title, words.when(event), words.where(event), [])
        is_free = now <= booking.free_until or event.state is EventState.POSTPONED
        row = TeamRow(booking.id, booking.person.name, booking.state, is_free, steps_of(booking, now))
        found[event.id].rows.append(row)
    return list(found.values())


def people_to_book(session: Session, actor: Actor, event_id: int, typed: str = "") -> list[tuple[int, str]]:
    """People of the lead's agencies who have no claim on the event yet, by name; at most two hundred."""
    booked = sa.select(Booking.person_id).where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES))
    chosen = (
        sa.select(Person)
        .where(Person.agency_id.in_(actor.leads_agency_ids), Person.is_here)
        .where(Person.id.not_in(booked))
        .options(selectinload(Person.agency))
        .order_by(Person.name, Person.id)
        .limit(MOST_SHOWN)
    )
    for word in words_typed(typed):
        chosen = chosen.where(sa.or_(finds(word, Person.name_folded), bears(word, Person.ref)))
    return [(each.id, _label(each)) for each in session.scalars(chosen)]


def _label(person: Person) -> str:
    return ", ".join(part for part in (person.name, person.job_title, person.ref) if part)
