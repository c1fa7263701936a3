"""The briefings that are out, as lists show them, and the courses that go with one: all from `published_versions`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from briefings.writing.models import BriefingVersion, briefing_point
from briefings.writing.queries import published_versions
from briefings.writing.rules import BriefingKind, reading_minutes
from briefings.writing.shapes.queries import source_of
from courses.coverage.models import Coverage
from courses.coverage.queries import courses_covering
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from courses.programme.events.queries import EventRow, event_rows, is_coming
from lms.frame.access import PUBLIC, Actor
from lms.frame.work import Work
from lms.kit.folding import has_words
from reviews.learning.models import LearningPoint
from reviews.learning.queries import shared_points
from reviews.themes.models import Theme


@dataclass(frozen=True)
class BriefingSearch:
    """What a reader looks for; empty means all."""

    words: tuple[str, ...] = ()
    theme_id: int | None = None
    kind: BriefingKind | None = None


@dataclass(frozen=True)
class BriefingRow:
    """A briefing in a list."""

    id: int
    kind: BriefingKind
    title: str
    summary: str
    number: int
    published_at: datetime
    minutes: int
    is_public: bool
    themes: tuple[str, ...]


def briefing_rows(session: Session, actor: Actor, wanted: BriefingSearch = BriefingSearch()) -> list[BriefingRow]:
    """What is out for this reader, the latest first: always four queries."""
    versions = session.scalars(
        published_versions(actor)
        .where(*_criteria(wanted))
        .options(
            selectinload(BriefingVersion.parts),
            selectinload(BriefingVersion.points).selectinload(LearningPoint.themes),
        )
        .order_by(BriefingVersion.published_at.desc(), BriefingVersion.id.desc())
    )
    return [_row(version) for version in versions if has_words(_text(version), wanted.words)]


def _text(version: BriefingVersion) -> str:
    parts = (text for part in version.parts for text in (part.title, part.body))
    return "\n".join((version.title, version.summary, *parts))


def themes_of_briefings(session: Session, actor: Actor) -> list[Theme]:
    """The themes of what is out for this reader, by name."""
    out = published_versions(actor).with_only_columns(BriefingVersion.id).subquery()
    ids = (
        sa.select(Theme.id)
        .join(LearningPoint.themes)
        .join(briefing_point, briefing_point.c.learning_point_id == LearningPoint.id)
        .where(briefing_point.c.version_id.in_(sa.select(out.c.id)))
    )
    return list(session.scalars(sa.select(Theme).where(Theme.id.in_(ids)).order_by(Theme.name)))


def briefings_for_course(session: Session, actor: Actor, course_id: int) -> list[BriefingRow]:
    """Those about learning that the course's current version covers."""
    covered = (
        sa.select(Coverage.learning_point_id)
        .join(CourseVersion, CourseVersion.id == Coverage.course_version_id)
        .where(CourseVersion.course_id == course_id, CourseVersion.is_current)
    )
    about = sa.select(briefing_point.c.version_id).where(briefing_point.c.learning_point_id.in_(covered))
    versions = session.scalars(
        published_versions(actor)
        .where(BriefingVersion.id.in_(about))
        .options(
            selectinload(BriefingVersion.parts),
            selectinload(BriefingVersion.points).selectinload(LearningPoint.themes),
        )
        .order_by(BriefingVersion.published_at.desc(), BriefingVersion.id.desc())
    )
    return [_row(version) for version in versions]


@dataclass(frozen=True)
class CourseToTake:
    """A course that covers what a briefing is about, with its next date that has places, if there is one."""

    code: str
    title: str
    next_date: EventRow | None


def courses_to_take(work: Work, version: BriefingVersion) -> list[CourseToTake]:
    """The live courses that cover the learning behind a briefing."""
    courses = courses_covering(work.session, [point.id for point in version.points])
    if not courses:
        return []
    ids = [course.id for course in courses]
    current = work.session.scalars(
        sa.select(CourseVersion).where(CourseVersion.course_id.in_(ids), CourseVersion.is_current)
    )
    titles = {each.course_id: each.title for each in current}
    dates: dict[int, EventRow] = {}
    for row in event_rows(work, Event.course_id.in_(ids), is_coming(work.now)):
        dates.setdefault(row.course_id, row)
    return [CourseToTake(each.code, titles[each.id], dates.get(each.id)) for each in courses]


def shared_learning(session: Session, version: BriefingVersion) -> list[LearningPoint]:
    """The learning points of a briefing that anybody may read."""
    ids = [point.id for point in version.points]
    points = sa.select(LearningPoint).where(LearningPoint.id.in_(ids), shared_points()).order_by(LearningPoint.ref)
    return list(session.scalars(points)) if ids else []


def feed_versions(session: Session) -> Sequence[BriefingVersion]:
    """The latest fifty that everybody may read."""
    latest = published_versions(PUBLIC).order_by(BriefingVersion.published_at.desc(), BriefingVersion.id.desc())
    return session.scalars(latest.limit(50).options(selectinload(BriefingVersion.parts))).all()


def _criteria(wanted: BriefingSearch) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.theme_id is not None:
        yield BriefingVersion.points.any(LearningPoint.themes.any(Theme.id == wanted.theme_id))
    if wanted.kind is not None:
        yield BriefingVersion.briefing.has(kind=wanted.kind)


def _row(version: BriefingVersion) -> BriefingRow:
    if version.published_at is None:
        raise ValueError("Only what is out is listed.")
    return BriefingRow(
        id=version.briefing_id,
        kind=version.briefing.kind,
        title=version.title,
        summary=version.summary,
        number=version.number,
        published_at=version.published_at,
        minutes=reading_minutes(source_of(version).words),
        is_public=version.is_public,
        themes=tuple(sorted({theme.name for point in version.points for theme in point.themes})),
    )
