"""What must be true of coverage, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from courses.coverage.models import Coverage
from courses.coverage.services import SOURCE, source_of
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE
from lms.frame.work import Work
from reviews.learning.models import LearningPoint, LearningPointLink
from reviews.learning.queries import visible_points


def links_out_of_step(work: Work) -> Iterator[str]:
    """Reviews say that a course addresses a point when its version in the catalogue covers it, and only then.

    Learning under embargo may wait for its link until it is lifted, and is never named.
    """
    covered: dict[str, tuple[str, str]] = {}
    every: set[str] = set()
    for course_id, code, point_id, ref, is_open in work.session.execute(
        sa.select(Course.id, Course.code, LearningPoint.id, LearningPoint.ref, visible_points(work.actor))
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .join(Coverage, Coverage.course_version_id == CourseVersion.id)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .where(Course.status.in_(IN_CATALOGUE))
        .order_by(Course.code, LearningPoint.ref)
    ):
        every.add(source_of(course_id, point_id))
        if is_open:
            covered[source_of(course_id, point_id)] = (code, ref)
    of_courses = LearningPointLink.source.startswith(SOURCE)
    links = set(
        work.session.scalars(sa.select(LearningPointLink.source).where(of_courses).order_by(LearningPointLink.id))
    )
    for source, (code, ref) in covered.items():
        if source not in links:
            yield f"Course {code} covers learning point {ref}, but the point is not linked to it."
    codes = {str(course_id): code for course_id, code in work.session.execute(sa.select(Course.id, Course.code))}
    for source in sorted(links - every):
        code = codes.get(source.removeprefix(SOURCE).partition(":")[0], "that is gone")
        yield f"Course {code} is linked to a learning point that it does not cover."
