"""Whose place a person may have used: bookings that the finalised register says were not there."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from lms.agencies.models import Agency
from lms.people.models import Person

NOT_THERE = (Outcome.DID_NOT_ATTEND, Outcome.TURNED_AWAY)


def places_not_used(session: Session, event_id: int, agency_id: int | None = None) -> list[tuple[int, str]]:
    """Bookings of an event with a place and nobody in it, by name; of one agency, when it is known."""
    chosen = (
        sa.select(Booking.id, Person.name, sa.func.coalesce(Agency.name, ""))
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(Agency, Agency.id == Booking.agency_id)
        .where(Booking.event_id == event_id, Booking.state == BookingState.CONFIRMED)
        .where(Booking.outcome.in_(NOT_THERE), Booking.place_number.is_not(None), Booking.agency_id.is_not(None))
        .order_by(Person.name, Booking.id)
    )
    if agency_id is not None:
        chosen = chosen.where(Booking.agency_id == agency_id)
    return [(booking_id, f"{name}, {agency}") for booking_id, name, agency in session.execute(chosen)]
