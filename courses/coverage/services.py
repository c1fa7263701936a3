"""Writing what a course covers, carrying it on to the next version, and telling reviews what addresses a point."""

import sqlalchemy as sa

from courses.coverage.models import Coverage
from courses.coverage.queries import find_coverage, short_title
from courses.coverage.written import CoverageWritten
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.kit.working_days import london_date
from reviews.cases.rules import check_identifies_nobody
from reviews.learning.models import LearningPoint, LearningPointLink
from reviews.learning.queries import find_point, visible_points
from reviews.learning.services import Addressed, link_learning_point, unlink_learning_point

SOURCE = "courses.coverage:"
KIND = "course"


def cover_point(work: Work, course_id: int, learning_point_id: int, written: CoverageWritten) -> Coverage:
    """Say that the newest version of a course covers a learning point. From the catalogue on, that addresses it."""
    course = _locked(work, course_id)
    if course.status is CourseStatus.RETIRED:
        raise Conflict("This course is retired. Bring it back first, or choose another.")
    point = find_point(work.session, work.actor, learning_point_id)
    if point.agreed_on is None or point.superseded_on is not None:
        raise Invalid("Only an agreed learning point that is in force can be covered.", field="learning_point_id")
    newest = course.versions[-1]
    if _covers(work, newest.id, point.id) is not None:
        raise Invalid("This course already covers it. Change what is there.", field="learning_point_id")
    coverage = Coverage(course_version_id=newest.id, learning_point_id=point.id, created_at=work.now)
    _write(work, coverage, written)
    work.session.add(coverage)
    work.record("coverage added", coverage, is_confidential=True, course=course.code, how=written.how.value)
    keep_links(work, course)
    return coverage


def change_coverage(work: Work, coverage_id: int, written: CoverageWritten) -> Coverage:
    """Correct how the newest version covers a point."""
    coverage, course = _of_newest(work, coverage_id)
    _write(work, coverage, written)
    work.record("coverage changed", coverage, is_confidential=True, course=course.code, how=written.how.value)
    keep_links(work, course)
    return coverage


def remove_coverage(work: Work, coverage_id: int) -> Course:
    """The newest version no longer covers the point. Former versions, and who came to them, stay as they are."""
    coverage, course = _of_newest(work, coverage_id)
    work.record("coverage removed", coverage, is_confidential=True, course=course.code)
    work.session.delete(coverage)
    work.session.flush()
    keep_links(work, course)
    return course


def carry_on(work: Work, before_id: int, after_id: int) -> None:
    """The next version begins by covering what the one before it does, embargoed learning included."""
    kept = ("learning_point_id", "how", "place", "minutes", "since_on", "evidence")
    of_before = sa.select(Coverage).where(Coverage.course_version_id == before_id).order_by(Coverage.id)
    for each in work.session.scalars(of_before).all():
        values = {name: getattr(each, name) for name in kept}
        work.session.add(Coverage(course_version_id=after_id, created_at=work.now, **values))


def keep_links(work: Work, course: Course) -> None:
    """Let reviews know what a course in the catalogue addresses, and nothing that it does not.

    Call it whenever the version or the place in the catalogue changes. Learning that the actor does not see keeps its
    links until somebody acts who does (lifting the embargo).
    """
    work.session.flush()
    wanted = _covered_now(work, course)
    links = _links(work, course)
    for source in sorted(links.keys() - {source_of(course.id, point_id) for point_id in wanted}):
        unlink_learning_point(work, source)
    for point_id, addressed in _addressed(work, course, wanted):
        link = links.get(addressed.source)
        if link is None or (link.words, link.since_on) != (addressed.words, addressed.since_on):
            link_learning_point(work, point_id, addressed)


def source_of(course_id: int, learning_point_id: int) -> str:
    """How reviews know a link again."""
    return f"{SOURCE}{course_id}:{learning_point_id}"


def _covered_now(work: Work, course: Course) -> dict[int, Coverage]:
    """What the version in the catalogue covers; nothing when the course is not in it."""
    if course.status not in IN_CATALOGUE:
        return {}
    current = (
        sa.select(Coverage)
        .join(CourseVersion, CourseVersion.id == Coverage.course_version_id)
        .where(CourseVersion.course_id == course.id, CourseVersion.is_current)
        .order_by(Coverage.id)
    )
    return {each.learning_point_id: each for each in work.session.scalars(current)}


def _links(work: Work, course: Course) -> dict[str, LearningPointLink]:
    """What reviews know of this course."""
    found = sa.select(LearningPointLink).where(LearningPointLink.source.startswith(f"{SOURCE}{course.id}:"))
    return {each.source: each for each in work.session.scalars(found.order_by(LearningPointLink.id))}


def _addressed(work: Work, course: Course, wanted: dict[int, Coverage]) -> list[tuple[int, Addressed]]:
    """The links to make, for the points that this actor sees."""
    seen = sa.select(LearningPoint.id).where(LearningPoint.id.in_(wanted), visible_points(work.actor))
    title = short_title(work.session, course.id)
    return [
        (point_id, Addressed(source_of(course.id, point_id), KIND, title, wanted[point_id].since_on))
        for point_id in work.session.scalars(seen.order_by(LearningPoint.id)).all()
    ]


def _locked(work: Work, course_id: int) -> Course:
    if not work.actor.may("courses.manage_coverage"):
        raise NotAllowed("Only coordinators can write what a course covers. Ask the training team.")
    course = work.session.scalar(sa.select(Course).where(Course.id == course_id).with_for_update(key_share=True))
    if course is None:
        raise NotFound("We cannot find that course. Look for it under Courses and demand.")
    return course


def _of_newest(work: Work, coverage_id: int) -> tuple[Coverage, Course]:
    coverage = find_coverage(work.session, work.actor, coverage_id)
    course = _locked(work, coverage.version.course_id)
    if coverage.course_version_id != course.versions[-1].id:
        raise Conflict("This is what an earlier version covered, so it cannot be changed. Change the latest version.")
    return coverage, course


def _covers(work: Work, version_id: int, point_id: int) -> Coverage | None:
    there = (Coverage.course_version_id == version_id, Coverage.learning_point_id == point_id)
    return work.session.scalar(sa.select(Coverage).where(*there))


def _write(work: Work, coverage: Coverage, written: CoverageWritten) -> None:
    if written.since_on > london_date(work.now):
        raise Invalid("This date is in the future. Enter the date the course started to cover it.", field="since_on")
    if written.minutes is not None and not 0 < written.minutes < 10_000:
        raise Invalid("Write minutes above zero, or leave it empty.", field="minutes")
    coverage.how, coverage.since_on, coverage.minutes = written.how, written.since_on, written.minutes
    coverage.place = check_identifies_nobody(written.place, field="place")
    coverage.evidence = check_identifies_nobody(written.evidence, field="evidence")
