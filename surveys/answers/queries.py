"""What may be let out, and the drafts behind it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.programme.events.models import Event
from lms.kit.portions import portions
from lms.kit.working_days import london_date
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
    closed_at: datetime

    @property
    def closed_on(self) -> date:
        """The last day on which somebody could answer: what closed on one day comes out in one night."""
        return london_date(self.closed_at)


def is_open(now: datetime) -> sa.ColumnElement[bool]:
    """An invitation that is still to be sent, or whose last day has not passed.

    Also one that was answered: when a stage closes must not follow from who answered soon, and reports know it.
    """
    return sa.and_(
        Invitation.withdrawn_at.is_(None),
        Invitation.not_asked.is_(None),
        sa.or_(Invitation.sent_at.is_(None), Invitation.closes_at >= now),
    )


def closed_stages(session: Session, now: datetime, since: datetime) -> list[ClosedStage]:
    """Of events that ended after `since`: stages with answers whose every invitation is over, in the order of closing.

    Of one night: by event, first stages first.
    """
    rows = session.execute(
        sa.select(
            Event.id,
            Event.course_id,
            Event.course_version_id,
            Event.ends_at,
            Invitation.stage,
            sa.func.max(sa.case((Invitation.withdrawn_at.is_(None), Invitation.closes_at))),
        )
        .select_from(Invitation)
        .join(Event, Event.id == Invitation.event_id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Event.ends_at >= since)
        .group_by(Event.id, Event.course_id, Event.course_version_id, Event.ends_at, Invitation.stage)
        .having(sa.func.count(Answered.invitation_id) > 0, sa.func.count(sa.case((is_open(now), 1))) == 0)
    )
    found = [ClosedStage(*row) for row in rows if row[-1] is not None]
    return sorted(found, key=lambda each: (each.closed_on, each.event_id, list(Stage).index(each.stage)))


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


def answered_at(session: Session, since: datetime) -> dict[tuple[int, Stage], list[int]]:
    """Of events that ended after `since`: the invitations that were answered, by event and stage. One query."""
    rows = session.execute(
        sa.select(Invitation.event_id, Invitation.stage, Invitation.id)
        .join(Answered, Answered.invitation_id == Invitation.id)
        .join(Event, Event.id == Invitation.event_id)
        .where(Event.ends_at >= since)
    )
    found: dict[tuple[int, Stage], list[int]] = defaultdict(list)
    for event_id, stage, invitation_id in rows:
        found[event_id, stage].append(invitation_id)
    return found


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


def drafts_finished(session: Session) -> frozenset[str]:
    """What waits to be let out, by the ids of the drafts."""
    return frozenset(session.scalars(sa.select(Draft.id).where(Draft.is_finished)))


def finished_drafts(session: Session, ids: Collection[str]) -> dict[str, Draft]:
    """Drafts that were sent, by id, held until they are let out: nothing seals them afresh meanwhile."""
    found: dict[str, Draft] = {}
    for some in portions(list(ids)):
        query = sa.select(Draft).where(Draft.id.in_(some), Draft.is_finished)
        found |= {each.id: each for each in session.scalars(query.order_by(Draft.id).with_for_update(key_share=True))}
    return found
