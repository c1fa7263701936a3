"""The matrix of learning points by courses, in five queries however large it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.coverage.models import Coverage
from courses.coverage.rules import (
    STRANDS,
    CoverageGap,
    Covered,
    How,
    ThemeCover,
    gaps_of,
    is_thin,
    last_delivered,
    short_titles,
    strongest,
)
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Actor
from lms.kit.working_days import london_date
from reviews.cases.models import ReviewKind
from reviews.cases.queries import ReviewScope
from reviews.cases.rules import ReviewType
from reviews.learning.models import LearningPoint, learning_point_theme
from reviews.learning.queries import visible_points
from reviews.themes.models import Theme
from reviews.theming.queries import count_themes


@dataclass(frozen=True)
class MatrixFilter:
    """Which points and courses are meant; empty means all."""

    theme: str = ""
    review_type: ReviewType | None = None
    level: str = ""
    only_gaps: bool = False


@dataclass(frozen=True)
class MatrixCourse:
    """A column."""

    id: int
    code: str
    title: str
    short: str
    level: str
    status: CourseStatus
    reviewed_on: date


@dataclass(frozen=True)
class MatrixPoint:
    """A row: what should change, and the courses that cover it by their id."""

    id: int
    ref: str
    text: str
    review_id: int | None
    settled_on: date
    agreed_on: date
    themes: tuple[str, ...]
    covered: dict[int, Covered]
    gaps: Sequence[CoverageGap]

    @property
    def best(self) -> Covered | None:
        return strongest(self.covered.values())


@dataclass(frozen=True)
class Matrix:
    """All that the page shows."""

    courses: Sequence[MatrixCourse]
    points: Sequence[MatrixPoint]
    themes: Sequence[str]
    levels: Sequence[str]
    thin: Sequence[ThemeCover]
    reviews: int
    asked: Sequence[MatrixCourse]


def matrix(session: Session, actor: Actor, wanted: MatrixFilter) -> Matrix:
    """Agreed points that exist for this reader by the courses in the catalogue. Gaps look at all of those courses."""
    courses = _courses(session)
    covered = _covered(session, actor, {each.id: each for each in courses})
    points = _points(session, actor, wanted.review_type, covered)
    counted = count_themes(session, actor, ReviewScope())
    thin = _thin({each.theme: each.count for each in counted.counts}, counted.total, points)
    shown = [each for each in points if not wanted.theme or wanted.theme in each.themes]
    return Matrix(
        courses=[each for each in courses if not wanted.level or each.level == wanted.level],
        points=[each for each in shown if each.gaps or not wanted.only_gaps],
        themes=sorted({theme for each in points for theme in each.themes}),
        levels=sorted({each.level for each in courses if each.level}),
        thin=[] if wanted.review_type else thin,
        reviews=counted.total,
        asked=[each for each in courses if each.status is CourseStatus.REVIEW_DUE],
    )


def _courses(session: Session) -> list[MatrixCourse]:
    reviewed_at = sa.func.coalesce(CourseVersion.reviewed_at, CourseVersion.created_at)
    rows = session.execute(
        sa.select(Course.id, Course.code, CourseVersion.title, CourseVersion.level, Course.status, reviewed_at)
        .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
        .where(Course.status.in_(IN_CATALOGUE))
        .order_by(CourseVersion.title, Course.code)
    ).all()
    shorts = short_titles([row.title for row in rows])
    return [
        MatrixCourse(course_id, code, title, short, level, status, london_date(at))
        for short, (course_id, code, title, level, status, at) in zip(shorts, rows, strict=True)
    ]


def _covered(session: Session, actor: Actor, courses: dict[int, MatrixCourse]) -> dict[int, dict[int, Covered]]:
    """By point and course. What is covered now is said by the current version; events of former ones count as well."""
    delivered = _delivered(session)
    lines: dict[tuple[int, int], list[tuple[How, date, bool, date | None]]] = {}
    for point_id, course_id, version_id, is_current, how, since_on in session.execute(
        sa.select(
            Coverage.learning_point_id,
            CourseVersion.course_id,
            CourseVersion.id,
            CourseVersion.is_current,
            Coverage.how,
            Coverage.since_on,
        )
        .join(CourseVersion, CourseVersion.id == Coverage.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .where(Course.status.in_(IN_CATALOGUE), visible_points(actor))
        .order_by(Coverage.id)
    ):
        on = last_delivered(since_on, delivered.get(version_id))
        lines.setdefault((point_id, course_id), []).append((how, since_on, is_current, on))
    found: dict[int, dict[int, Covered]] = {}
    for (point_id, course_id), versions in lines.items():
        course = courses[course_id]
        for how, since_on, is_current, _ in versions:
            if is_current:
                on = max((each for *_, each in versions if each), default=None)
                cell = Covered(course.short, how, since_on, on, course.reviewed_on)
                found.setdefault(point_id, {})[course_id] = cell
    return found


def _delivered(session: Session) -> dict[int, date]:
    """The day of the last event that each version was delivered in."""
    rows = session.execute(
        sa.select(Event.course_version_id, sa.func.max(Event.starts_at))
        .where(Event.state == EventState.DELIVERED)
        .group_by(Event.course_version_id)
        .order_by(Event.course_version_id)
    )
    return {version_id: london_date(at) for version_id, at in rows}


def _points(
    session: Session, actor: Actor, review_type: ReviewType | None, covered: dict[int, dict[int, Covered]]
) -> list[MatrixPoint]:
    """Points with their themes, the latest agreed last, as the sub-group numbered them."""
    of_type: list[sa.ColumnElement[bool]] = []
    if review_type is not None:
        kinds = sa.select(ReviewKind.review_id).where(ReviewKind.type == review_type)
        of_type.append(LearningPoint.review_id.in_(kinds))
    rows: Iterable[Any] = session.execute(
        sa.select(
            LearningPoint.id,
            LearningPoint.ref,
            LearningPoint.text,
            LearningPoint.review_id,
            LearningPoint.agreed_on,
            LearningPoint.meaning_changed_on,
            Theme.name,
        )
        .outerjoin(learning_point_theme, learning_point_theme.c.learning_point_id == LearningPoint.id)
        .outerjoin(Theme, Theme.id == learning_point_theme.c.theme_id)
        .where(
            visible_points(actor),
            LearningPoint.agreed_on.is_not(None),
            LearningPoint.superseded_on.is_(None),
            *of_type,
        )
        .order_by(LearningPoint.agreed_on, LearningPoint.ref, Theme.name)
    )
    themes: dict[int, list[str]] = {}
    first: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.id, row)
        themes.setdefault(row.id, []).extend([row.name] if row.name else [])
    return [_point(row, tuple(themes[row.id]), covered.get(row.id, {})) for row in first.values()]


def _point(row: Any, themes: tuple[str, ...], covered: dict[int, Covered]) -> MatrixPoint:
    settled_on = max(row.agreed_on, row.meaning_changed_on or row.agreed_on)
    gaps = gaps_of(settled_on, list(covered.values()))
    return MatrixPoint(row.id, row.ref, row.text, row.review_id, settled_on, row.agreed_on, themes, covered, gaps)


def _thin(reviews: dict[str, int], total: int, points: Sequence[MatrixPoint]) -> list[ThemeCover]:
    """Themes common in reviews but thin in the catalogue, the most common first."""
    found = []
    for theme, count in reviews.items():
        those = [each for each in points if theme in each.themes]
        taught = [each for each in those if each.best and STRANDS[each.best.how] > 1]
        covered = [each for each in those if each.best]
        found.append(ThemeCover(theme, count, total, len(those), len(covered), len(taught)))
    return sorted(filter(is_thin, found), key=lambda each: (-each.reviews, each.theme))
