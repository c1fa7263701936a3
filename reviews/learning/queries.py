"""Learning points as pages show them, with the status that follows from their links and evidence.

What stands above builds on three of these: `visible_points(actor)` for pages of the office, `shared_points()` for what
anybody may read (a course's page), and `point_rows` for lists and matrices in a constant number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.frame.access import PUBLIC, Actor
from lms.kit.errors import NotFound
from lms.kit.folding import has_words, words_typed
from reviews.cases.models import Review
from reviews.cases.rules import OUT
from reviews.cases.visibility.queries import visible_review_ids
from reviews.learning.models import Evidence, LearningPoint
from reviews.learning.rules import EvidenceSeen, PointFacts, PointStatus, status_of

NO_SUCH_POINT = "We cannot find that learning point. The list of learning points shows them all."


def visible_points(actor: Actor) -> sa.ColumnElement[bool]:
    """Which learning points exist for this reader: those of reviews that do, and those of no review."""
    return sa.or_(LearningPoint.review_id.is_(None), LearningPoint.review_id.in_(visible_review_ids(actor)))


def shared_points() -> sa.ColumnElement[bool]:
    """Which learning points anybody may read: agreed, in force, and of no review or of one that is published."""
    published = sa.select(Review.id).where(Review.publication.in_(OUT))
    return sa.and_(
        LearningPoint.agreed_on.is_not(None),
        LearningPoint.superseded_on.is_(None),
        visible_points(PUBLIC),
        sa.or_(LearningPoint.review_id.is_(None), LearningPoint.review_id.in_(published)),
    )


@dataclass(frozen=True)
class PointFilter:
    """Which learning points of a list are meant; empty means all."""

    words: str = ""
    theme_id: int | None = None
    status: PointStatus | None = None
    review_id: int | None = None


@dataclass(frozen=True)
class PointRow:
    """A learning point in a list. `review_ref` is empty for a point of no review."""

    id: int
    ref: str
    text: str
    review_id: int | None
    review_ref: str
    themes: tuple[str, ...]
    agreed_on: date | None
    changed_on: date | None
    status: PointStatus
    addressed_by: int


def point_rows(
    session: Session, actor: Actor, wanted: PointFilter = PointFilter(), *, only: sa.ColumnElement[bool] | None = None
) -> list[PointRow]:
    """The learning points that exist for this reader, the latest agreed first; always four queries."""
    points = session.scalars(
        sa.select(LearningPoint)
        .where(visible_points(actor), *_criteria(wanted), *([] if only is None else [only]))
        .options(
            joinedload(LearningPoint.review), selectinload(LearningPoint.themes), selectinload(LearningPoint.links)
        )
        .order_by(LearningPoint.agreed_on.desc().nulls_first(), LearningPoint.ref)
    ).all()
    typed = words_typed(wanted.words)
    points = [point for point in points if has_words(f"{point.ref} {point.text}", typed)]
    findings = findings_of(session, [point.id for point in points])
    rows = [_row(point, findings.get(point.id, ())) for point in points]
    return [row for row in rows if wanted.status is None or row.status is wanted.status]


def find_point(session: Session, actor: Actor, point_id: int) -> LearningPoint:
    """A learning point that exists for this reader. Raises NotFound, in the same words as for none at all."""
    return _found(session, actor, LearningPoint.id == point_id)


def find_point_by_ref(session: Session, actor: Actor, ref: str) -> LearningPoint:
    """The same by its reference, as it stands in addresses."""
    return _found(session, actor, LearningPoint.ref == ref)


def findings_of(session: Session, point_ids: Sequence[int]) -> dict[int, tuple[EvidenceSeen, ...]]:
    """The evidence of several learning points, in one query."""
    rows = session.execute(
        sa.select(Evidence.learning_point_id, Evidence.dated_on, Evidence.verdict)
        .where(Evidence.learning_point_id.in_(point_ids))
        .order_by(Evidence.dated_on, Evidence.id)
    )
    found: dict[int, tuple[EvidenceSeen, ...]] = {}
    for point_id, dated_on, verdict in rows:
        found[point_id] = (*found.get(point_id, ()), EvidenceSeen(dated_on, verdict))
    return found


def facts_of(point: LearningPoint, findings: Sequence[EvidenceSeen]) -> PointFacts:
    """All that a point's status follows from."""
    return PointFacts(
        agreed_on=point.agreed_on,
        meaning_changed_on=point.meaning_changed_on,
        addressed_since=tuple(link.since_on for link in point.links),
        findings=tuple(findings),
        is_superseded=point.superseded_on is not None,
    )


def _criteria(wanted: PointFilter) -> list[sa.ColumnElement[bool]]:
    criteria: list[sa.ColumnElement[bool]] = []
    if wanted.theme_id is not None:
        criteria.append(LearningPoint.themes.any(id=wanted.theme_id))
    if wanted.review_id is not None:
        criteria.append(LearningPoint.review_id == wanted.review_id)
    return criteria


def _row(point: LearningPoint, findings: Sequence[EvidenceSeen]) -> PointRow:
    return PointRow(
        id=point.id,
        ref=point.ref,
        text=point.text,
        review_id=point.review_id,
        review_ref=point.review.ref if point.review else "",
        themes=tuple(theme.name for theme in point.themes),
        agreed_on=point.agreed_on,
        changed_on=max(filter(None, (point.agreed_on, point.meaning_changed_on)), default=None),
        status=status_of(facts_of(point, findings)),
        addressed_by=len(point.links),
    )


def _found(session: Session, actor: Actor, criterion: sa.ColumnElement[bool]) -> LearningPoint:
    point = session.scalar(
        sa.select(LearningPoint)
        .where(criterion, visible_points(actor))
        .options(
            joinedload(LearningPoint.review).selectinload(Review.themes),
            selectinload(LearningPoint.themes),
            selectinload(LearningPoint.links),
        )
    )
    if point is None:
        raise NotFound(NO_SUCH_POINT)
    return point
