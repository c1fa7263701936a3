"""Marking who was there. The last mark of a person on a day counts; the one before it stays in the audit."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from courses.attendance.register.models import Mark, MarkReceived
from courses.attendance.register.queries import block_of, day_of, mark_of, seen_of
from courses.attendance.register.rules import Seen, check_can_mark, check_seen
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.services import lock_event
from courses.booking.delegates.queries import check_sees_delegates
from courses.programme.events.models import EventDay
from lms.frame.work import Work
from lms.kit.errors import Conflict


def open_day(work: Work, event_id: int, number: int) -> EventDay:
    """A day that the one who asks may mark now; its event stays locked, so that it is not finalised meanwhile.

    Raises NotFound, NotAllowed, and Conflict before marking opens, after finalising and for what does not run.
    """
    event = lock_event(work, event_id)
    check_sees_delegates(event, work.actor)
    day = day_of(event, number)
    check_can_mark(event.state, day.starts_at, work.now)
    return day


def mark_person(
    work: Work, day: EventDay, booking_id: int, seen: Seen, *, client_key: str = "", made_at: datetime | None = None
) -> Mark:
    """Mark one person on a day that is open. A mark older than the present one, or sent twice, changes nothing.

    Answers the mark that counts now. Raises Invalid for a mark that cannot be, Conflict for somebody not on it.
    """
    check_seen(block_of(day), seen)
    booking = work.session.get(Booking, booking_id)
    if booking is None or booking.event_id != day.event_id or booking.state is not BookingState.CONFIRMED:
        raise Conflict("This person is no longer on the register. Open the register again.")
    mark = mark_of(work.session, booking.id, day.id)
    if client_key:
        if work.session.get(MarkReceived, client_key) is not None and mark is not None:
            return mark
        _remember_key(work, day, booking, client_key)
    at = made_at or work.now
    if mark is not None and at < mark.marked_at:
        _record(work, "mark came after a later one", booking, day, came=asdict(seen), made_at=at)
        return mark
    return write_mark(work, day, booking, seen, at=at, client_key=client_key)


def mark_people(work: Work, event_id: int, number: int, changes: Mapping[int, Seen]) -> int:
    """Save the marks that somebody changed, by booking. Answers how many."""
    day = open_day(work, event_id, number)
    for booking_id, seen in changes.items():
        mark_person(work, day, booking_id, seen)
    return len(changes)


def write_mark(
    work: Work, day: EventDay, booking: Booking, seen: Seen, *, at: datetime, client_key: str = "", reason: str = ""
) -> Mark:
    """Put down what was seen, and what had been before into the audit. For an event that is locked."""
    mark = mark_of(work.session, booking.id, day.id)
    was = seen_of(mark)
    if mark is not None and was == seen:
        return mark
    if mark is None:
        mark = Mark(booking_id=booking.id, event_day_id=day.id)
        work.session.add(mark)
    mark.kind = seen.kind
    mark.late_minutes, mark.left_early_minutes = seen.late_minutes, seen.left_early_minutes
    mark.note = seen.note
    mark.marked_at, mark.marked_by_id, mark.client_key = at, work.actor.person_id, client_key or None
    because = {"reason": reason} if reason else {}
    _record(work, "marked", booking, day, now=asdict(seen), was=asdict(was) if was else None, **because)
    return mark


def forget_marks(work: Work, booking_id: int) -> None:
    """Whoever gave the place up was not absent: marks that say so go; the audit keeps them."""
    work.session.execute(sa.delete(Mark).where(Mark.booking_id == booking_id))


def _remember_key(work: Work, day: EventDay, booking: Booking, client_key: str) -> None:
    work.session.add(
        MarkReceived(client_key=client_key, booking_id=booking.id, event_day_id=day.id, received_at=work.now)
    )


def _record(work: Work, event: str, booking: Booking, day: EventDay, **details: Any) -> None:
    work.record(event, booking, day=day.number, **details)
