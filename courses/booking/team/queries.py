"""What an agency lead sees of their people's bookings, and whom they can book. Never another agency's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from courses.booking.bookings.about.queries import EventToBook
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import clashes_of, steps_of
from courses.booking.bookings.rules import LIVE_STATES, BookingState, BookingWindow, check_can_book
from courses.booking.team.reading.rules import LineRead, OwnPeople, OwnPerson, lines_typed
from courses.booking.team.rules import LinePlanned, TeamKnown, planned
from courses.programme import words
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.entrusting.own_people.queries import is_own
from lms.frame.access import Actor
from lms.frame.folding import bears, finds
from lms.kit.errors import Refused
from lms.kit.folding import words_typed
from lms.kit.pages import ROWS_ON_A_PAGE, PageOf
from lms.people.models import Person


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


@dataclass(frozen=True)
class PersonToBook:
    """A line of the list of people to tick."""

    id: int
    name: str
    about: str


def people_to_book(
    session: Session, actor: Actor, event_id: int, typed: str = "", number: int = 1
) -> PageOf[PersonToBook]:
    """A page of the people of the lead's agencies who have no claim on the event yet, by name."""
    booked = sa.select(Booking.person_id).where(Booking.event_id == event_id, Booking.state.in_(LIVE_STATES))
    where = [Person.agency_id.in_(actor.leads_agency_ids), Person.is_here, Person.id.not_in(booked)]
    where += [sa.or_(finds(word, Person.name_folded), bears(word, Person.ref)) for word in words_typed(typed)]
    total = session.scalar(sa.select(sa.func.count()).select_from(Person).where(*where)) or 0
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.job_title, Person.ref)
        .where(*where)
        .order_by(Person.name, Person.id)
        .limit(ROWS_ON_A_PAGE)
        .offset((number - 1) * ROWS_ON_A_PAGE)
    )
    found = [PersonToBook(row.id, row.name, ", ".join(filter(None, (row.job_title, row.ref)))) for row in rows]
    return PageOf(found, total, number)


def own_people(session: Session, actor: Actor, ids: Collection[int] | None = None) -> list[OwnPerson]:
    """The people of the lead's agencies by name, those who left too; or those of them with these ids."""
    chosen = (
        sa.select(Person).where(is_own(actor)).options(selectinload(Person.addresses)).order_by(Person.name, Person.id)
    )
    if ids is not None:
        chosen = chosen.where(Person.id.in_(ids))
    return [_own(each) for each in session.scalars(chosen)]


def _own(person: Person) -> OwnPerson:
    addresses = tuple(each for each in person.own_addresses if each)
    return OwnPerson(person.id, person.name, person.ref, person.job_title, addresses, person.left_on)


def lines_ticked(session: Session, actor: Actor, ids: Collection[int]) -> list[LineRead]:
    """Those who were ticked, as lines by their names; whoever is nobody of the lead's agencies is passed over."""
    people = own_people(session, actor, ids) if ids else []
    return [LineRead(number, each.name, each) for number, each in enumerate(people, 1)]


def lines_pasted(session: Session, actor: Actor, text: str, accepted: Collection[int] = ()) -> list[LineRead]:
    """What was pasted, line by line. Raises Invalid for nothing, and for too much at once."""
    lines = lines_typed(text)
    return OwnPeople(own_people(session, actor)).read(lines, accepted=accepted)


def lines_planned(session: Session, about: EventToBook, lines: Sequence[LineRead]) -> list[LinePlanned]:
    """What booking these would do, as it stands: three queries, however many they are."""
    event, ids = about.event, [line.person.id for line in lines if line.person is not None]
    claims = sa.select(Booking.person_id, Booking.state)
    of_event = claims.where(Booking.event_id == event.id, Booking.state.in_(LIVE_STATES), Booking.person_id.in_(ids))
    has = {row.person_id: row.state for row in session.execute(of_event)}
    known = TeamKnown(
        has=has,
        trains=frozenset(each.id for each in event.trainers),
        clashes=clashes_of(session, event, ids) if ids else {},
        left=about.left,
        asks_manager=event.course.needs_approval,
        why_nobody=_why_nobody(event, about.now),
    )
    return planned(lines, known)


def _why_nobody(event: Event, now: datetime) -> str:
    """Why the event takes no booking any more, in a sentence."""
    window = BookingWindow(event.state, None, event.booking_closes_at, event.starts_at)
    try:
        check_can_book(window, now, by_coordinator=False)
    except Refused as refusal:
        return refusal.words
    return ""
