"""The demonstration's coverage: most learning is taught somewhere, and some has the gaps that a sub-group looks for."""

from datetime import date, timedelta

import sqlalchemy as sa

from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.coverage.services import keep_links
from courses.programme.courses.models import Course, CourseVersion
from lms.frame.demonstration import read_words
from lms.frame.work import Work
from lms.kit.working_days import london_date, next_working_day
from reviews.learning.models import LearningPoint

EVERY_SO_MANY_A_GAP = 6
"""So many points in a row are covered by their theme, the next by no course."""


def load(work: Work) -> None:
    """Cover the agreed points: as the table says for those it names, and by their themes for others."""
    words = read_words(__file__)
    courses = {each.code: each for each in work.session.scalars(sa.select(Course).order_by(Course.code))}
    points = work.session.scalars(
        sa.select(LearningPoint)
        .where(LearningPoint.agreed_on.is_not(None), LearningPoint.superseded_on.is_(None))
        .order_by(LearningPoint.agreed_on, LearningPoint.ref)
    ).all()
    for number, point in enumerate(points, 1):
        if point.ref in words["points"]:
            lines = words["points"][point.ref]
        else:
            lines = [] if number % EVERY_SO_MANY_A_GAP == 0 else _by_theme(words["themes"], point)
        for line in lines:
            _cover(work, courses[line["course"]], point, line)
    for course in courses.values():
        keep_links(work, course)


def _by_theme(themes: dict[str, list[dict[str, str]]], point: LearningPoint) -> list[dict[str, str]]:
    """The lines of the first of its themes that the table knows."""
    names = " ".join([*(theme.name for theme in point.themes), point.text]).casefold()
    return next((lines for word, lines in themes.items() if word in names), [])


def _cover(work: Work, course: Course, point: LearningPoint, line: dict[str, str]) -> None:
    """On every version from the one that was current then on, so that their events count."""
    agreed_on = point.agreed_on or london_date(work.now)
    months = int(line.get("months", 2))
    since_on = min(next_working_day(agreed_on + timedelta(days=30 * months)), london_date(work.now))
    ends = [_written_on(version) for version in course.versions[1:]]
    for version, ends_on in zip(course.versions, [*ends, date.max], strict=True):
        if ends_on > since_on:
            work.session.add(
                Coverage(
                    course_version_id=version.id,
                    learning_point_id=point.id,
                    how=How(line["how"]),
                    place=line.get("place", ""),
                    minutes=int(line["minutes"]) if "minutes" in line else None,
                    since_on=since_on,
                    evidence=line.get("evidence", ""),
                    created_at=work.now,
                )
            )


def _written_on(version: CourseVersion) -> date:
    return london_date(version.created_at)
