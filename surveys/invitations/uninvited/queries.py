"""Who was there and is to be asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.attendance.register.models import Mark
from courses.attendance.register.rules import MarkKind
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE, BookingState
from courses.programme.events.models import Event, EventDay
from courses.programme.events.rules import EventState
from lms.kit.portions import AT_A_TIME
from lms.kit.working_days import london_date
from surveys.invitations.models import Invitation
from surveys.invitations.rules import last_day_attended
from surveys.stages.rules import Stage


@dataclass(frozen=True)
class Attender:
    """Somebody who was there and has no invitation at a stage."""

    booking_id: int
    event_id: int
    person_id: int
    last_day_on: date
    ends_at: datetime
    manager_name: str
    manager_email: str


def attenders_without(
    session: Session,
    stage: Stage,
    *,
    event_id: int | None = None,
    since: datetime | None = None,
    after_id: int = 0,
) -> list[Attender]:
    """At most a portion of those who were there and have neither an invitation at the stage nor a reason, by booking.

    Finalised events count by outcome. For the day's own survey, events that ended after `since` count by their marks
    until the register is finalised.
    """
    query = (
        sa.select(
            Booking.id,
            Booking.event_id,
            Booking.person_id,
            Booking.days_attended,
            Event.ends_at,
            Booking.manager_name,
            Booking.manager_email,
        )
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.id > after_id, *_uninvited(stage, since))
        .order_by(Booking.id)
        .limit(AT_A_TIME)
    )
    if event_id is not None:
        query = query.where(Booking.event_id == event_id)
    rows = session.execute(query).all()
    days = days_of(session, {row.event_id for row in rows})
    return [
        Attender(
            booking_id,
            event,
            person_id,
            last_day_attended(attended, days[event]),
            ends_at,
            manager_name,
            manager_email,
        )
        for booking_id, event, person_id, attended, ends_at, manager_name, manager_email in rows
    ]


def events_with_uninvited(session: Session, stage: Stage, *, since: datetime | None) -> list[int]:
    """The events of those whom `attenders_without` finds, by id."""
    query = sa.select(Booking.event_id).join(Event, Event.id == Booking.event_id).where(*_uninvited(stage, since))
    return list(session.scalars(query.distinct().order_by(Booking.event_id)))


def _uninvited(stage: Stage, since: datetime | None) -> list[sa.ColumnElement[bool]]:
    has_one = sa.exists().where(Invitation.booking_id == Booking.id, Invitation.stage == stage)
    was_there = [Booking.state == BookingState.CONFIRMED, Event.is_history.is_(False), ~has_one, _was_there(since)]
    return [*was_there, Booking.manager_email != ""] if stage.of.asks_manager else was_there


def _was_there(since: datetime | None) -> sa.ColumnElement[bool]:
    finalised = sa.and_(Event.state == EventState.DELIVERED, Booking.outcome.in_(THERE))
    if since is None:
        return finalised
    marked = sa.exists().where(Mark.booking_id == Booking.id, Mark.kind == MarkKind.PRESENT)
    ended = sa.and_(Event.state == EventState.PUBLISHED, Event.ends_at <= since)
    return sa.or_(finalised, sa.and_(ended, marked))


def days_of(session: Session, event_ids: Collection[int]) -> dict[int, dict[int, date]]:
    """The London dates of events' days, by event and number."""
    found: dict[int, dict[int, date]] = {}
    rows = session.execute(
        sa.select(EventDay.event_id, EventDay.number, EventDay.starts_at).where(EventDay.event_id.in_(event_ids))
    )
    for event_id, number, starts_at in rows:
        found.setdefault(event_id, {})[number] = london_date(starts_at)
    return found
