"""What courses cover, as desks and the catalogue show it: only learning that the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from courses.coverage.models import Coverage
from courses.coverage.rules import STRANDS, How, learned_sentence, short_titles
from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import IN_CATALOGUE, CourseStatus
from courses.questions import LearnedIn, TaughtIn
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import NotFound
from lms.kit.words import MONTHS
from reviews.cases.models import Review
from reviews.learning.models import LearningPoint
from reviews.learning.queries import shared_points, visible_points

NO_SUCH_COVERAGE = "We cannot find that coverage. The course's page on the desk shows all that there is."
BY_STRENGTH = sa.case({how.value: strands for how, strands in STRANDS.items()}, value=Coverage.how)


def find_coverage(session: Session, actor: Actor, coverage_id: int) -> Coverage:
    """A line of coverage with its version and point. Raises NotFound, for an embargoed point in the same words."""
    found = session.scalar(
        sa.select(Coverage)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .where(Coverage.id == coverage_id, visible_points(actor))
        .options(contains_eager(Coverage.point), joinedload(Coverage.version).joinedload(CourseVersion.course))
    )
    if found is None:
        raise NotFound(NO_SUCH_COVERAGE)
    return found


def coverage_of(session: Session, actor: Actor, version_id: int) -> list[Coverage]:
    """What a version covers, most first, with the points."""
    return list(
        session.scalars(
            sa.select(Coverage)
            .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
            .where(Coverage.course_version_id == version_id, visible_points(actor))
            .options(contains_eager(Coverage.point))
            .order_by(BY_STRENGTH.desc(), LearningPoint.ref)
        )
    )


def short_title(session: Session, course_id: int) -> str:
    """What a course is called in a list: its title before the colon."""
    is_current = sa.and_(CourseVersion.course_id == course_id, CourseVersion.is_current)
    return short_titles([session.scalar(sa.select(CourseVersion.title).where(is_current)) or ""])[0]


def points_to_cover(session: Session, actor: Actor, version_id: int) -> list[tuple[int, str]]:
    """The learning points that a version may cover and does not yet, for a form."""
    covered = sa.select(Coverage.learning_point_id).where(Coverage.course_version_id == version_id)
    rows = session.execute(
        sa.select(LearningPoint.id, LearningPoint.ref, LearningPoint.text)
        .where(
            visible_points(actor),
            LearningPoint.agreed_on.is_not(None),
            LearningPoint.superseded_on.is_(None),
            LearningPoint.id.not_in(covered),
        )
        .order_by(LearningPoint.ref)
    )
    return [(point_id, f"{ref}: {text}") for point_id, ref, text in rows]


def courses_to_cover(session: Session, point_id: int) -> list[tuple[int, str]]:
    """The courses whose newest version does not cover a point yet, for a form."""
    newest = (
        sa.select(CourseVersion.course_id, sa.func.max(CourseVersion.number).label("number"))
        .group_by(CourseVersion.course_id)
        .subquery()
    )
    covering = sa.select(Coverage.course_version_id).where(Coverage.learning_point_id == point_id)
    rows = session.execute(
        sa.select(Course.id, Course.code, CourseVersion.title)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .join(newest, (newest.c.course_id == Course.id) & (newest.c.number == CourseVersion.number))
        .where(Course.status != CourseStatus.RETIRED, CourseVersion.id.not_in(covering))
        .order_by(CourseVersion.title, Course.code)
    )
    return [(course_id, f"{title} ({code})") for course_id, code, title in rows]


def courses_covering(session: Session, point_ids: Iterable[int]) -> list[Course]:
    """The courses in the catalogue whose current version covers any of these points."""
    versions = sa.select(Coverage.course_version_id).where(Coverage.learning_point_id.in_(list(point_ids)))
    return list(
        session.scalars(
            sa.select(Course)
            .join(CourseVersion, sa.and_(CourseVersion.course_id == Course.id, CourseVersion.is_current))
            .where(CourseVersion.id.in_(versions), Course.status.in_(IN_CATALOGUE))
            .order_by(Course.id)
        )
    )


# What anybody may read


@dataclass(frozen=True)
class Learned:
    """A learning point that a course covers, as the catalogue shows it. `review` is empty where none may be named."""

    text: str
    practice: str
    review_id: int | None
    review: str
    review_words: str
    how: How
    place: str
    minutes: int | None
    since_on: date


def learned_sentences(work: Work, asked: LearnedIn) -> dict[int, str]:
    """A sentence on what each version teaches from reviews, for those that do: one query for all."""
    rows = work.session.execute(
        sa.select(Coverage.course_version_id, LearningPoint.review_id, LearningPoint.text)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .where(Coverage.course_version_id.in_(asked.version_ids), shared_points())
        .order_by(Coverage.course_version_id, BY_STRENGTH.desc(), LearningPoint.ref)
    )
    texts: dict[int, str] = {}
    reviews: dict[int, set[int]] = {}
    for version_id, review_id, text in rows:
        texts.setdefault(version_id, text)
        reviews.setdefault(version_id, set()).update([] if review_id is None else [review_id])
    return {version_id: learned_sentence(len(reviews[version_id]), text) for version_id, text in texts.items()}


def taught_in(work: Work, asked: TaughtIn) -> dict[int, tuple[str, ...]]:
    """The learning that each version covers, as it stands on the course's page for everybody: one query for all."""
    rows = work.session.execute(
        sa.select(Coverage.course_version_id, LearningPoint.text, LearningPoint.practice)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .where(Coverage.course_version_id.in_(asked.version_ids), shared_points())
        .order_by(Coverage.course_version_id, BY_STRENGTH.desc(), LearningPoint.ref)
    )
    found: dict[int, tuple[str, ...]] = {}
    for version_id, *texts in rows:
        found[version_id] = (*found.get(version_id, ()), *texts)
    return found


def learned_in(session: Session, course_id: int) -> list[Learned]:
    """What the version in the catalogue teaches from reviews, most first: one query."""
    rows = session.execute(
        sa.select(Coverage, LearningPoint, Review)
        .join(CourseVersion, CourseVersion.id == Coverage.course_version_id)
        .join(LearningPoint, LearningPoint.id == Coverage.learning_point_id)
        .outerjoin(Review, Review.id == LearningPoint.review_id)
        .where(CourseVersion.course_id == course_id, CourseVersion.is_current, shared_points())
        .options(sa.orm.lazyload("*"))
        .order_by(BY_STRENGTH.desc(), LearningPoint.ref)
    )
    return [
        Learned(
            text=point.text,
            practice=point.practice,
            review_id=point.review_id,
            review=_published(review),
            review_words=(review.summary or review.headline) if review else "",
            how=coverage.how,
            place=coverage.place,
            minutes=coverage.minutes,
            since_on=coverage.since_on,
        )
        for coverage, point, review in rows
    ]


def _published(review: Review | None) -> str:
    """The review, published November 2024"""
    if review is None:
        return ""
    day = review.published_on
    return "The review" if day is None else f"The review, published {MONTHS[day.month - 1]} {day.year}"
