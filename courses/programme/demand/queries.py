"""Who asks for another date of which course."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from courses.programme.courses.models import Course, CourseVersion, Interest
from courses.programme.courses.rules import CourseStatus
from courses.programme.events.models import Event
from courses.programme.events.queries import is_coming
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency
from lms.people.models import Person


@dataclass(frozen=True)
class Demand:
    """A course as coordinators see it: how it stands, its coming dates and how many people ask for others."""

    id: int
    code: str
    title: str
    status: CourseStatus
    coming: int
    planned: int
    asking: int


def demand_by_course(session: Session, now: datetime) -> list[Demand]:
    """Every course with its demand, in one query; those that most people ask for first."""
    newest = aliased(CourseVersion)
    coming = _number_of(Event.id, Event.course_id == Course.id, is_coming(now))
    planned = _number_of(Event.id, Event.course_id == Course.id, Event.state == EventState.PLANNED)
    asking = _number_of(Interest.id, Interest.course_id == Course.id, is_open())
    latest = (
        sa.select(sa.func.max(newest.number)).where(newest.course_id == Course.id).correlate(Course).scalar_subquery()
    )
    return [
        Demand(*values)
        for values in session.execute(
            sa.select(
                Course.id, Course.code, CourseVersion.title, Course.status, coming, planned, asking.label("asking")
            )
            .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.number == latest))
            .order_by(sa.desc("asking"), CourseVersion.title, Course.id)
        )
    ]


def _number_of(column: Any, *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(column)).where(*where).correlate(Course).scalar_subquery()


@dataclass(frozen=True)
class Asking:
    """Somebody who asks for another date."""

    name: str
    agency: str
    note: str
    asked_at: datetime


def people_asking(session: Session, course_id: int) -> list[Asking]:
    """Who asks for another date of a course, longest first."""
    return [
        Asking(*values)
        for values in session.execute(
            sa.select(Person.name, sa.func.coalesce(Agency.name, ""), Interest.note, Interest.asked_at)
            .join(Person, Person.id == Interest.person_id)
            .outerjoin(Agency, Agency.id == Person.agency_id)
            .where(Interest.course_id == course_id, is_open())
            .order_by(Interest.asked_at, Interest.id)
        )
    ]


def interests_in_turn(session: Session, course_id: int) -> list[Interest]:
    """Who asks for another date of a course and is still here, longest first."""
    query = sa.select(Interest).join(Person, Person.id == Interest.person_id)
    query = query.where(Interest.course_id == course_id, is_open(), Person.is_here)
    return list(session.scalars(query.order_by(Interest.asked_at, Interest.id)))


def opens_for(session: Session, event: Event, person_id: int, now: datetime) -> datetime | None:
    """When booking opens for somebody: earlier for whoever had asked for a date before there was this one."""
    opens_at = event.booking_opens_at
    if opens_at is None or now >= opens_at or event.asked_from is None or event.published_at is None:
        return opens_at
    had_asked = sa.select(Interest.id).where(
        Interest.course_id == event.course_id,
        Interest.person_id == person_id,
        Interest.closed_at.is_(None),
        Interest.asked_at < event.published_at,
    )
    return opens_at if session.scalar(had_asked) is None else event.asked_from


def is_open() -> sa.ColumnElement[bool]:
    """Still asked for. A duplicate's stays beside that of the person kept, who is counted."""
    merged = sa.select(Person.id).where(Person.merged_into_id.is_not(None))
    return sa.and_(Interest.closed_at.is_(None), Interest.person_id.not_in(merged))
