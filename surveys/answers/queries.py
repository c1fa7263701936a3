"""What may be let out, and the drafts behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from lms.kit.portions import portions
from surveys.answers.models import Draft
from surveys.invitations.models import Answered, Invitation
from surveys.stages.rules import Stage


@dataclass(frozen=True)
class AskedPerson:
    """An invitation of a closed stage, with what may go on its sheet."""

    invitation_id: int
    booking_id: int
    person_id: int
    agency_id: int | None
    sector_id: int | None
    is_answered: bool


@dataclass(frozen=True)
class ClosedStage:
    """A stage of an event at which nobody can answer any more."""

    event_id: int
    course_id: int
    course_version_id: int
    ends_at: datetime
    stage: Stage


def is_open(now: datetime) -> sa.ColumnElement[bool]:
    """An invitation that can still be answered, or is still to be sent. Beside an outer join of `Answered`."""
    return sa.and_(
        Invitation.withdrawn_at.is_(None),
        Invitation.not_asked.is_(None),
        sa.or_(Invitation.sent_at.is_(None), Invitation.closes_at >= now),
        Answered.invitation_id.is_(None),
    )


def closed_stages(session: Session, now: datetime, since: datetime) -> list[ClosedStage]:
    """Of events that ended after `since`: stages with answers whose every invitation is over, first stages first."""
    rows = session.execute(
        sa.select(Event.id, Event.course_id, Event.course_version_id, Event.ends_at, Invitation.stage)
        .select_from(Invitation)
        .join(Event, Event.id == Invitation.event_id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Event.ends_at >= since)
        .group_by(Event.id, Event.course_id, Event.course_version_id, Event.ends_at, Invitation.stage)
        .having(sa.func.count(Answered.invitation_id) > 0, sa.func.count(sa.case((is_open(now), 1))) == 0)
    )
    found = [ClosedStage(*row) for row in rows]
    return sorted(found, key=lambda each: (each.event_id, list(Stage).index(each.stage)))


def people_of(session: Session, event_id: int, stage: Stage) -> list[AskedPerson]:
    """Everybody who counts at a stage of an event: withdrawn ones do not."""
    rows = session.execute(
        sa.select(
            Invitation.id,
            Invitation.booking_id,
            Invitation.person_id,
            Booking.agency_id,
            Booking.sector_id,
            Answered.invitation_id.is_not(None),
        )
        .join(Booking, Booking.id == Invitation.booking_id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Invitation.event_id == event_id, Invitation.stage == stage, Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.id)
    )
    return [AskedPerson(*row) for row in rows]


def bookings_asked(session: Session, event_id: int) -> list[int]:
    """The bookings of an event that were asked anything: whose pseudonyms there can be."""
    return list(
        session.scalars(
            sa.select(Invitation.booking_id)
            .where(Invitation.event_id == event_id)
            .distinct()
            .order_by(Invitation.booking_id)
        )
    )


def has_finished_drafts(session: Session) -> bool:
    """Whether any answers wait to be let out."""
    return bool(session.scalar(sa.select(sa.exists().where(Draft.is_finished))))


def finished_drafts(session: Session, ids: Collection[str]) -> dict[str, Draft]:
    """Drafts that were sent, by id, held until they are let out: nothing seals them afresh meanwhile."""
    found: dict[str, Draft] = {}
    for some in portions(list(ids)):
        query = sa.select(Draft).where(Draft.id.in_(some), Draft.is_finished)
        found |= {each.id: each for each in session.scalars(query.order_by(Draft.id).with_for_update(key_share=True))}
    return found
