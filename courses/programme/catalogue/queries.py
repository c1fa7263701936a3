"""The catalogue as people look through it, one course for its page, and demand for dates."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses import rules
from courses.programme.courses.models import Course, CourseAudience, CourseVersion, Interest
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus, EventType
from courses.programme.events.models import Event
from courses.programme.events.queries import EventRow, event_rows, is_coming
from lms.agencies.models import RoleGroup
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.working_days import london_date


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

    @property
    def search_text(self) -> str:
        return "\n".join((self.title, self.code, self.summary, *self.outcomes)).casefold()


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the catalogue. Empty means everything."""

    words: tuple[str, ...] = ()
    audience: int = 0
    month: str = ""
    levels: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    where: frozenset[str] = frozenset()
    only_places_left: bool = False

    @property
    def is_about_dates(self) -> bool:
        return bool(self.month or self.where or self.only_places_left)

    def finds(self, course: CourseRow) -> bool:
        return (
            all(word in course.search_text for word in self.words)
            and (not self.audience or not course.audience or any(self.audience == each for each, _ in course.audience))
            and (not self.levels or course.level in self.levels)
            and (not self.types or course.event_type.value in self.types)
        )

    def finds_date(self, date: EventRow) -> bool:
        return (
            (not self.month or any(month_of(day.starts_at) == self.month for day in date.days))
            and (not self.where or bool(self.where & places_of_date(date)))
            and (not self.only_places_left or not date.is_full)
        )


@dataclass(frozen=True)
class Catalogue:
    """What was found, and everything that could be chosen."""

    found: Sequence[CourseRow]
    audiences: Sequence[tuple[int, str]] = field(default=())
    months: Sequence[str] = ()
    levels: Sequence[str] = ()
    types: Sequence[EventType] = ()
    towns: Sequence[str] = ()

    @property
    def number_of_dates(self) -> int:
        return sum(len(course.dates) for course in self.found)


def month_of(moment: datetime) -> str:
    """2026-04"""
    return f"{london_date(moment):%Y-%m}"


def places_of_date(date: EventRow) -> frozenset[str]:
    """The towns of a date, and "online"."""
    return frozenset({"online" for day in date.days if day.is_online} | {day.town for day in date.days if day.town})


def catalogue(work: Work, search: Search) -> Catalogue:
    """Courses in the catalogue with their coming dates, soonest first, courses without dates last: four queries.

    Filtered here rather than in SQL: a programme has tens of courses, and words must match alike on both databases.
    """
    courses = [
        _course_row(values)
        for values in work.session.execute(
            _courses().where(Course.status.in_(IN_CATALOGUE), CourseVersion.is_current).order_by(CourseVersion.title)
        )
    ]
    audience = _audience(work.session)
    dates: dict[int, list[EventRow]] = {}
    for row in event_rows(work, is_coming(work.now), person_id=work.actor.person_id):
        dates.setdefault(row.course_id, []).append(row)
    courses = [
        replace(each, audience=audience.get(each.version_id, ()), dates=tuple(dates.get(each.id, ())))
        for each in courses
    ]
    shown = [date for course in courses for date in course.dates]
    return Catalogue(
        found=_found(courses, search),
        audiences=sorted({pair for course in courses for pair in course.audience}, key=lambda pair: pair[1]),
        months=sorted({month_of(day.starts_at) for date in shown for day in date.days}),
        levels=sorted({course.level for course in courses if course.level}),
        types=[each for each in EventType if any(course.event_type is each for course in courses)],
        towns=sorted({day.town for date in shown for day in date.days if day.town}),
    )


def _found(courses: list[CourseRow], search: Search) -> list[CourseRow]:
    found = [
        replace(each, dates=tuple(date for date in each.dates if search.finds_date(date)))
        for each in courses
        if search.finds(each)
    ]
    if search.is_about_dates:
        found = [each for each in found if each.dates]
    return sorted(found, key=lambda each: (not each.dates, each.dates[0].starts_at if each.dates else each.title))


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
        raise NotFound("There is no such course in the catalogue. Look through the catalogue for what is on now.")
    return _with_dates(work, found, work.actor.person_id)


def version_page(work: Work, course_id: int, number: int) -> CourseRow:
    """Any version of any course, for those who write it. Raises NotFound."""
    found = _one_course(work.session, Course.id == course_id, CourseVersion.number == number, person_id=None)
    if found is None:
        raise NotFound("There is no such version of a course. Look for it under Courses and demand.")
    return _with_dates(work, found, None)


def _one_course(session: Session, *where: sa.ColumnElement[bool], person_id: int | None) -> CourseRow | None:
    """A version of a course with whom it is for, in one query."""
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
