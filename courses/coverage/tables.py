"""Coverage as rows of a CSV file: which course covers which learning point, how and since when."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.coverage.services import keep_links
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import tidied
from lms.frame import cells
from lms.frame.plugins import Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.working_days import london_date
from reviews.cases.readings.services import note_reading
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points

COLUMNS = (
    Column("course_code", is_key=True),
    Column("learning_point_ref", is_key=True),
    Column("how", is_required=True),
    Column("since", is_required=True),
)
SPELT = {
    "1": How.MENTIONED,
    "2": How.TAUGHT,
    "3": How.PRACTISED,
    "practiced": How.PRACTISED,
    "practised with a scenario": How.PRACTISED,
    **{how.value: how for how in How},
}


@dataclass
class CoverageLookup:
    """What all rows need, looked up once."""

    courses: dict[str, Course]
    points: dict[str, LearningPoint]
    coverage: dict[tuple[int, int], Coverage]
    rows_left: Counter[str]


def read_coverage(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change what the version in the catalogue covers, and the version that is being written with it."""
    known = _known(work, rows)

    def read(row: Mapping[str, str]) -> Change:
        code = tidied(cells.text(row, "course_code"))
        known.rows_left[code] -= 1
        course = known.courses.get(code)
        if course is None:
            raise Invalid(f"There is no course {code}. Check the spelling, or import it first.", field="course_code")
        ref = " ".join(cells.text(row, "learning_point_ref").split())
        point = known.points.get(ref)
        if point is None:
            words = f"There is no learning point {ref}. Check the spelling, or import it first."
            raise Invalid(words, field="learning_point_ref")
        change = _put(work, known, course, point, _how(row), _since(work, row))
        if known.rows_left[code] == 0:
            keep_links(work, course)
        return change

    return read


def as_row(course: Course, point: LearningPoint, coverage: Coverage) -> dict[str, str]:
    """A line of coverage as a file says it."""
    return {
        "course_code": course.code,
        "learning_point_ref": point.ref,
        "how": coverage.how.value,
        "since": cells.said_date(coverage.since_on),
    }


def export_coverage(work: Work) -> Iterator[Mapping[str, str]]:
    """What the current versions cover, of the learning that the reader sees; embargoed as in the file of reviews."""
    says_all = work.actor.is_program and work.setting("reviews.export_embargoed")
    found = work.session.scalars(
        sa.select(Coverage)
        .join(Coverage.version)
        .join(CourseVersion.course)
        .join(Coverage.point)
        .where(CourseVersion.is_current, sa.true() if says_all else visible_points(work.actor))
        .options(contains_eager(Coverage.version).contains_eager(CourseVersion.course), contains_eager(Coverage.point))
        .order_by(Course.code, LearningPoint.ref)
    ).all()
    note_reading(work, [each.point.review_id for each in found], "export of coverage")
    return (as_row(each.version.course, each.point, each) for each in found)


def _put(work: Work, known: CoverageLookup, course: Course, point: LearningPoint, how: How, since_on: date) -> Change:
    """Write it to the current version, and to the next one where that is being written."""
    current = next(version for version in course.versions if version.is_current)
    change: Change | None = None
    for version in dict.fromkeys([current, course.versions[-1]]):
        coverage = known.coverage.get((version.id, point.id))
        before = None if coverage is None else as_row(course, point, coverage)
        if coverage is None:
            coverage = Coverage(course_version_id=version.id, learning_point_id=point.id, created_at=work.now)
            work.session.add(coverage)
            known.coverage[version.id, point.id] = coverage
        coverage.how, coverage.since_on = how, since_on
        said = _change(coverage, before, as_row(course, point, coverage))
        change = change or said
    if change is None:
        raise RuntimeError("a course has a current version")
    _record(work, change, course)
    return Change(change.what, change.columns)


def _change(coverage: Coverage, before: Mapping[str, str] | None, after: Mapping[str, str]) -> Change:
    return Change("added", thing=coverage) if before is None else cells.difference(coverage, before, after)


def _record(work: Work, change: Change, course: Course) -> None:
    """By hand, as the import's own line would not be confidential."""
    if change.thing is not None:
        event = f"coverage {change.what} by import"
        work.record(event, change.thing, is_confidential=True, course=course.code, columns=list(change.columns))


def _how(row: Mapping[str, str]) -> How:
    found = SPELT.get(" ".join(cells.text(row, "how").casefold().replace("_", " ").split()))
    if found is None:
        raise Invalid("Enter mentioned, taught or practised.", field="how")
    return found


def _since(work: Work, row: Mapping[str, str]) -> date:
    day = cells.iso_date(row, "since", required=True)
    if day is None or day > london_date(work.now):
        raise Invalid("This date is in the future. Enter the date the course started to cover it.", field="since")
    return day


def _known(work: Work, rows: list[Mapping[str, str]]) -> CoverageLookup:
    """Whoever imports finds no learning point that is hidden from them; a command finds all, as it has the file."""
    codes = [tidied(cells.text(row, "course_code")) for row in rows]
    refs = {" ".join(cells.text(row, "learning_point_ref").split()) for row in rows}
    may_see = sa.true() if work.actor.is_program else visible_points(work.actor)
    courses = work.session.scalars(
        sa.select(Course).where(Course.code.in_(set(codes))).options(selectinload(Course.versions)).order_by(Course.id)
    ).all()
    points = work.session.scalars(
        sa.select(LearningPoint).where(LearningPoint.ref.in_(refs), may_see).order_by(LearningPoint.id)
    )
    versions = [version.id for course in courses for version in course.versions]
    there = work.session.scalars(
        sa.select(Coverage).where(Coverage.course_version_id.in_(versions)).order_by(Coverage.id)
    )
    return CoverageLookup(
        {course.code: course for course in courses},
        {point.ref: point for point in points},
        {(each.course_version_id, each.learning_point_id): each for each in there},
        Counter(codes),
    )


IMPORT = Import(
    kind="coverage",
    words="Coverage: which course covers which learning point, how and since when",
    columns=COLUMNS,
    reader=read_coverage,
    export=export_coverage,
    permission="courses.manage_coverage",
    position=75,
)
