"""Bookings as rows of a CSV file: history, and a coming programme, as another system knew them. No letters are sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import places_held_by_offers
from courses.booking.bookings.queries import free_until_by
from courses.booking.bookings.rules import (
    LIVE_STATES,
    BookingSource,
    BookingState,
    Outcome,
    next_place,
    next_place_of_history,
)
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame import cells
from lms.frame.locks import lock_rows
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.portions import portions
from lms.people.models import Person
from lms.policies.models import PolicyVersion
from lms.policies.queries import policy_in_force, terms_of

COLUMNS = (
    Column("event_ref", is_key=True),
    Column("person_ref", is_key=True),
    Column("booked_at"),
    Column("status", is_required=True),
    Column("cancelled_at"),
    Column("outcome"),
    Column("days_attended"),
)
Value = TypeVar("Value")
Named = TypeVar("Named", Event, Person)


class BookingStatus(StrEnum):
    """What a file says of a booking."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    WALK_IN = "walk_in"


STATES = {
    BookingStatus.CONFIRMED: BookingState.CONFIRMED,
    BookingStatus.WAITING: BookingState.WAITING,
    BookingStatus.CANCELLED: BookingState.CANCELLED,
    BookingStatus.WALK_IN: BookingState.CONFIRMED,
}
EXPORTED_AS_CANCELLED = frozenset(BookingState) - frozenset(LIVE_STATES)


@dataclass
class BookingsLookup:
    """What all rows need, looked up once."""

    events: dict[str, Event]
    people: dict[str, Person]
    bookings: dict[tuple[int, int], Booking]
    taken: dict[int, set[int]] = field(default_factory=dict)
    terms: dict[datetime, PolicyVersion] = field(default_factory=dict)


def read_bookings(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change bookings by event and person. The latest one of a person for an event is the one meant."""
    known = _known(work, rows)

    def read(row: Mapping[str, str]) -> Change:
        event = _named(row, "event_ref", known.events, "event")
        person = _named(row, "person_ref", known.people, "person")
        booking = known.bookings.get((event.id, person.id))
        _check_not_own(work, event, person, booking, row)
        before = None if booking is None else as_row(booking)
        if booking is None or booking.state not in LIVE_STATES:
            _check_person(event, person)
        if booking is None:
            booking = _new(work, known, event, person, row)
        _apply(known, booking, row)
        if before is None:
            known.bookings[event.id, person.id] = booking
            work.session.add(booking)
            return Change("added", thing=booking)
        return cells.difference(booking, before, as_row(booking))

    return read


def _check_not_own(work: Work, event: Event, person: Person, booking: Booking | None, row: Mapping[str, str]) -> None:
    """Nobody agrees to their own booking, by a file either."""
    gives = cells.choice(row, "status", BookingStatus) in (BookingStatus.CONFIRMED, BookingStatus.WAITING)
    has_it = booking is not None and booking.state in (BookingState.CONFIRMED, BookingState.WAITING)
    if person.id == work.actor.person_id and event.course.needs_approval and gives and not has_it:
        words = "This is your own booking, on a course that asks someone else to agree. Book it on the event’s page."
        raise Invalid(words, field="person_ref")


def as_row(booking: Booking) -> dict[str, str]:
    """A booking as a file says it. What ended otherwise than by cancelling is told as cancelled."""
    return {
        "event_ref": booking.event.ref,
        "person_ref": booking.person.ref,
        "booked_at": cells.said_wall(booking.booked_at),
        "status": _status(booking).value,
        "cancelled_at": cells.said_wall(booking.cancelled_at),
        "outcome": booking.outcome.value if booking.outcome else "",
        "days_attended": booking.days_attended,
    }


def export_bookings(work: Work) -> Iterator[Mapping[str, str]]:
    """The latest booking of each person for each event, in the events' order."""
    latest = sa.select(sa.func.max(Booking.id)).group_by(Booking.event_id, Booking.person_id)
    bookings = work.session.scalars(
        sa.select(Booking)
        .join(Booking.event)
        .where(Booking.id.in_(latest))
        .options(joinedload(Booking.event), joinedload(Booking.person))
        .order_by(Event.starts_at, Event.ref, Booking.booked_at, Booking.id)
    )
    return (as_row(booking) for booking in bookings)


def _named(row: Mapping[str, str], column: str, known: Mapping[str, Value], what: str) -> Value:
    ref = cells.text(row, column, required=True)
    if ref not in known:
        raise Invalid(f"There is no {what} {ref}. Check the spelling, or import it first.", field=column)
    return known[ref]


def _status(booking: Booking) -> BookingStatus:
    if booking.source is BookingSource.WALK_IN:
        return BookingStatus.WALK_IN
    if booking.state in EXPORTED_AS_CANCELLED:
        return BookingStatus.CANCELLED
    return BookingStatus.CONFIRMED if booking.state is BookingState.CONFIRMED else BookingStatus.WAITING


def _new(work: Work, known: BookingsLookup, event: Event, person: Person, row: Mapping[str, str]) -> Booking:
    booked_at = cells.wall_moment(row, "booked_at") or min(event.starts_at, work.now)
    if booked_at not in known.terms:
        known.terms[booked_at] = policy_in_force(work.session, booked_at)
    return Booking(
        event=event,
        person=person,
        event_id=event.id,
        person_id=person.id,
        agency_id=person.agency_id,
        role_group_id=person.role_group_id,
        policy_version=known.terms[booked_at],
        state=BookingState.WAITING,
        source=BookingSource.IMPORT,
        booked_at=booked_at,
        queued_at=booked_at,
        free_until=free_until_by(terms_of(known.terms[booked_at]), event),
        manager_name=person.manager[0],
        manager_email=person.manager[1],
        days_attended="",
    )


def _check_person(event: Event, person: Person) -> None:
    """A new claim is of the person's present record; of somebody who has left, only in history."""
    if person.merged_into_id is not None or person.erased_at is not None:
        raise Invalid(f"The record {person.ref} was merged or erased. Use the present one.", field="person_ref")
    if person.left_on is not None and not event.is_history:
        raise Invalid(f"{person.name} has left, so they are not booked for what is to come.", field="person_ref")


def _apply(known: BookingsLookup, booking: Booking, row: Mapping[str, str]) -> None:
    status = cells.choice(row, "status", BookingStatus)
    outcome = cells.choice(row, "outcome", Outcome) if cells.text(row, "outcome") else None
    cancelled_at = cells.wall_moment(row, "cancelled_at", required=status is BookingStatus.CANCELLED)
    _check(booking.event, status, outcome, cancelled_at)
    booking.booked_at = cells.wall_moment(row, "booked_at") or booking.booked_at
    if booking.id is None or status is not _status(booking):
        booking.state = STATES[status]
    booking.source = _source(booking, status)
    _place(known, booking, status)
    booking.confirmed_at = booking.confirmed_at or (None if status is BookingStatus.WAITING else booking.booked_at)
    booking.cancelled_at = cancelled_at
    booking.outcome = outcome
    booking.days_attended = _days(booking.event, row)


def _source(booking: Booking, status: BookingStatus) -> BookingSource:
    if status is BookingStatus.WALK_IN:
        return BookingSource.WALK_IN
    return BookingSource.IMPORT if booking.source is BookingSource.WALK_IN else booking.source


def _check(event: Event, status: BookingStatus, outcome: Outcome | None, cancelled_at: datetime | None) -> None:
    if outcome is not None and event.state is not EventState.DELIVERED:
        raise Invalid("The event is not delivered, so no one has an outcome yet. Leave it empty.", field="outcome")
    if outcome is not None and status not in {BookingStatus.CONFIRMED, BookingStatus.WALK_IN}:
        raise Invalid("Only a confirmed booking or a walk-in has an outcome. Leave it empty.", field="outcome")
    if status is BookingStatus.WALK_IN and outcome is None:
        raise Invalid("Say whether the walk-in attended or attended in part.", field="outcome")
    if cancelled_at is not None and status is not BookingStatus.CANCELLED:
        raise Invalid("Only a cancelled booking has this. Leave it empty, or say cancelled.", field="cancelled_at")
    if status in {BookingStatus.CONFIRMED, BookingStatus.WAITING} and event.state is EventState.CANCELLED:
        raise Invalid("The event is cancelled, so its bookings are cancelled too.", field="status")


def _place(known: BookingsLookup, booking: Booking, status: BookingStatus) -> None:
    """Confirmed bookings hold a numbered place; in a coming event never more than there are."""
    taken = known.taken.setdefault(booking.event_id, set())
    if status is not BookingStatus.CONFIRMED:
        taken.discard(booking.place_number or 0)
        booking.place_number = None
    elif booking.place_number is None:
        place = next_place(taken, booking.event.capacity)
        if place is None and not booking.event.is_history:
            words = f"No place is left of {booking.event.capacity}. Say waiting, or raise the capacity."
            raise Invalid(words, field="status")
        booking.place_number = place or next_place_of_history(taken)
        taken.add(booking.place_number)


def _days(event: Event, row: Mapping[str, str]) -> str:
    days = cells.words(row, "days_attended")
    known = {str(day.number) for day in event.days}
    wrong = [day for day in days if day not in known]
    if wrong:
        raise Invalid(f"The event has no day {wrong[0]}. Enter day numbers like 1;2.", field="days_attended")
    return ";".join(sorted(days, key=int))


def _known(work: Work, rows: list[Mapping[str, str]]) -> BookingsLookup:
    known = BookingsLookup(
        {event.ref: event for event in _locked(work, Event, {cells.text(row, "event_ref") for row in rows})},
        {person.ref: person for person in _locked(work, Person, {cells.text(row, "person_ref") for row in rows})},
        {},
    )
    for some in portions(sorted({event.id for event in known.events.values()})):
        for booking in work.session.scalars(
            sa.select(Booking)
            .where(Booking.event_id.in_(some))
            .order_by(Booking.id)
            .options(joinedload(Booking.person))
        ):
            known.bookings[booking.event_id, booking.person_id] = booking
            if booking.place_number is not None:
                known.taken.setdefault(booking.event_id, set()).add(booking.place_number)
        for event_id, place in work.session.execute(places_held_by_offers(some)):
            known.taken.setdefault(event_id, set()).add(place or 0)
    return known


def _locked(work: Work, model: type[Named], refs: Iterable[str]) -> list[Named]:
    """Events or people of a file by reference: events first, so that no place and no person changes meanwhile."""
    ids: list[int] = []
    for some in portions(sorted(refs)):
        ids += work.session.scalars(sa.select(model.id).where(model.ref.in_(some)).order_by(model.id))
    return lock_rows(work.session, model, ids)


IMPORT = Import(
    kind="bookings",
    words="Bookings: who booked what and when, and what became of it",
    columns=COLUMNS,
    reader=read_bookings,
    export=export_bookings,
    permission="courses.manage_bookings",
    position=50,
)
