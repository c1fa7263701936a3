"""Switching self check-in on and off, and signing in by a code."""

import secrets

from courses.attendance.checkin import rules
from courses.attendance.checkin.models import CheckIn
from courses.attendance.register.models import Mark
from courses.attendance.register.queries import day_of, mark_of
from courses.attendance.register.rules import MarkKind, Seen
from courses.attendance.register.services import write_mark
from courses.booking.bookings.queries import live_booking
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.services import lock_event
from courses.booking.delegates.queries import check_sees_delegates
from lms.frame.work import Work
from lms.kit.errors import Conflict


def switch_on(work: Work, event_id: int) -> CheckIn:
    """Let delegates sign in themselves. Switching on what is on keeps the codes as they are."""
    event = lock_event(work, event_id)
    check_sees_delegates(event, work.actor)
    there = work.session.get(CheckIn, event_id)
    if there is not None:
        return there
    made = CheckIn(
        event_id=event_id,
        secret=secrets.token_urlsafe(24),
        switched_on_at=work.now,
        switched_on_by_id=work.actor.person_id,
    )
    work.session.add(made)
    work.record("self check-in switched on", event)
    return made


def switch_off(work: Work, event_id: int) -> None:
    """No more signing in; marks made so stay."""
    event = lock_event(work, event_id)
    check_sees_delegates(event, work.actor)
    there = work.session.get(CheckIn, event_id)
    if there is not None:
        work.session.delete(there)
        work.record("self check-in switched off", event)


def sign_in(work: Work, event_id: int, number: int, code: str) -> Mark:
    """The one who asks says that they are here, by the code on the screen. A mark that is there already stays.

    Raises Invalid for a wrong or old code, Conflict outside the day and for somebody without a place.
    """
    event = lock_event(work, event_id)
    day = day_of(event, number)
    check_in = work.session.get(CheckIn, event_id)
    if check_in is None:
        raise Conflict("Delegates do not sign in themselves at this event. The trainer marks the register.")
    rules.check_time(event.state, day.starts_at, day.ends_at, work.now)
    rules.check_code(check_in.secret, day.id, code, work.now)
    booking = live_booking(work.session, event_id, work.actor.person_id or 0)
    if booking is None or booking.state is not BookingState.CONFIRMED:
        raise Conflict("You do not have a place at this event. Tell the trainer, who can add you as a walk-in.")
    mark = mark_of(work.session, booking.id, day.id)
    if mark is not None and mark.kind is not MarkKind.ABSENT:
        if mark.kind is not MarkKind.PRESENT:
            raise Conflict("The trainer has marked you differently. Speak to the trainer.")
        return mark
    late = rules.late_minutes(day.starts_at, work.now)
    return write_mark(work, day, booking, Seen(MarkKind.PRESENT, late), at=work.now)
