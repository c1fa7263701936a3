"""The demonstration's certificates: of what was attended in the past, as they were issued a day later."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, groupby
from random import Random

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from courses.records.certificates.queries import bookings_with_days
from courses.records.certificates.rules import CHARACTERS, RANDOM, serial_of
from courses.records.certificates.services import write_certificates
from lms.frame.work import Work
from lms.kit.working_days import london
from lms.partnership.queries import the_partnership

ISSUED_AFTER = timedelta(days=1)
RANDOM_FOR = timedelta(days=270)
"""How long ago the partnership began to draw numbers. Before that they were given in order."""


def load(work: Work) -> None:
    """Issue to everybody who attended, oldest event first, so that numbers run with time. No letter goes."""
    bookings = work.session.scalars(
        bookings_with_days(Booking.state == BookingState.CONFIRMED, Booking.outcome == Outcome.ATTENDED)
        .join(Event, Event.id == Booking.event_id)
        .where(Event.state == EventState.DELIVERED)
        .order_by(None)
        .order_by(Event.ends_at, Booking.event_id, Booking.id)
    ).all()
    since, in_order, drawn = work.now - RANDOM_FOR, count(1), _drawn(Random(RANDOM))  # noqa: S311  (invented)
    prefix = the_partnership(work.session).ref_prefix
    for event, group in groupby(bookings, lambda booking: booking.event):
        issued_at, those = min(event.ends_at + ISSUED_AFTER, work.now), list(group)
        year = london(issued_at).year
        if issued_at < since:
            serials = [f"{prefix}-{year}-{next(in_order):04}" for _ in those]
        else:
            serials = [serial_of(prefix, year, next(drawn)) for _ in those]
        write_certificates(replace(work, now=issued_at), those, serials)


def _drawn(chosen: Random) -> Iterator[str]:
    """The same every time, as everything of the demonstration is."""
    while True:
        yield "".join(chosen.choice(CHARACTERS) for _ in range(RANDOM))
