"""The catalogue for other systems."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus, EventType
from lms.api.cursors import Paged, page_after, read_cursor
from lms.api.shapes import says
from lms.frame.plugins import Asked, Operation
from lms.frame.work import Work


@dataclass(frozen=True)
class CourseAnswer:
    """A course of the catalogue, as its present version says it."""

    code: str
    title: str
    type: EventType
    level: str
    status: CourseStatus
    summary: str
    aims: str
    outcomes: tuple[str, ...]
    audience: tuple[str, ...]
    refresher_months: int | None


@dataclass(frozen=True)
class CoursesWanted(Paged):
    """Which courses."""

    updated_since: datetime | None = field(default=None, metadata=says("Changed at this moment or later."))


@dataclass(frozen=True)
class CoursePage:
    """A page of courses, in the order in which they were added."""

    items: tuple[CourseAnswer, ...]
    next_cursor: str | None


def list_courses(work: Work, asked: Asked) -> CoursePage:
    """What the catalogue shows."""
    query: CoursesWanted = asked.query
    found = sa.select(Course).join(CourseVersion, Course.id == CourseVersion.course_id)
    if query.updated_since is not None:
        since = query.updated_since
        found = found.where(sa.or_(Course.changed_at >= since, CourseVersion.changed_at >= since))
    after = read_cursor(query.cursor)
    if after is not None:
        found = found.where(sa.tuple_(Course.created_at, Course.id) > sa.tuple_(sa.literal(after[0]), after[1]))
    rows = work.session.scalars(
        found.where(Course.status.in_(IN_CATALOGUE), CourseVersion.is_current)
        .options(contains_eager(Course.versions).selectinload(CourseVersion.audience))
        .order_by(Course.created_at, Course.id)
        .limit(query.limit + 1)
    ).unique()
    page, next_cursor = page_after(list(rows), query.limit, _mark)
    return CoursePage(tuple(_answer(course) for course in page), next_cursor)


def _mark(course: Course) -> tuple[datetime, int]:
    return course.created_at, course.id


def _answer(course: Course) -> CourseAnswer:
    version = course.versions[0]
    return CourseAnswer(
        code=course.code,
        title=version.title,
        type=course.event_type,
        level=version.level,
        status=course.status,
        summary=version.summary,
        aims=version.aims,
        outcomes=tuple(version.outcomes),
        audience=tuple(group.name for group in version.audience),
        refresher_months=course.refresher_months,
    )


OPERATIONS = (
    Operation(
        name="courses.list_courses",
        method="GET",
        path="/courses",
        words="The courses of the catalogue",
        query=CoursesWanted,
        answer=CoursePage,
        run=list_courses,
    ),
)
