"""Who was asked three months on, and of which events it is told. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE, BookingSource, BookingState, Outcome
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.kit.working_days import london_date
from surveys.as_told.models import ToldReach
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.rules import NotAsked
from surveys.questions.rules import SurveyKind
from surveys.stages.rules import Stage

NO_SECTOR = "No agency"

Stamp = tuple[int, int]
"""The agency and the sector on a booking, as they were when its event was delivered; 0 for people without."""


@dataclass(frozen=True)
class AskedOfEvent:
    """The people of one event and agency: how many were there, invited, bounced, answered, and why some were not."""

    event_id: int
    stamp: Stamp
    attended: int
    part_attended: int
    walked_in: int
    invited: int
    delivered: int
    answered: int
    no_address: int
    opted_out: int
    erased: int


@dataclass(frozen=True)
class HeldEvent:
    """A delivered event whose 3-month survey has closed. `closed_at` puts events into their order for ever.

    `told_on`: the first day of the half-year that told it, once that is written down; `pooled_on`: the month in which
    its answers, and those that had waited, came out without their events.
    """

    id: int
    course_id: int
    version_id: int
    course: str
    held_on: date
    closed_at: datetime
    asked: tuple[AskedOfEvent, ...]
    told_on: date | None = None
    pooled_on: date | None = None

    @property
    def answered(self) -> int:
        return sum(each.answered for each in self.asked)


def closed_events(session: Session, now: datetime, kind: SurveyKind = SurveyKind.IMPACT) -> list[HeldEvent]:
    """Every delivered event whose survey has closed for all of its people, in the order of closing: three queries.

    What a half-year has told of it stays as it was told.
    """
    stage = Stage(kind.value)
    told = _told_before(session, stage)
    asked = _asked(session, stage)
    rows = session.execute(
        sa.select(
            Event.id,
            Event.course_id,
            Event.course_version_id,
            CourseVersion.title,
            Event.ends_at,
            sa.func.max(Invitation.closes_at),
            sa.func.count(Invitation.id).filter(Invitation.not_asked.is_(None), Invitation.closes_at.is_(None)),
        )
        .join(Invitation, Invitation.event_id == Event.id)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Event.course_id, CourseVersion.is_current))
        .where(Invitation.stage == stage, Invitation.withdrawn_at.is_(None), Event.state == EventState.DELIVERED)
        .group_by(Event.id, Event.course_id, Event.course_version_id, CourseVersion.title, Event.ends_at)
    ).all()
    made = [
        HeldEvent(
            event_id,
            course_id,
            version,
            title,
            london_date(ends_at),
            closed_at,
            asked[event_id],
        )
        for event_id, course_id, version, title, ends_at, closed_at, open_ in rows
        if event_id not in told and not open_ and closed_at is not None and closed_at <= now and event_id in asked
    ]
    return sorted([*made, *told.values()], key=lambda each: (each.closed_at, each.id))


def _told_before(session: Session, stage: Stage) -> dict[int, HeldEvent]:
    """The events of half-years that were told, as they were then."""
    counts = [getattr(ToldReach, each.name) for each in fields(AskedOfEvent) if each.name not in ("event_id", "stamp")]
    rows = session.execute(
        sa.select(
            ToldReach.event_id,
            Event.course_id,
            Event.course_version_id,
            CourseVersion.title,
            Event.ends_at,
            ToldReach.closed_at,
            ToldReach.half_on,
            ToldReach.pooled_on,
            sa.func.coalesce(ToldReach.agency_id, 0),
            sa.func.coalesce(ToldReach.sector_id, 0),
            *counts,
        )
        .join(Event, Event.id == ToldReach.event_id)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Event.course_id, CourseVersion.is_current))
        .where(ToldReach.stage == stage)
        .order_by(ToldReach.event_id, ToldReach.agency_id, ToldReach.sector_id)
    )
    made: dict[int, HeldEvent] = {}
    for event_id, course_id, version, title, ends_at, closed_at, told_on, pooled_on, agency, sector, *numbers in rows:
        row = AskedOfEvent(event_id, (agency, sector), *numbers)
        there = made.get(event_id)
        asked = (*there.asked, row) if there else (row,)
        day = london_date(ends_at)
        made[event_id] = HeldEvent(
            event_id, course_id, version, title, day, closed_at, asked, told_on, pooled_on
        )  # fmt: skip
    return made


def _asked(session: Session, stage: Stage) -> dict[int, tuple[AskedOfEvent, ...]]:
    arrived = sa.or_(Invitation.bounced_at.is_(None), Answered.invitation_id.is_not(None))
    delivered = sa.and_(Invitation.sent_at.is_not(None), arrived)
    surveyed = sa.select(Invitation.event_id).where(Invitation.stage == stage, Invitation.withdrawn_at.is_(None))
    reasons = [Invitation.not_asked == each for each in (NotAsked.NO_ADDRESS, NotAsked.OPTED_OUT, NotAsked.ERASED)]
    rows = session.execute(
        sa.select(
            Booking.event_id,
            sa.func.coalesce(Booking.agency_id, 0),
            sa.func.coalesce(Booking.sector_id, 0),
            sa.func.count(Booking.id),
            sa.func.count(Booking.id).filter(Booking.outcome == Outcome.PART_ATTENDED),
            sa.func.count(Booking.id).filter(
                Booking.outcome == Outcome.ATTENDED, Booking.source == BookingSource.WALK_IN
            ),
            sa.func.count(Invitation.sent_at),
            sa.func.count(Invitation.id).filter(delivered),
            sa.func.count(Answered.invitation_id),
            *(sa.func.count(Invitation.id).filter(reason) for reason in reasons),
        )
        .outerjoin(
            Invitation,
            sa.and_(Invitation.booking_id == Booking.id, Invitation.stage == stage, Invitation.withdrawn_at.is_(None)),
        )
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(
            Booking.state == BookingState.CONFIRMED,
            Booking.outcome.in_(THERE),
            Booking.event_id.in_(surveyed),
        )
        .group_by(Booking.event_id, Booking.agency_id, Booking.sector_id)
        .order_by(Booking.event_id, Booking.agency_id, Booking.sector_id)
    )
    made: dict[int, list[AskedOfEvent]] = defaultdict(list)
    for event_id, agency_id, sector_id, *numbers in rows:
        made[event_id].append(AskedOfEvent(event_id, (agency_id, sector_id), *numbers))
    return {event_id: tuple(each) for event_id, each in made.items()}


@dataclass(frozen=True)
class AgencyNamed:
    """An agency with its sector, for tables."""

    name: str
    sector: str


def agencies_named(session: Session, events: Iterable[HeldEvent]) -> dict[Stamp, AgencyNamed]:
    """The agencies of who was asked, each with the sector that it was of then: two queries."""
    agencies = {0: NO_SECTOR, **dict(session.execute(sa.select(Agency.id, Agency.name).order_by(Agency.id)).all())}
    sectors = {0: NO_SECTOR, **dict(session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.id)).all())}
    stamps = {row.stamp for event in events for row in event.asked}
    return {stamp: AgencyNamed(agencies[stamp[0]], sectors[stamp[1]]) for stamp in stamps}


def outcomes_of(session: Session, version_ids: Collection[int]) -> dict[int, list[str]]:
    """The outcomes of course versions, as their items count them from 1."""
    rows = session.execute(
        sa.select(CourseVersion.id, CourseVersion.outcomes)
        .where(CourseVersion.id.in_(version_ids))
        .order_by(CourseVersion.id)
    )
    return {version_id: list(outcomes) for version_id, outcomes in rows}
