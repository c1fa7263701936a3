"""A course to change, and what the forms of coordinators offer."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import Course, CourseNeededFirst, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus
from lms.agencies.models import RoleGroup
from lms.frame.locks import for_update
from lms.kit.errors import NotFound


def course_by_id(session: Session, course_id: int, *, lock: bool = False) -> Course:
    """A course to read or, locked, to change. Raises NotFound."""
    query = sa.select(Course).where(Course.id == course_id).execution_options(populate_existing=lock)
    found = session.scalar(for_update(query) if lock else query)
    if found is None:
        raise NotFound("We cannot find that course. Look for it under Courses and demand.")
    return found


def courses_to_choose(session: Session) -> list[tuple[int, str]]:
    """Courses that are not retired, by title, for a form."""
    return [
        (course_id, f"{title} ({code})")
        for course_id, code, title in session.execute(
            sa.select(Course.id, Course.code, CourseVersion.title)
            .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
            .where(Course.status != CourseStatus.RETIRED)
            .order_by(CourseVersion.title, Course.code)
        )
    ]


@dataclass(frozen=True)
class NeededFirst:
    """A course that people should have done first; linked to while it is in the catalogue."""

    id: int
    code: str
    title: str
    is_in_catalogue: bool


def needed_first(session: Session, course_id: int) -> list[NeededFirst]:
    """What people should have done before they come to this course, by title."""
    rows = session.execute(
        sa.select(Course.id, Course.code, CourseVersion.title, Course.status)
        .join(CourseNeededFirst, CourseNeededFirst.needed_id == Course.id)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .where(CourseNeededFirst.course_id == course_id)
        .order_by(CourseVersion.title, Course.id)
    )
    return [NeededFirst(row.id, row.code, row.title, row.status in IN_CATALOGUE) for row in rows]


def courses_in_catalogue(session: Session) -> list[tuple[int, str]]:
    """The courses in the catalogue, by title, for a form."""
    return [
        (course_id, f"{title} ({code})")
        for course_id, code, title in session.execute(
            sa.select(Course.id, Course.code, CourseVersion.title)
            .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
            .where(Course.status.in_(IN_CATALOGUE))
            .order_by(CourseVersion.title, Course.code)
        )
    ]


def codes_to_choose(session: Session) -> list[tuple[str, str]]:
    """Every course by its code, for a filter."""
    return [
        (code, title)
        for code, title in session.execute(
            sa.select(Course.code, CourseVersion.title)
            .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
            .order_by(CourseVersion.title, Course.code)
        )
    ]


def role_groups(session: Session) -> list[tuple[int, str]]:
    """The kinds of worker that a course may be for."""
    return [
        (each.id, each.name)
        for each in session.scalars(sa.select(RoleGroup).order_by(RoleGroup.position, RoleGroup.name))
    ]
