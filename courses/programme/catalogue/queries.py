"""The catalogue as people look through it, one course for its page, and demand for dates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses import rules
from courses.programme.courses.models import Course, CourseAudience, CourseNeededFirst, CourseVersion, Interest
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus, EventType
from courses.programme.events.models import Event
from courses.programme.events.queries import EventRow, event_rows, is_coming
from lms.agencies.models import RoleGroup
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.people.models import Person


@dataclass(frozen=True)
class CourseRow:
    """A course in one of its versions, with its coming dates."""

    id: int
    code: str
    event_type: EventType
    status: CourseStatus
    version_id: int
    version: int
    reviewed_at: datetime | None
    title: str
    level: str
    summary: str
    aims: str
    outcomes: list[str]
    audience_note: str
    needs_approval: bool = False
    asks_for_others: bool = False  # courses that people should have done first
    asked_at: datetime | None = None
    audience: tuple[tuple[int, str], ...] = ()
    dates: tuple[EventRow, ...] = ()

    @property
    def has_asked(self) -> bool:
        """Whether the reader asks for another date."""
        return self.asked_at is not None

    @property
    def level_words(self) -> str:
        return rules.level_words(self.level)

    @property
    def is_plain_course(self) -> bool:
        return self.event_type is EventType.COURSE

    @property
    def length_words(self) -> str:
        """How long its next date is; nothing when there is none."""
        if not self.dates:
            return ""
        days = self.dates[0].days
        return rules.length_words(len(days), sum(int((d.ends_at - d.starts_at).total_seconds()) // 60 for d in days))

    @property
    def audience_words(self) -> str:
        names = [name for _, name in self.audience]
        return self.audience_note or (f"For {', '.join(names)}." if names else "For everyone in the partnership.")


def courses_with_dates(work: Work, *, with_trainers: bool = False) -> list[CourseRow]:
    """Every course in the catalogue with its coming dates, by title: three queries."""
    courses = [
        _course_row(values)
        for values in work.session.execute(
            _courses().where(Course.status.in_(IN_CATALOGUE), CourseVersion.is_current).order_by(CourseVersion.title)
        )
    ]
    audience = _audience(work.session)
    dates: dict[int, list[EventRow]] = {}
    coming = event_rows(work, is_coming(work.now), person_id=work.actor.person_id, with_trainers=with_trainers)
    for row in coming:
        dates.setdefault(row.course_id, []).append(row)
    return [
        replace(each, audience=audience.get(each.version_id, ()), dates=tuple(dates.get(each.id, ())))
        for each in courses
    ]


def kind_of_work_of(session: Session, person_id: int | None) -> int | None:
    """The kind of worker that somebody is by their record; of nobody, nothing is asked."""
    if person_id is None:
        return None
    return session.scalar(sa.select(Person.role_group_id).where(Person.id == person_id))


def _courses(person_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    asked_at = (
        sa.select(Interest.asked_at)
        .where(Interest.course_id == Course.id, Interest.person_id == (person_id or 0), Interest.closed_at.is_(None))
        .correlate(Course)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Course.id,
        Course.code,
        Course.event_type,
        Course.status,
        CourseVersion.id,
        CourseVersion.number,
        CourseVersion.reviewed_at,
        CourseVersion.title,
        CourseVersion.level,
        CourseVersion.summary,
        CourseVersion.aims,
        CourseVersion.outcomes,
        CourseVersion.audience_note,
        Course.needs_approval,
        sa.exists().where(CourseNeededFirst.course_id == Course.id).correlate(Course),
        asked_at,
    )
    return sa.select(*columns).join(CourseVersion, CourseVersion.course_id == Course.id)


def _course_row(values: Any) -> CourseRow:
    return CourseRow(*values)


def _audience(session: Session) -> dict[int, tuple[tuple[int, str], ...]]:
    """Whom each version is for, in one query."""
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for version_id, group_id, name in session.execute(
        sa.select(CourseAudience.course_version_id, RoleGroup.id, RoleGroup.name)
        .join(RoleGroup, RoleGroup.id == CourseAudience.role_group_id)
        .order_by(RoleGroup.position, RoleGroup.name)
    ):
        found[version_id] = (*found.get(version_id, ()), (group_id, name))
    return found


def course_page(work: Work, code: str) -> CourseRow:
    """A course of the catalogue with its coming dates and trainers: three queries. Raises NotFound."""
    found = None
    if rules.CODE.fullmatch(code):
        found = _one_course(
            work.session,
            Course.code == code,
            Course.status.in_(IN_CATALOGUE),
            CourseVersion.is_current.is_(True),
            person_id=work.actor.person_id,
        )
    if found is None:
        raise NotFound("We cannot find that course in the catalogue. Look through the catalogue for what is on now.")
    return _with_dates(work, found, work.actor.person_id)


def version_page(work: Work, course_id: int, number: int) -> CourseRow:
    """Any version of any course, for those who write it. Raises NotFound."""
    found = _one_course(work.session, Course.id == course_id, CourseVersion.number == number, person_id=None)
    if found is None:
        raise NotFound("We cannot find that version of a course. Look for it under Courses and demand.")
    return _with_dates(work, found, None)


@dataclass(frozen=True)
class VenueRow:
    """A venue as everybody may read of it before booking."""

    name: str
    area: str
    parking: str
    access: str

    @property
    def on_map(self) -> str:
        """What a map finds it by, without its address: that is for those who have a place."""
        return ", ".join(filter(None, (self.name, self.area)))


def venues_of(dates: Sequence[EventRow]) -> list[VenueRow]:
    """Where these dates take place, by name, with what there is to say of each."""
    days = {day.place: day for date in dates for day in date.days if not day.is_online or day.town or day.area}
    return [VenueRow(place, day.area, day.parking, day.access) for place, day in sorted(days.items())]


def _one_course(session: Session, *where: sa.ColumnElement[bool], person_id: int | None) -> CourseRow | None:
    """A version of a course with who it is for, in one query."""
    found: Sequence[Any] = session.execute(
        _courses(person_id)
        .add_columns(RoleGroup.id, RoleGroup.name)
        .outerjoin(CourseAudience, CourseAudience.course_version_id == CourseVersion.id)
        .outerjoin(RoleGroup, RoleGroup.id == CourseAudience.role_group_id)
        .where(*where)
        .order_by(RoleGroup.position, RoleGroup.name)
    ).all()
    if not found:
        return None
    audience = tuple((group_id, name) for *_, group_id, name in found if group_id is not None)
    return replace(_course_row(found[0][:-2]), audience=audience)


def _with_dates(work: Work, course: CourseRow, person_id: int | None) -> CourseRow:
    of_course = Event.course_id == course.id
    dates = event_rows(work, of_course, is_coming(work.now), person_id=person_id, with_trainers=True)
    return replace(course, dates=tuple(_opening_for(course, date) for date in dates))


def _opening_for(course: CourseRow, date: EventRow) -> EventRow:
    """As it opens for the reader: earlier, when they had asked for a date before there was this one."""
    had_asked = course.asked_at and date.published_at and course.asked_at < date.published_at
    return replace(date, booking_opens_at=date.asked_from) if had_asked and date.asked_from else date


def coming_dates(work: Work) -> list[EventRow]:
    """Every coming date, for the public calendar."""
    return event_rows(work, is_coming(work.now))
