"""Bookings for other systems: an HR system books for its people, cancels, and follows what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.life import ENDED
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import IN_QUEUE, position_of, visible_bookings
from courses.booking.bookings.rules import (
    BOOKED_ALREADY,
    CLASH,
    CLOSED,
    FULL,
    NOT_HERE,
    NOT_OPEN_YET,
    TRAINS,
    BookingRequest,
    BookingSource,
    BookingState,
    Outcome,
)
from courses.booking.bookings.services import book_place, cancel_booking
from courses.programme.events.life import NOT_BOOKABLE, STARTED
from courses.programme.events.models import Event
from lms.api.cursors import Paged, page_after, read_cursor
from lms.api.shapes import says
from lms.frame.plugins import Asked, Operation
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.names import read_name
from lms.people.models import Person

PERMISSION = "courses.follow_bookings"
NO_BOOKING = "We cannot find that booking among those that your token may see."


@dataclass(frozen=True)
class BookingWanted:
    """Who is to come."""

    person_ref: str = field(metadata=says("The person's reference, as in the file of people.", longest=80))
    manager_name: str = field(default="", metadata=says("Who agreed; otherwise as in the person's record."))
    manager_email: str = field(default="", metadata=says("The manager’s email address."))
    clash_reason: str = field(default="", metadata=says("Why both, when something else is booked at that time."))
    join_waiting_list: bool = field(
        default=True, metadata=says("Whether to wait when no place is free; otherwise that is refused, as full.")
    )


@dataclass(frozen=True)
class Booked:
    """What happened. `position` is the place in the waiting list, for one that waits."""

    id: str
    state: BookingState
    position: int | None


@dataclass(frozen=True)
class BookingAnswer:
    """A booking as it stands. `outcome` is there once the register is finalised."""

    id: str
    event_id: str
    event_ref: str
    course_code: str
    person_ref: str
    agency_code: str | None
    state: BookingState
    position: int | None
    outcome: Outcome | None
    booked_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    free_cancellation_until: datetime


@dataclass(frozen=True)
class BookingsWanted(Paged):
    """Which bookings, in the order in which they were made."""

    event_id: str = field(default="", metadata=says("Of this event alone.", longest=9))
    person_ref: str = field(default="", metadata=says("Of this person alone.", longest=80))
    updated_since: datetime | None = field(default=None, metadata=says("Changed at this moment or later."))


@dataclass(frozen=True)
class BookingPage:
    """A page of bookings."""

    items: tuple[BookingAnswer, ...]
    next_cursor: str | None


def book(work: Work, asked: Asked) -> Booked:
    """Book a place for a person. Refused in words, as on the page; a clash without a reason is refused too."""
    wanted: BookingWanted = asked.body
    person = _person(work, wanted.person_ref)
    request = BookingRequest(
        source=BookingSource.API,
        manager_name=read_name(wanted.manager_name, field="manager_name") or person.manager[0],
        manager_email=clean_address(wanted.manager_email, field="manager_email") or person.manager[1],
        is_declared=True,
        clash_reason=wanted.clash_reason,
    )
    try:
        booking = book_place(work, asked.number("event_id"), person, request)
    except Invalid as refusal:
        if refusal.reason is not CLASH:
            raise
        raise Conflict(refusal.words, reason=CLASH) from refusal
    if booking.state is BookingState.WAITING and not wanted.join_waiting_list:
        raise Conflict(FULL.words, reason=FULL)
    return _booked(work, booking)


def cancel(work: Work, asked: Asked) -> Booked:
    """Cancel a booking. A freed place goes to the next person waiting."""
    return _booked(work, cancel_booking(work, _visible_booking(work, asked), reason="Cancelled by another system"))


def one_booking(work: Work, asked: Asked) -> BookingAnswer:
    """One booking. Raises NotFound."""
    booking = _visible_booking(work, asked)
    return _answer(booking, _positions(work, [booking]))


def list_bookings(work: Work, asked: Asked) -> BookingPage:
    """Bookings that the token may see."""
    query: BookingsWanted = asked.query
    found = sa.select(Booking).join(Booking.event).join(Booking.person).where(visible_bookings(work.actor))
    if query.event_id:
        found = found.where(Booking.event_id == (int(query.event_id) if query.event_id.isdecimal() else 0))
    if query.person_ref:
        found = found.where(Person.ref == query.person_ref)
    if query.updated_since is not None:
        found = found.where(Booking.changed_at >= query.updated_since)
    after = read_cursor(query.cursor)
    if after is not None:
        found = found.where(sa.tuple_(Booking.booked_at, Booking.id) > sa.tuple_(sa.literal(after[0]), after[1]))
    rows = work.session.scalars(
        found.options(*_loaded()).order_by(Booking.booked_at, Booking.id).limit(query.limit + 1)
    ).all()
    page, next_cursor = page_after(rows, query.limit, lambda row: (row.booked_at, row.id))
    positions = _positions(work, page)
    return BookingPage(tuple(_answer(each, positions) for each in page), next_cursor)


def _visible_booking(work: Work, asked: Asked) -> Booking:
    found = work.session.scalar(
        sa.select(Booking)
        .where(Booking.id == asked.number("booking_id"), visible_bookings(work.actor))
        .options(*_loaded())
    )
    if found is None:
        raise NotFound(NO_BOOKING)
    return found


def _loaded() -> list[sa.sql.base.ExecutableOption]:
    return [
        joinedload(Booking.event).joinedload(Event.course),
        joinedload(Booking.person),
        joinedload(Booking.agency),
    ]


def _person(work: Work, ref: str) -> Person:
    """Somebody whom this token may book for; others are as unknown as those who do not exist."""
    found = work.session.scalar(sa.select(Person).where(Person.ref == ref))
    may_all = work.actor.may("courses.manage_bookings")
    if found is None or not (may_all or found.agency_id in work.actor.leads_agency_ids):
        raise Invalid("There is no one with this reference that your token can book for.", field="person_ref")
    return found


def _booked(work: Work, booking: Booking) -> Booked:
    position = position_of(work.session, booking) if booking.state in IN_QUEUE else None
    return Booked(str(booking.id), booking.state, position)


def _positions(work: Work, bookings: Sequence[Booking]) -> dict[int, int]:
    """The places in their waiting lists of those that wait, in one query."""
    event_ids = {each.event_id for each in bookings if each.state in IN_QUEUE}
    if not event_ids:
        return {}
    place = sa.func.row_number().over(partition_by=Booking.event_id, order_by=(Booking.queued_at, Booking.id))
    rows = work.session.execute(
        sa.select(Booking.id, place.label("place"))
        .where(Booking.event_id.in_(event_ids), Booking.state.in_(IN_QUEUE))
        .order_by(Booking.id)
    )
    return {row.id: row.place for row in rows}


def _answer(booking: Booking, positions: dict[int, int]) -> BookingAnswer:
    return BookingAnswer(
        id=str(booking.id),
        event_id=str(booking.event_id),
        event_ref=booking.event.ref,
        course_code=booking.event.course.code,
        person_ref=booking.person.ref,
        agency_code=booking.agency.code if booking.agency else None,
        state=booking.state,
        position=positions.get(booking.id),
        outcome=booking.outcome,
        booked_at=booking.booked_at,
        confirmed_at=booking.confirmed_at,
        cancelled_at=booking.cancelled_at,
        free_cancellation_until=booking.free_until,
    )


REFUSALS = (BOOKED_ALREADY, CLASH, CLOSED, FULL, NOT_BOOKABLE, NOT_HERE, NOT_OPEN_YET, STARTED, TRAINS)
OPERATIONS = (
    Operation(
        name="courses.book",
        method="POST",
        path="/events/{event_id}/bookings",
        words="Book a place for a person, or join the waiting list",
        body=BookingWanted,
        answer=Booked,
        run=book,
        permission=PERMISSION,
        status=201,
        reasons=REFUSALS,
    ),
    Operation(
        name="courses.cancel_booking",
        method="DELETE",
        path="/bookings/{booking_id}",
        words="Cancel a booking",
        answer=Booked,
        run=cancel,
        permission=PERMISSION,
        reasons=(ENDED, STARTED),
    ),
    Operation(
        name="courses.list_bookings",
        method="GET",
        path="/bookings",
        words="Bookings, and what became of them",
        query=BookingsWanted,
        answer=BookingPage,
        run=list_bookings,
        permission=PERMISSION,
    ),
    Operation(
        name="courses.one_booking",
        method="GET",
        path="/bookings/{booking_id}",
        words="One booking",
        answer=BookingAnswer,
        run=one_booking,
        permission=PERMISSION,
    ),
)
