"""Requests that wait for a line manager."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import APPROVAL, event_with_days
from courses.booking.bookings.rules import BookingState
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import is_late


@dataclass(frozen=True)
class Request:
    """What a manager reads before they answer."""

    booking: Booking
    event: Event
    when: str
    where: str


def booking_of_link(work: Work, token: str) -> int:
    """The booking of a link. Raises NotFound for one that we did not sign."""
    return APPROVAL.read(work.site.settings, token)


def open_request(session: Session, booking_id: int, now: datetime) -> Request:
    """A request that can be answered now. Raises NotFound for every other, with the same words."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.state is not BookingState.AWAITING_MANAGER:
        raise NotFound(APPROVAL.words)
    event = event_with_days(session, booking.event_id)
    if event.state is not EventState.PUBLISHED or is_late(now, event.booking_closes_at):
        raise NotFound(APPROVAL.words)
    return Request(booking, event, words.when(event), words.where(event))


def awaiting(session: Session) -> list[Booking]:
    """Every request that waits for a manager, by event."""
    return list(
        session.scalars(
            sa.select(Booking)
            .join(Booking.event)
            .where(Booking.state == BookingState.AWAITING_MANAGER)
            .options(joinedload(Booking.event), joinedload(Booking.person), joinedload(Booking.policy_version))
            .order_by(Event.starts_at, Booking.id)
        )
    )
