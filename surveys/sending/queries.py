"""What is due to be sent, a portion at a time."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event, EventDay
from lms.frame.locks import for_update
from lms.kit.portions import AT_A_TIME
from lms.people.models import Person
from surveys.invitations.models import Invitation
from surveys.invitations.queries import refusals_of, was_answered
from surveys.invitations.rules import NotAsked
from surveys.stages.rules import Stage


@dataclass(frozen=True)
class Due:
    """An invitation that is due, or a reminder of it, as plain values."""

    id: int
    booking_id: int
    event_id: int
    course_id: int
    person_id: int
    stage: Stage
    tries: int
    reminders: int
    send_at: datetime
    sent_at: datetime | None
    closes_at: datetime | None
    version_id: int | None
    to_name: str
    to_address: str
    delegate: str
    email: str
    course: str
    starts_at: datetime
    refusal: NotAsked | None = None


def due_to_send(session: Session, until: datetime) -> list[Due]:
    """At most a portion of the invitations to be sent until this moment, the longest due first; ours, as locked.

    What somebody takes back or answers at this moment is left for the next round.
    """
    return _due(
        session,
        Invitation.send_at <= until,
        Invitation.sent_at.is_(None),
        Invitation.not_asked.is_(None),
        order=(Invitation.send_at, Invitation.id),
        moment=Invitation.send_at,
    )


def due_to_remind(session: Session, until: datetime) -> list[Due]:
    """At most a portion of the reminders due until this moment, of those who have not answered."""
    return _due(
        session,
        Invitation.next_reminder_at <= until,
        Invitation.bounced_at.is_(None),
        ~was_answered(),
        order=(Invitation.next_reminder_at, Invitation.id),
        moment=Invitation.next_reminder_at,
    )


def _due(
    session: Session,
    *where: sa.ColumnElement[bool],
    order: tuple[sa.SQLColumnExpression[datetime | None], sa.SQLColumnExpression[int]],
    moment: sa.SQLColumnExpression[datetime | None],
) -> list[Due]:
    chosen: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Invitation.id,
            Invitation.booking_id,
            Invitation.event_id,
            Event.course_id,
            Invitation.person_id,
            Invitation.stage,
            Invitation.tries,
            Invitation.reminders,
            moment,
            Invitation.sent_at,
            Invitation.closes_at,
            Invitation.version_id,
            Invitation.to_name,
            Invitation.to_address,
            Person.name,
            sa.case((Person.is_here, Person.email), else_=""),
            CourseVersion.title,
            Event.starts_at,
        )
        .join(Event, Event.id == Invitation.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.withdrawn_at.is_(None), *where)
        .order_by(*order)
        .limit(AT_A_TIME)
    )
    found = [Due(*row) for row in session.execute(for_update(chosen, of=Invitation, skip_locked=True))]
    refusals = refusals_of(session, {each.person_id for each in found})
    return [replace(each, refusal=refusals.get(each.person_id)) for each in found]


def blocks_of(session: Session, event_ids: Collection[int]) -> dict[int, tuple[tuple[datetime, datetime], ...]]:
    """Start and end of each day of events, in order."""
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = session.execute(
        sa.select(EventDay.event_id, EventDay.starts_at, EventDay.ends_at)
        .where(EventDay.event_id.in_(event_ids))
        .order_by(EventDay.event_id, EventDay.number)
    )
    for event_id, starts_at, ends_at in rows:
        found.setdefault(event_id, []).append((starts_at, ends_at))
    return {event_id: tuple(blocks) for event_id, blocks in found.items()}
