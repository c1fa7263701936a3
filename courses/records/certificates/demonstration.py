"""The demonstration's certificates: of what was attended in the past, as they were issued a day later."""

from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.certificates.queries import bookings_with_days
from courses.records.certificates.services import write_certificates
from lms.frame.work import Work

ISSUED_AFTER = timedelta(days=1)


def load(work: Work) -> None:
    """Issue to everybody who attended, oldest event first, so that numbers run with time. No letter goes."""
    bookings = work.session.scalars(
        bookings_with_days(Booking.state == BookingState.CONFIRMED, Booking.outcome == Outcome.ATTENDED)
        .join(Event, Event.id == Booking.event_id)
        .where(Event.state == EventState.DELIVERED)
        .order_by(None)
        .order_by(Event.ends_at, Booking.event_id, Booking.id)
    ).all()
    for event, those in groupby(bookings, lambda booking: booking.event):
        issued_at = min(event.ends_at + ISSUED_AFTER, work.now)
        write_certificates(replace(work, now=issued_at), list(those))
