"""Requests that wait for a line manager."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from courses.booking.approvals.rules import how_request_ended
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import APPROVAL, approval_of, event_with_days
from courses.booking.bookings.rules import BookingState
from courses.booking.offers.queries import LinkEnded
from courses.programme import words
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Role
from lms.frame.plugins import WaitingLine
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.words import long_date
from lms.kit.working_days import is_late
from lms.people.models import Person, RoleGrant


@dataclass(frozen=True)
class Request:
    """What a manager reads before they answer."""

    booking: Booking
    event: Event
    when: str
    where: str


def booking_of_link(work: Work, token: str) -> int:
    """The booking of a link. Raises NotFound for one that we did not sign, and once somebody else is asked."""
    booking_id, whom = APPROVAL.read(work.site.settings, token)
    booking = work.session.get(Booking, booking_id)
    if booking is None or (whom and whom != approval_of(booking)[1]):
        raise NotFound(APPROVAL.words)
    return booking_id


def can_be_answered(booking: Booking, now: datetime) -> bool:
    """Whether a line manager is still asked: the event takes place, and booking has not closed."""
    is_asked = booking.state is BookingState.AWAITING_MANAGER and booking.event.state is EventState.PUBLISHED
    return is_asked and not is_late(now, booking.event.booking_closes_at)


def open_request(session: Session, booking_id: int, now: datetime) -> Request:
    """A request that can be answered now. Raises NotFound for every other, with the same words."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise NotFound(APPROVAL.words)
    event = event_with_days(session, booking.event_id)
    if not can_be_answered(booking, now):
        raise NotFound(APPROVAL.words)
    return Request(booking, event, words.when(event), words.where(event))


def request_ended(session: Session, booking_id: int, now: datetime) -> LinkEnded | None:
    """What became of a request that cannot be answered any more; None while it can. Raises NotFound."""
    booking = session.get(Booking, booking_id)
    if booking is None or not booking.person.is_here:
        raise NotFound(APPROVAL.words)
    event = event_with_days(session, booking.event_id)
    if can_be_answered(booking, now):
        return None
    agreed = booking.manager_agreed_at
    heading, why = how_request_ended(
        booking.person.name, booking.state, agreed_on=long_date(agreed) if agreed else "", event=event.state
    )
    return LinkEnded(heading, why, "", event.version.title, event.course.code, words.when(event))


def find_undecided(work: Work) -> Iterator[WaitingLine]:
    """Requests that only the office can decide: without a manager, and without another lead of the agency."""
    leads = sa.exists().where(
        RoleGrant.role == Role.AGENCY_LEAD,
        RoleGrant.agency_id == Booking.agency_id,
        RoleGrant.person_id == Person.id,
        Person.id != Booking.person_id,
        Person.is_here,
        Person.email != "",
    )
    asked = sa.select(Booking.event_id).join(Event, Event.id == Booking.event_id).order_by(Event.starts_at, Booking.id)
    waits = Booking.state == BookingState.AWAITING_MANAGER, Booking.manager_email == "", ~leads
    events = work.session.scalars(asked.where(*waits, Booking.person_id != (work.actor.person_id or 0))).all()
    url = f"/events/{events[0]}/bookings" if events else "/week"
    yield WaitingLine(len(events), "request to agree", "requests to agree", url, "no one else can be asked")


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


def last_request_ends(work: Work, since: datetime) -> datetime | None:
    """Until when a manager can answer by a letter that was written before."""
    asked = sa.select(sa.func.max(Event.booking_closes_at)).join(Booking, Booking.event_id == Event.id)
    waits = Booking.booked_at < since, Booking.state == BookingState.AWAITING_MANAGER
    return work.session.scalar(asked.where(*waits))
