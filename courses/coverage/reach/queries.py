"""Courses that cover a learning point, what was delivered of them since, and whom that reached."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingSource, BookingState, Outcome
from courses.coverage.models import Coverage
from courses.coverage.queries import BY_STRENGTH
from courses.coverage.reach.figures import Reach, ReachClaim, reach_told
from courses.coverage.rules import Covered, How, last_delivered, short_titles
from courses.programme.courses.models import Course, CourseAudience, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, Sector
from lms.frame.access import Actor
from lms.kit.working_days import london_date
from lms.people.models import Person
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points

NO_AGENCY = "No agency"


@dataclass(frozen=True)
class CoveringVersion:
    """A version that covers a point, with its course."""

    version_id: int
    course_id: int
    code: str
    title: str
    number: int
    is_live: bool
    how: How
    place: str
    minutes: int | None
    since_on: date
    reviewed_at: datetime

    @property
    def reviewed_on(self) -> date:
        return london_date(self.reviewed_at)


def versions_covering(session: Session, actor: Actor, point_id: int) -> list[CoveringVersion]:
    """Every version that covers it or did, strongest first. `is_live`: in the catalogue now."""
    reviewed_at = sa.func.coalesce(CourseVersion.reviewed_at, CourseVersion.created_at)
    is_live = sa.and_(CourseVersion.is_current, Course.status.in_(IN_CATALOGUE))
    rows: Iterable[Any] = session.execute(
        sa.select(
            CourseVersion.id,
            Course.id,
            Course.code,
            CourseVersion.title,
            CourseVersion.number,
            is_live,
            Coverage.how,
            Coverage.place,
            Coverage.minutes,
            Coverage.since_on,
            reviewed_at,
        )
        .join(Coverage, Coverage.course_version_id == CourseVersion.id)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .where(Coverage.learning_point_id == point_id, visible_points(actor))
        .order_by(BY_STRENGTH.desc(), Coverage.since_on, Course.code)
    )
    return [CoveringVersion(*row) for row in rows]


@dataclass(frozen=True)
class DeliveredEvent:
    """An event with a finalised register, since its version covers the point."""

    id: int
    course_id: int
    places: int
    day: date


def delivered_events(session: Session, versions: Iterable[CoveringVersion]) -> list[DeliveredEvent]:
    """What was delivered of these versions since they cover the point, in one query."""
    since = {each.version_id: each.since_on for each in versions}
    rows = session.execute(
        sa.select(
            Event.id, Event.course_id, Event.places_offered, Event.capacity, Event.starts_at, Event.course_version_id
        )
        .where(Event.course_version_id.in_(since), Event.state == EventState.DELIVERED)
        .order_by(Event.starts_at, Event.id)
    )
    events = [
        (DeliveredEvent(event_id, course_id, capacity if places is None else places, london_date(at)), version_id)
        for event_id, course_id, places, capacity, at, version_id in rows
    ]
    return [event for event, version_id in events if event.day >= since[version_id]]


def events_covering(session: Session, point_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """By learning point, the events that taught it since their version covers it: one query.

    Whoever asks answers for it that the reader may see the points.
    """
    rows = session.execute(
        sa.select(Coverage.learning_point_id, Coverage.since_on, Event.id, Event.starts_at)
        .join(Event, Event.course_version_id == Coverage.course_version_id)
        .where(Coverage.learning_point_id.in_(set(point_ids)), Event.state == EventState.DELIVERED)
        .order_by(Coverage.learning_point_id, Event.id)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for point_id, since_on, event_id, starts_at in rows:
        if london_date(starts_at) >= since_on:
            found[point_id].add(event_id)
    return {point_id: frozenset(events) for point_id, events in found.items()}


def covered_by(versions: Sequence[CoveringVersion], events: Sequence[DeliveredEvent]) -> list[Covered]:
    """The live courses as the rules on gaps ask of them."""
    live = [each for each in versions if each.is_live]
    titles = short_titles([each.title for each in live])
    last = {event.course_id: event.day for event in events}
    first = {each.course_id: each.since_on for each in sorted(versions, key=lambda each: each.since_on, reverse=True)}
    return [
        Covered(
            title,
            each.how,
            each.since_on,
            last_delivered(first[each.course_id], last.get(each.course_id)),
            each.reviewed_on,
        )
        for title, each in zip(titles, live, strict=True)
    ]


_Stamp = tuple[int | None, int | None]
"""An agency and its sector: as they stand on the booking, of those who came; today's, of those who did not."""


def reach_of(
    session: Session, versions: Sequence[CoveringVersion], events: Sequence[DeliveredEvent], *, is_exact: bool
) -> Reach:
    """Whom these events reached, of the people in the audience of the versions: five queries.

    Reached: different people who attended. Audience: people who are here now in the role groups that the live versions
    are for, and everybody who was reached. `is_exact` shows small numbers, for those who see the names anyway.
    """
    claims = _claims(session, [event.id for event in events])
    stamps = {claim.person_id: stamp for claim, stamp in claims if claim.has_attended}
    audience = _audience(session, [each.version_id for each in versions if each.is_live]) | stamps
    agencies: dict[int | None, str] = dict(session.execute(sa.select(Agency.id, Agency.name).order_by(Agency.id)).all())
    sectors: dict[int | None, str] = dict(session.execute(sa.select(Sector.id, Sector.name).order_by(Sector.id)).all())
    named = {
        person_id: (sectors.get(sector_id, NO_AGENCY), agencies.get(agency_id, NO_AGENCY))
        for person_id, (agency_id, sector_id) in audience.items()
    }
    held = Counter(event.course_id for event in events)
    by_course = tuple(str(held[each]) for each in dict.fromkeys(each.course_id for each in versions) if held[each])
    delivered = (len(events), by_course, sum(event.places for event in events))
    return reach_told(delivered, [claim for claim, _ in claims], named, is_exact=is_exact)


def _claims(session: Session, event_ids: Sequence[int]) -> list[tuple[ReachClaim, _Stamp]]:
    """Bookings that ever held a place, and walk-ins; merged people are one. The latest event comes last."""
    rows = session.execute(
        sa.select(
            Booking.event_id,
            sa.func.coalesce(Person.merged_into_id, Person.id),
            Booking.agency_id,
            Booking.sector_id,
            Booking.source,
            Booking.outcome,
            Booking.state,
        )
        .join(Person, Person.id == Booking.person_id)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.event_id.in_(event_ids), Booking.confirmed_at.is_not(None))
        .order_by(Event.starts_at, Booking.id)
    )
    return [
        (
            ReachClaim(
                event_id,
                person_id,
                source is BookingSource.WALK_IN,
                outcome is Outcome.ATTENDED,
                state is BookingState.CANCELLED,
            ),
            (agency_id, sector_id),
        )
        for event_id, person_id, agency_id, sector_id, source, outcome, state in rows
    ]


def _audience(session: Session, version_ids: Sequence[int]) -> dict[int, _Stamp]:
    """People who are here, with their agency, in the role groups that any of these versions is for.

    A version that names no role group is for everybody.
    """
    of_versions = CourseAudience.course_version_id.in_(version_ids)
    for_everybody = sa.exists().where(
        CourseVersion.id.in_(version_ids),
        CourseVersion.id.not_in(sa.select(CourseAudience.course_version_id).where(of_versions)),
    )
    rows = session.execute(
        sa.select(Person.id, Person.agency_id, Agency.sector_id)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .where(
            Person.is_here,
            sa.or_(Person.role_group_id.in_(sa.select(CourseAudience.role_group_id).where(of_versions)), for_everybody),
        )
        .order_by(Person.id)
    )
    return {row.id: (row.agency_id, row.sector_id) for row in rows}
