"""Who is up to date, counted by course and by agency, in a number of queries that does not grow with either."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.bookings.models import Booking, BookingState, Outcome
from courses.catalogue.models import IN_CATALOGUE, Course, CourseAudience, CourseVersion
from courses.certificates.rules import refresh_by
from courses.completions.queries import last_completions
from courses.compliance.rules import Share, hide_small
from courses.events.models import Event
from lms.access import Actor
from lms.agencies.models import Agency
from lms.people.models import Person
from lms.working_days import london_date

Cell = tuple[int, int]
"""An agency and a course."""


@dataclass(frozen=True)
class CourseOf:
    """A course as this page needs it; an empty audience is everybody."""

    id: int
    code: str
    title: str
    level: str
    refresher_months: int | None
    audience: frozenset[int]


@dataclass(frozen=True)
class ComplianceRow:
    """A line of the table: a course, or an agency."""

    key: str
    title: str
    level: str
    share: Share


@dataclass(frozen=True)
class Compliance:
    """By course over all agencies that the reader sees, or by agency for the one course chosen."""

    rows: list[ComplianceRow]
    total: Share
    course: CourseOf | None
    hides_small: bool


def compliance(session: Session, actor: Actor, code: str, now: datetime) -> Compliance:
    """Agency leads see their own agency, coordinators all; everybody else all, with small numbers hidden."""
    sees_all = actor.may("courses.manage_certificates")
    hides_small = not sees_all and not actor.leads_agency_ids
    agency_ids = None if sees_all or hides_small else actor.leads_agency_ids
    courses = _courses(session)
    agencies = _agencies(session, agency_ids)
    people = _people(session, agencies)
    valid = _valid(session, courses, agencies, london_date(now))
    chosen = next((course for course in courses if course.code == code), None)
    cells = {
        (agency_id, course.id): Share(_for_whom(people, agency_id, course), valid[agency_id, course.id])
        for agency_id in agencies
        for course in courses
    }
    if chosen is not None:
        rows = [ComplianceRow("", name, "", cells[agency_id, chosen.id]) for agency_id, name in agencies.items()]
    else:
        rows = [ComplianceRow(each.code, each.title, each.level, _over_agencies(cells, each.id)) for each in courses]
    rows = [row for row in rows if row.share.of]
    total = _sum(row.share for row in rows)
    if hides_small:
        rows, total = _hidden(rows, total, is_partition=chosen is not None)
    return Compliance(rows, total, chosen, hides_small)


def _hidden(rows: list[ComplianceRow], total: Share, *, is_partition: bool) -> tuple[list[ComplianceRow], Share]:
    """The agencies of a course add up to its total; courses share people and add up to nothing."""
    shares = hide_small([row.share for row in rows]) if is_partition else [hide_small([row.share])[0] for row in rows]
    total = hide_small([total])[0]
    return [ComplianceRow(row.key, row.title, row.level, share) for row, share in zip(rows, shares, strict=True)], total


def _courses(session: Session) -> list[CourseOf]:
    rows = session.execute(
        sa.select(Course.id, Course.code, CourseVersion.title, CourseVersion.level, Course.refresher_months)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .where(Course.status.in_(IN_CATALOGUE))
        .order_by(CourseVersion.level, CourseVersion.title, Course.id)
    ).all()
    groups: dict[int, set[int]] = {}
    for course_id, group_id in session.execute(
        sa.select(CourseVersion.course_id, CourseAudience.role_group_id)
        .join(CourseVersion, CourseVersion.id == CourseAudience.course_version_id)
        .where(CourseVersion.is_current)
        .order_by(CourseVersion.course_id)
    ):
        groups.setdefault(course_id, set()).add(group_id)
    return [CourseOf(*row, frozenset(groups.get(row.id, ()))) for row in rows]


def _agencies(session: Session, ids: Collection[int] | None) -> dict[int, str]:
    chosen = sa.select(Agency.id, Agency.name).order_by(Agency.name, Agency.id)
    if ids is not None:
        chosen = chosen.where(Agency.id.in_(ids))
    return {row.id: row.name for row in session.execute(chosen)}


def _people(session: Session, agency_ids: Collection[int]) -> Counter[tuple[int, int | None]]:
    """How many people of each kind of worker are with each agency now."""
    rows = session.execute(
        sa.select(Person.agency_id, Person.role_group_id, sa.func.count())
        .where(*_is_here(agency_ids))
        .group_by(Person.agency_id, Person.role_group_id)
        .order_by(Person.agency_id)
    )
    return Counter({(agency_id, group_id): number for agency_id, group_id, number in rows if agency_id is not None})


def _valid(session: Session, courses: Collection[CourseOf], agency_ids: Collection[int], today: date) -> Counter[Cell]:
    """How many of each agency's people a course is for came to it or completed it, and need not have refreshed it."""
    by_id = {course.id: course for course in courses}
    rows = session.execute(
        sa.select(
            Event.course_id,
            Person.id,
            Person.agency_id,
            Person.role_group_id,
            sa.func.max(Event.ends_at).label("last"),
        )
        .select_from(Booking)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.state == BookingState.CONFIRMED, Booking.outcome == Outcome.ATTENDED, *_is_here(agency_ids))
        .group_by(Event.course_id, Person.id, Person.agency_id, Person.role_group_id)
        .order_by(Event.course_id, Person.id)
    )
    last_on = {(row.course_id, row.id, row.agency_id, row.role_group_id): london_date(row.last) for row in rows}
    for who, on in last_completions(session, *_is_here(agency_ids)).items():
        last_on[who] = max(on, last_on.get(who, on))
    counted: Counter[Cell] = Counter()
    for (course_id, _, agency_id, group_id), on in last_on.items():
        course = by_id.get(course_id)
        if course is not None and agency_id is not None and _is_for(course, group_id):
            by = refresh_by(on, course.refresher_months)
            counted[agency_id, course_id] += by is None or by >= today
    return counted


def _is_here(agency_ids: Collection[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return (Person.left_on.is_(None), Person.merged_into_id.is_(None), Person.agency_id.in_(agency_ids))


def _is_for(course: CourseOf, group_id: int | None) -> bool:
    return not course.audience or group_id in course.audience


def _for_whom(people: Counter[tuple[int, int | None]], agency_id: int, course: CourseOf) -> int:
    return sum(number for (where, group), number in people.items() if where == agency_id and _is_for(course, group))


def _over_agencies(cells: dict[Cell, Share], course_id: int) -> Share:
    return _sum(share for (_, each), share in cells.items() if each == course_id)


def _sum(shares: Iterable[Share]) -> Share:
    given = list(shares)
    return Share(sum(each.of for each in given), sum(each.valid for each in given))
