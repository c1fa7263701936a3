"""Courses as rows of a CSV file: what the current version says, and what holds for every version."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from courses.facts import CourseStatusChanged
from courses.programme.courses import rules
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import CourseStatus, EventType
from lms.agencies.models import RoleGroup
from lms.frame import cells
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.names import read_name
from lms.kit.words import listed

COLUMNS = (
    Column("code", is_key=True),
    Column("title", is_required=True),
    Column("type"),
    Column("level"),
    Column("summary"),
    Column("aims"),
    Column("outcomes"),
    Column("audience"),
    Column("capacity"),
    Column("refresher_months"),
    Column("status"),
)
TYPES = {rules.plain_kind(each.value): each for each in EventType}


def read_courses(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add courses, or correct the current version of those that are known. Unknown kinds of worker are created."""
    codes = {rules.tidied(cells.text(row, "code")) for row in rows}
    courses = {course.code: course for course in _all_courses(work) if course.code in codes}
    groups = {each.name: each for each in work.session.scalars(sa.select(RoleGroup).order_by(RoleGroup.position))}

    def group(name: str) -> RoleGroup:
        if name not in groups:
            position = max((each.position for each in groups.values()), default=0) + 1
            groups[name] = RoleGroup(name=read_name(name, field="audience"), position=position)
        return groups[name]

    def read(row: Mapping[str, str]) -> Change:
        code = rules.checked_code(cells.text(row, "code"))
        course = courses.get(code)
        before = None if course is None else as_row(course)
        audience = [group(name) for name in dict.fromkeys(cells.words(row, "audience"))]
        if course is None:
            course = courses[code] = _new_course(work, code)
        _fill(course, row, audience)
        if before is None:
            work.session.add(course)
            return Change("added", thing=course)
        if before["status"] != course.status.value:
            work.tell(CourseStatusChanged(course.id))
        return cells.difference(course, before, as_row(course))

    return read


def as_row(course: Course) -> Mapping[str, str]:
    """A course as a file says it."""
    version = current_version(course)
    return {
        "code": course.code,
        "title": version.title,
        "type": course.event_type.value,
        "level": version.level,
        "summary": version.summary,
        "aims": version.aims,
        "outcomes": cells.said_words(version.outcomes),
        "audience": cells.said_words(sorted(each.name for each in version.audience)),
        "capacity": cells.said_number(course.capacity),
        "refresher_months": cells.said_number(course.refresher_months),
        "status": course.status.value,
    }


def export_courses(work: Work) -> Iterator[Mapping[str, str]]:
    """Every course by its code."""
    return (as_row(course) for course in _all_courses(work))


def current_version(course: Course) -> CourseVersion:
    """The version in the catalogue, of a course that may not have been saved yet."""
    return next(version for version in course.versions if version.is_current)


def _new_course(work: Work, code: str) -> Course:
    version = CourseVersion(
        number=1, is_current=True, outcomes=[], created_at=work.now, created_by_id=work.actor.person_id
    )
    return Course(code=code, status=CourseStatus.DRAFT, created_at=work.now, versions=[version])


def _fill(course: Course, row: Mapping[str, str], audience: list[RoleGroup]) -> None:
    version = current_version(course)
    version.title = " ".join(cells.text(row, "title").split())
    version.level = rules.plain_level(cells.text(row, "level"))
    version.summary = cells.text(row, "summary")
    version.aims = cells.text(row, "aims")
    version.outcomes = cells.words(row, "outcomes")
    version.audience = audience
    course.event_type = _type(row)
    course.capacity = cells.whole_number(row, "capacity", at_least=1)
    course.refresher_months = cells.whole_number(row, "refresher_months", at_least=1)
    course.status = cells.choice(row, "status", CourseStatus, empty=course.status)


def _type(row: Mapping[str, str]) -> EventType:
    """The type, however it is spelt; an empty cell is a course."""
    text = cells.text(row, "type")
    found = TYPES.get(rules.plain_kind(text)) if text else EventType.COURSE
    if found is None:
        raise Invalid(f"Enter {listed((each.value for each in EventType), 'or')}.", field="type")
    return found


def _all_courses(work: Work) -> list[Course]:
    return list(
        work.session.scalars(
            sa.select(Course)
            .options(selectinload(Course.versions).selectinload(CourseVersion.audience))
            .order_by(Course.code)
        )
    )


IMPORT = Import(
    kind="courses",
    words="Courses: what the catalogue says of them",
    columns=COLUMNS,
    reader=read_courses,
    export=export_courses,
    permission="courses.manage_catalogue",
    position=30,
)
