"""What must be true of invitations, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE, BookingState
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from surveys.invitations.models import Answered, Invitation
from surveys.stages.rules import AFTER, PROMISED


def not_invited(work: Work) -> Iterator[str]:
    """Attended or part attended, and at a stage neither an invitation nor a reason why there is none."""
    for stage in PROMISED:
        has_one = sa.exists().where(
            Invitation.booking_id == Booking.id, Invitation.stage == stage, Invitation.withdrawn_at.is_(None)
        )
        rows = work.session.execute(
            sa.select(Event.ref, Booking.id)
            .join(Event, Event.id == Booking.event_id)
            .where(Event.state == EventState.DELIVERED, Event.is_history.is_(False))
            .where(Booking.state == BookingState.CONFIRMED, Booking.outcome.in_(THERE), ~has_one)
            .order_by(Event.ref, Booking.id)
        )
        for ref, booking_id in rows:
            yield f"Event {ref}: booking {booking_id} was there and is not asked ({stage}), without a reason."


def invited_without_attending(work: Work) -> Iterator[str]:
    """Asked about an event that they did not attend, and not withdrawn."""
    rows = work.session.execute(
        sa.select(Event.ref, Invitation.booking_id, Invitation.stage)
        .join(Event, Event.id == Invitation.event_id)
        .join(Booking, Booking.id == Invitation.booking_id)
        .where(Event.state == EventState.DELIVERED, Invitation.withdrawn_at.is_(None))
        .where(Invitation.stage.in_(AFTER))
        .where(sa.or_(Booking.outcome.is_(None), Booking.outcome.not_in(THERE)))
        .order_by(Event.ref, Invitation.booking_id, Invitation.stage)
    )
    for ref, booking_id, stage in rows:
        yield f"Event {ref}: booking {booking_id} was not there and is asked ({stage})."


def answered_unasked(work: Work) -> Iterator[str]:
    """Answered, although nothing was sent."""
    rows = work.session.scalars(
        sa.select(Invitation.id)
        .join(Answered, Answered.invitation_id == Invitation.id)
        .where(Invitation.sent_at.is_(None))
        .order_by(Invitation.id)
    )
    for invitation_id in rows:
        yield f"Invitation {invitation_id} counts as answered and was never sent."


def undated(work: Work) -> Iterator[str]:
    """Not sent, and without a moment to send, because the bank holidays of that year are not known here."""
    rows = work.session.execute(
        sa.select(Invitation.id, Invitation.due_on)
        .where(Invitation.send_at.is_(None), Invitation.not_asked.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id)
    )
    for invitation_id, due_on in rows:
        yield f"Invitation {invitation_id} is due {due_on:%d %B %Y}, a year whose bank holidays are not known."
