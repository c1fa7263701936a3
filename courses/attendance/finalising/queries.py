"""Bookings of an event with their marks by day, and what would become of each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.attendance.finalising.rules import DayMarked, outcome_of
from courses.attendance.register.models import Mark
from courses.attendance.register.queries import block_of, seen_of
from courses.attendance.register.rules import Seen, present_minutes
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.programme.events.models import Event
from lms.policies.queries import terms_of


@dataclass(frozen=True)
class BookingMarked:
    """A confirmed booking or walk-in, what was seen of it on each day, and what follows from that."""

    booking: Booking
    seen: dict[int, Seen]
    days: list[DayMarked]
    number_of_days: int

    @property
    def missing(self) -> int:
        """Days without a mark."""
        return self.number_of_days - len(self.seen)

    @property
    def follows(self) -> Outcome | None:
        """The outcome that follows from the marks; none while any is missing."""
        if self.missing:
            return None
        return outcome_of(self.days, terms_of(self.booking.policy_version).attended_percent)

    @property
    def name(self) -> str:
        return self.booking.person.name

    @property
    def is_walk_in(self) -> bool:
        return self.booking.source is BookingSource.WALK_IN


def marked_bookings(session: Session, event: Event, booking_ids: Collection[int] | None = None) -> list[BookingMarked]:
    """The event's confirmed bookings by name, with their marks: two queries. `booking_ids` for some of them only."""
    some = (
        sa.select(Booking)
        .where(Booking.event_id == event.id, Booking.state == BookingState.CONFIRMED)
        .options(joinedload(Booking.person), joinedload(Booking.agency), joinedload(Booking.policy_version))
        .order_by(Booking.id)
    )
    if booking_ids is not None:
        some = some.where(Booking.id.in_(booking_ids))
    bookings = sorted(session.scalars(some), key=lambda each: (each.person.name, each.id))
    seen = marks_of(session, [each.id for each in bookings])
    return [marked(booking, event, seen.get(booking.id, {})) for booking in bookings]


def marks_of(session: Session, booking_ids: Collection[int]) -> dict[int, dict[int, Seen]]:
    """What was seen of these bookings, by booking and event day."""
    found: dict[int, dict[int, Seen]] = defaultdict(dict)
    for mark in session.scalars(sa.select(Mark).where(Mark.booking_id.in_(booking_ids)).order_by(Mark.id)):
        seen = seen_of(mark)
        if seen is not None:
            found[mark.booking_id][mark.event_day_id] = seen
    return found


def marked(booking: Booking, event: Event, seen: dict[int, Seen]) -> BookingMarked:
    """A booking with the minutes of each marked day reckoned."""
    days = [
        DayMarked(
            day.number,
            seen[day.id].kind,
            block_of(day).scheduled_minutes,
            present_minutes(block_of(day), seen[day.id]),
        )
        for day in event.days
        if day.id in seen
    ]
    return BookingMarked(booking, {day.id: seen[day.id] for day in event.days if day.id in seen}, days, len(event.days))
