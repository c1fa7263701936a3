"""What of the courses' facts other systems may hear: references, and for an agency's system its own people's alone."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.booking.bookings.api import visible_bookings
from courses.booking.bookings.models import Booking
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
from lms.frame.plugins import ToldFact
from lms.frame.work import Work

PERMISSION = "courses.follow_bookings"
Said = Mapping[str, Any] | None


def _event(work: Work, event_id: int) -> dict[str, Any]:
    event = work.session.get_one(Event, event_id, options=[joinedload(Event.course)])
    return {
        "event_id": str(event.id),
        "event_ref": event.ref,
        "course_code": event.course.code,
        "state": event.state,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
    }


def _booking(work: Work, booking_id: int) -> dict[str, Any] | None:
    """The booking as it stands, when its reader manages all bookings or leads the agency that it was made for."""
    found = sa.select(Booking).where(Booking.id == booking_id, visible_bookings(work.actor))
    booking = work.session.scalar(
        found.options(
            joinedload(Booking.event).joinedload(Event.course), joinedload(Booking.person), joinedload(Booking.agency)
        )
    )
    if booking is None:
        return None
    return {
        "booking_id": str(booking.id),
        "event_id": str(booking.event_id),
        "event_ref": booking.event.ref,
        "course_code": booking.event.course.code,
        "person_ref": booking.person.ref,
        "agency_code": booking.agency.code if booking.agency else None,
        "state": booking.state,
        "outcome": booking.outcome,
    }


def tell_event(work: Work, fact: EventPublished | EventPostponed | RegisterFinalised) -> Said:
    """The event as it stands."""
    return _event(work, fact.event_id)


def tell_cancelled_event(work: Work, fact: EventCancelled) -> Said:
    """The event that will not run. The reason stays here: it is written to people."""
    return _event(work, fact.event_id)


def tell_moved_event(work: Work, fact: EventMoved) -> Said:
    """The event with its new days, and when it would have begun."""
    return {**_event(work, fact.event_id), "was_starts_at": fact.was_starts_at}


def tell_confirmed(work: Work, fact: BookingConfirmed) -> Said:
    """Somebody holds a place."""
    booking = _booking(work, fact.booking_id)
    return booking and {**booking, "was_waiting": fact.was_waiting}


def tell_cancelled(work: Work, fact: BookingCancelled) -> Said:
    """Somebody gave their claim up."""
    booking = _booking(work, fact.booking_id)
    return booking and {**booking, "is_late": fact.is_late}


def tell_substituted(work: Work, fact: PlaceSubstituted) -> Said:
    """Somebody else of the agency took the place."""
    booking, new = _booking(work, fact.booking_id), _booking(work, fact.new_booking_id)
    if booking is None or new is None:
        return None
    return {**booking, "new_booking_id": new["booking_id"], "new_person_ref": new["person_ref"]}


def tell_corrected(work: Work, fact: OutcomeCorrected) -> Said:
    """An outcome changed after the register was finalised. The reason stays here: it may say more of a person."""
    booking = _booking(work, fact.booking_id)
    return booking and {**booking, "was": fact.was, "now": fact.now}


TOLD_FACTS = (
    ToldFact("courses.booking_confirmed", "A person holds a place", BookingConfirmed, PERMISSION, tell_confirmed),
    ToldFact("courses.booking_cancelled", "A booking was cancelled", BookingCancelled, PERMISSION, tell_cancelled),
    ToldFact("courses.place_substituted", "A colleague took a place", PlaceSubstituted, PERMISSION, tell_substituted),
    ToldFact("courses.event_published", "An event takes bookings", EventPublished, PERMISSION, tell_event),
    ToldFact("courses.event_moved", "An event has other days or times", EventMoved, PERMISSION, tell_moved_event),
    ToldFact("courses.event_postponed", "An event has no date for now", EventPostponed, PERMISSION, tell_event),
    ToldFact("courses.event_cancelled", "An event will not run", EventCancelled, PERMISSION, tell_cancelled_event),
    ToldFact("courses.register_finalised", "An event has its outcomes", RegisterFinalised, PERMISSION, tell_event),
    ToldFact("courses.outcome_corrected", "An outcome was corrected", OutcomeCorrected, PERMISSION, tell_corrected),
)
