"""What of the courses' facts other systems may hear: references, and for an agency's system its own people's alone."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import visible_bookings
from courses.booking.bookings.rules import BookingState, Outcome
from courses.facts import (
    BookingCancelled,
    BookingConfirmed,
    EventCancelled,
    EventMoved,
    EventPostponed,
    EventPublished,
    OutcomeCorrected,
    PlaceSubstituted,
    RegisterFinalised,
)
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.api.shapes import says
from lms.frame.plugins import ToldFact
from lms.frame.work import Work

PERMISSION = "courses.follow_bookings"


@dataclass(frozen=True)
class EventAsTold:
    """An event as it stands when the fact is sent."""

    event_id: str = field(metadata=says("Its number here.", example="12"))
    event_ref: str = field(metadata=says("Its reference, as in the file of events.", example="SB-12"))
    course_code: str = field(metadata=says("The course.", example="SB"))
    state: EventState = field(metadata=says("Its state.", example="published"))
    starts_at: datetime = field(metadata=says("When its first day starts.", example="2026-04-09T09:30:00+01:00"))
    ends_at: datetime = field(metadata=says("When its last day ends.", example="2026-04-09T16:30:00+01:00"))


@dataclass(frozen=True)
class MovedEventTold(EventAsTold):
    """An event with its new days."""

    was_starts_at: datetime = field(metadata=says("When it would have begun.", example="2026-04-02T09:30:00+01:00"))


@dataclass(frozen=True)
class BookingTold:
    """A booking as it stands when the fact is sent."""

    booking_id: str = field(metadata=says("Its number here.", example="4711"))
    event_id: str = field(metadata=says("The event's number here.", example="12"))
    event_ref: str = field(metadata=says("The event's reference.", example="SB-12"))
    course_code: str = field(metadata=says("The course.", example="SB"))
    person_ref: str = field(metadata=says("Whose it is.", example="P1021"))
    agency_code: str | None = field(metadata=says("The agency that it was made for.", example="LARK"))
    state: BookingState = field(metadata=says("Its state.", example="confirmed"))
    outcome: Outcome | None = field(metadata=says("What happened, once the register is finalised."))


@dataclass(frozen=True)
class ConfirmedTold(BookingTold):
    """Somebody holds a place."""

    was_waiting: bool = field(metadata=says("Whether they had waited for it.", example=False))


@dataclass(frozen=True)
class CancelledTold(BookingTold):
    """Somebody gave their claim up."""

    is_late: bool = field(metadata=says("Whether free cancellation had ended.", example=False))


@dataclass(frozen=True)
class SubstitutedTold(BookingTold):
    """Somebody else of the agency took the place."""

    new_booking_id: str = field(metadata=says("The colleague's booking.", example="4720"))
    new_person_ref: str = field(metadata=says("The colleague.", example="P1040"))


@dataclass(frozen=True)
class CorrectedTold(BookingTold):
    """An outcome changed after the register was finalised."""

    was: Outcome | None = field(metadata=says("The outcome before.", example="did_not_attend"))
    now: Outcome | None = field(metadata=says("The outcome now.", example="attended"))


def _event(work: Work, event_id: int) -> EventAsTold:
    event = work.session.get_one(Event, event_id, options=[joinedload(Event.course)])
    return EventAsTold(str(event.id), event.ref, event.course.code, event.state, event.starts_at, event.ends_at)


def _booking(work: Work, booking_id: int) -> BookingTold | None:
    """The booking as it stands, when its reader manages all bookings or leads the agency that it was made for."""
    found = sa.select(Booking).where(Booking.id == booking_id, visible_bookings(work.actor))
    booking = work.session.scalar(
        found.options(
            joinedload(Booking.event).joinedload(Event.course), joinedload(Booking.person), joinedload(Booking.agency)
        )
    )
    if booking is None:
        return None
    return BookingTold(
        booking_id=str(booking.id),
        event_id=str(booking.event_id),
        event_ref=booking.event.ref,
        course_code=booking.event.course.code,
        person_ref=booking.person.ref,
        agency_code=booking.agency.code if booking.agency else None,
        state=booking.state,
        outcome=booking.outcome,
    )


def _with(told: Any, shape: type, **more: Any) -> Any:
    """What is told, as a shape that says more."""
    return shape(**{each.name: getattr(told, each.name) for each in fields(told)}, **more)


def tell_event(work: Work, fact: EventPublished | EventPostponed | RegisterFinalised) -> EventAsTold:
    """The event as it stands."""
    return _event(work, fact.event_id)


def tell_cancelled_event(work: Work, fact: EventCancelled) -> EventAsTold:
    """The event that will not run. The reason stays here: it is written to people."""
    return _event(work, fact.event_id)


def tell_moved_event(work: Work, fact: EventMoved) -> Any:
    """The event with its new days, and when it would have begun."""
    return _with(_event(work, fact.event_id), MovedEventTold, was_starts_at=fact.was_starts_at)


def tell_confirmed(work: Work, fact: BookingConfirmed) -> Any:
    """Somebody holds a place."""
    booking = _booking(work, fact.booking_id)
    return booking and _with(booking, ConfirmedTold, was_waiting=fact.was_waiting)


def tell_cancelled(work: Work, fact: BookingCancelled) -> Any:
    """Somebody gave their claim up."""
    booking = _booking(work, fact.booking_id)
    return booking and _with(booking, CancelledTold, is_late=fact.is_late)


def tell_substituted(work: Work, fact: PlaceSubstituted) -> Any:
    """Somebody else of the agency took the place."""
    booking, new = _booking(work, fact.booking_id), _booking(work, fact.new_booking_id)
    if booking is None or new is None:
        return None
    return _with(booking, SubstitutedTold, new_booking_id=new.booking_id, new_person_ref=new.person_ref)


def tell_corrected(work: Work, fact: OutcomeCorrected) -> Any:
    """An outcome changed after the register was finalised. The reason stays here: it may say more of a person."""
    booking = _booking(work, fact.booking_id)
    return booking and _with(booking, CorrectedTold, was=fact.was, now=fact.now)


FOLLOWED: tuple[tuple[str, str, type, Any, type], ...] = (
    ("courses.booking_confirmed", "A person holds a place", BookingConfirmed, tell_confirmed, ConfirmedTold),
    ("courses.booking_cancelled", "A booking was cancelled", BookingCancelled, tell_cancelled, CancelledTold),
    ("courses.place_substituted", "A colleague took a place", PlaceSubstituted, tell_substituted, SubstitutedTold),
    ("courses.event_published", "An event takes bookings", EventPublished, tell_event, EventAsTold),
    ("courses.event_moved", "An event has other days or times", EventMoved, tell_moved_event, MovedEventTold),
    ("courses.event_postponed", "An event has no date for now", EventPostponed, tell_event, EventAsTold),
    ("courses.event_cancelled", "An event will not run", EventCancelled, tell_cancelled_event, EventAsTold),
    ("courses.register_finalised", "An event has its outcomes", RegisterFinalised, tell_event, EventAsTold),
    ("courses.outcome_corrected", "An outcome was corrected", OutcomeCorrected, tell_corrected, CorrectedTold),
)
TOLD_FACTS = tuple(ToldFact(name, words, fact, PERMISSION, tell, shape) for name, words, fact, tell, shape in FOLLOWED)
