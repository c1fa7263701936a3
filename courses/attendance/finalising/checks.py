"""What must be true of finalised registers, for `lms check`. Delivered events without any mark are history."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from courses.attendance.finalising.queries import marked_bookings
from courses.attendance.register.models import Mark
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.frame.work import Work


def unfinished_registers(work: Work) -> Iterator[str]:
    """Delivered, but somebody has no outcome, or not a mark on every day."""
    for event in _marked_events(work):
        for each in marked_bookings(work.session, event):
            if each.booking.outcome is None:
                yield f"Event {event.ref}: booking {each.booking.id} has no outcome."
            if each.missing and not event.is_history:
                yield f"Event {event.ref}: booking {each.booking.id} has no mark on {each.missing} of its days."


def outcomes_that_do_not_follow(work: Work) -> Iterator[str]:
    """An outcome that is not what the marks say."""
    for event in _marked_events(work):
        for each in marked_bookings(work.session, event):
            outcome = each.booking.outcome
            if outcome is not None and each.follows is not None and outcome is not each.follows:
                yield f"Event {event.ref}: booking {each.booking.id} is {outcome.value}, its marks say {each.follows}."


def _marked_events(work: Work) -> list[Event]:
    has_marks = (
        sa.select(EventDay.event_id).join(Mark, Mark.event_day_id == EventDay.id).where(EventDay.event_id == Event.id)
    )
    return list(
        work.session.scalars(
            sa.select(Event)
            .where(Event.state == EventState.DELIVERED, has_marks.exists())
            .options(selectinload(Event.days))
            .order_by(Event.ref)
        )
    )
