"""Who has not answered, by agency; managers to be asked for a word; what changed thanks to answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.events.models import Event
from lms.agencies.models import Agency
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date
from surveys.invitations.models import Answered, Invitation
from surveys.response.models import ChangeMade
from surveys.response.rules import NUDGE_AFTER, NUDGE_BEFORE_CLOSING, band
from surveys.stages.rules import WHO_ANSWERED_IS_KNOWN, Stage


@dataclass(frozen=True)
class WaitingRow:
    """One open survey of an event, and in which band the people of an agency are who have not answered."""

    agency: str
    course: str
    held_on: date
    stage: Stage
    closes_on: date
    waiting: str


def waiting_rows(session: Session, agency_ids: Collection[int] | None, now: datetime) -> list[WaitingRow]:
    """Open surveys with five and more people of an agency who have not answered; of all agencies for None."""
    rows = session.execute(
        sa.select(
            Agency.name,
            CourseVersion.title,
            Event.ends_at,
            Invitation.stage,
            sa.func.max(Invitation.closes_at),
            sa.func.count(Invitation.id) - sa.func.count(Answered.invitation_id),
        )
        .join(Booking, Booking.id == Invitation.booking_id)
        .join(Agency, Agency.id == Booking.agency_id)
        .join(Event, Event.id == Invitation.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(
            Invitation.stage.in_(WHO_ANSWERED_IS_KNOWN),
            Invitation.sent_at.is_not(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.closes_at > now,
            sa.true() if agency_ids is None else Booking.agency_id.in_(agency_ids),
        )
        .group_by(Agency.id, Agency.name, Event.id, CourseVersion.title, Event.ends_at, Invitation.stage)
        .order_by(Agency.name, sa.func.max(Invitation.closes_at), Event.id, Invitation.stage)
    )
    made = [
        WaitingRow(agency, title, london_date(ends_at), stage, london_date(closes_at or now), band(waiting))
        for agency, title, ends_at, stage, closes_at, waiting in rows
    ]
    return [row for row in made if row.waiting]


@dataclass(frozen=True)
class ToNudge:
    """A line manager, the event, and how many of theirs were asked: whether or not they have answered."""

    event_id: int
    course: str
    held_on: date
    closes_at: datetime
    manager_name: str
    manager_email: str
    people: int


def managers_to_nudge(session: Session, now: datetime) -> list[ToNudge]:
    """Managers on bookings whose impact survey has been open for ten days and closes in five or more."""
    email = sa.func.lower(Booking.manager_email)
    rows = session.execute(
        sa.select(
            Invitation.event_id,
            CourseVersion.title,
            Event.ends_at,
            sa.func.min(Invitation.closes_at),
            sa.func.min(Booking.manager_name),
            email,
            sa.func.count(Invitation.id),
        )
        .join(Booking, Booking.id == Invitation.booking_id)
        .join(Event, Event.id == Invitation.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .where(
            Invitation.stage == Stage.IMPACT,
            Invitation.sent_at <= now - NUDGE_AFTER,
            Invitation.closes_at >= now + NUDGE_BEFORE_CLOSING,
            Invitation.withdrawn_at.is_(None),
            Invitation.bounced_at.is_(None),
            Booking.manager_email != "",
        )
        .group_by(Invitation.event_id, CourseVersion.title, Event.ends_at, email)
        .order_by(Invitation.event_id, email)
    )
    return [
        ToNudge(event_id, title, london_date(ends_at), closes_at, name or "Line manager", address, people)
        for event_id, title, ends_at, closes_at, name, address, people in rows
    ]


def changes_made(session: Session, course_id: int | None = None, *, is_all: bool = True) -> Sequence[ChangeMade]:
    """What was changed, the latest first: of a course with what is of all courses, or of everything."""
    where: list[sa.ColumnElement[bool]] = [ChangeMade.withdrawn_at.is_(None)]
    if not is_all:
        where.append(sa.or_(ChangeMade.course_id == course_id, ChangeMade.course_id.is_(None)))
    return session.scalars(
        sa.select(ChangeMade).where(*where).order_by(ChangeMade.changed_on.desc(), ChangeMade.id.desc()).limit(100)
    ).all()


def find_change(session: Session, change_id: int) -> ChangeMade:
    """One that is shown. Raises NotFound."""
    found = session.get(ChangeMade, change_id)
    if found is None or found.withdrawn_at is not None:
        raise NotFound("We cannot find that change. What changed lists them.")
    return found


def course_titles(session: Session) -> list[tuple[int, str]]:
    """Every course, for a list to choose from."""
    rows = session.execute(
        sa.select(Course.id, CourseVersion.title)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .order_by(CourseVersion.title)
    )
    return [(course_id, title) for course_id, title in rows]
