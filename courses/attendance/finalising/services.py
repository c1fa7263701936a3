"""Finalising a register, and correcting it afterwards with a reason."""

from collections.abc import Mapping

import sqlalchemy as sa

from courses.attendance.finalising.queries import BookingMarked, marked_bookings
from courses.attendance.finalising.rules import check_can_finalise, check_correction, day_numbers, days_attended
from courses.attendance.register.queries import block_of
from courses.attendance.register.rules import Seen, check_seen
from courses.attendance.register.services import write_mark
from courses.booking.bookings.life import CORRECT
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import LIVE_STATES, BookingState, Outcome
from courses.booking.bookings.services import end_booking, lock_event, stamp_sectors
from courses.facts import MarksCorrected, OutcomeCorrected, RegisterFinalised
from courses.programme.events import life
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.errors import Conflict

NO_PLACE = "No place was found before the event"


def finalise_register(work: Work, event_id: int) -> Event:
    """Derive every outcome from its marks; the event is delivered from here on. Told once, as a fact.

    Raises Conflict, saying how many, while marks are missing, and before the last day has ended.
    """
    event = lock_event(work, event_id)
    bookings = marked_bookings(work.session, event)
    check_can_finalise(event.state, event.ends_at, work.now, sum(each.missing for each in bookings))
    for each in bookings:
        _derive(each)
    _end_waiting(work, event)
    event.state, event.finalised_at, event.places_offered = EventState.DELIVERED, work.now, event.capacity
    event.event_type = event.course.event_type
    stamp_sectors(work.session, event.id)
    outcomes = [each.follows for each in bookings]
    work.record("register finalised", event, outcomes={each.value: outcomes.count(each) for each in Outcome})
    work.tell(RegisterFinalised(event.id))
    return event


def correct_marks(work: Work, booking: Booking, seen: Mapping[int, Seen], reason: str) -> Booking:
    """Change what a finalised register says of one booking, by event day, and derive its outcome again.

    Raises Invalid without a reason or for a mark that cannot be, Conflict while the register is not finalised.
    """
    event, reason = finalised_event(work, booking.event_id), check_correction(reason)
    work.session.refresh(booking)
    CORRECT.check(booking.state)
    before = marked_bookings(work.session, event, [booking.id])[0]
    was, days_were = booking.outcome.value if booking.outcome else "", day_numbers(booking.days_attended)
    for day in event.days:
        if day.id in seen:
            check_seen(block_of(day), seen[day.id])
            write_mark(work, day, booking, seen[day.id], at=work.now, reason=reason)
    work.session.flush()
    after = marked_bookings(work.session, event, [booking.id])[0]
    _derive(after)
    now = booking.outcome.value if booking.outcome else ""
    work.record("register corrected", booking, was=was, now=now, reason=reason)
    if before.seen != after.seen:
        days_are = day_numbers(booking.days_attended)
        work.tell(MarksCorrected(booking.id, event.id, booking.person_id, days_were, days_are, reason))
    tell_outcome(work, booking, was, reason)
    return booking


def finalised_event(work: Work, event_id: int) -> Event:
    """The event, locked, for a correction. Raises Conflict while its register is not finalised."""
    event = lock_event(work, event_id)
    life.CORRECT.check(event.state)
    return event


def tell_outcome(work: Work, booking: Booking, was: str, reason: str) -> None:
    """Tell that a correction changed an outcome, when it did."""
    now = booking.outcome.value if booking.outcome else ""
    if was != now:
        work.tell(OutcomeCorrected(booking.id, booking.event_id, booking.person_id, was, now, reason))


def _derive(each: BookingMarked) -> None:
    if each.follows is None:
        raise Conflict(f"{each.name} has no mark on every day. Mark every day, then the outcome follows.")
    each.booking.outcome = each.follows
    each.booking.days_attended = days_attended(each.days)


def _end_waiting(work: Work, event: Event) -> None:
    """Whoever still waited had no place: their claims lapse."""
    waiting = work.session.scalars(
        sa.select(Booking)
        .where(Booking.event_id == event.id, Booking.state.in_(LIVE_STATES))
        .where(Booking.state != BookingState.CONFIRMED)
        .order_by(Booking.id)
    )
    for booking in waiting:
        end_booking(work, booking, BookingState.LAPSED, NO_PLACE)
        work.record("lapsed: no place was found", booking)
