"""What of the reviews' facts other systems may hear: what anybody may read, and nothing under embargo, whoever asks."""

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from lms.api.shapes import says
from lms.frame.access import PUBLIC
from lms.frame.plugins import ToldFact
from lms.frame.work import Work
from reviews.cases.models import Review
from reviews.cases.rules import OUT
from reviews.cases.visibility.queries import visible_to
from reviews.facts import LearningPointAgreed, LearningPointSuperseded, ReviewPublished
from reviews.learning.models import LearningPoint
from reviews.learning.queries import shared_points, visible_points
from reviews.permissions import READ


@dataclass(frozen=True)
class ReviewTold:
    """A review whose report is out."""

    review_ref: str = field(metadata=says("Its reference.", example="R-2026-03"))
    in_full: bool = field(metadata=says("Whether the whole report is out.", example=True))
    published_on: date | None = field(metadata=says("The day.", example="2026-05-14"))


@dataclass(frozen=True)
class AgreedPointTold:
    """A learning point that may be taught."""

    learning_point_ref: str = field(metadata=says("Its reference.", example="LP-0031"))
    agreed_on: date = field(metadata=says("The day.", example="2026-05-14"))


@dataclass(frozen=True)
class SupersededPointTold:
    """A learning point that is no longer asked for."""

    learning_point_ref: str = field(metadata=says("Its reference.", example="LP-0031"))
    by_ref: str | None = field(metadata=says("Which one is asked for instead, when that may be known."))


def tell_published(work: Work, fact: ReviewPublished) -> ReviewTold | None:
    """A report is out. Asked again when it is sent: one that has come under embargo meanwhile is told to nobody."""
    out = Review.publication.in_(OUT)
    review = work.session.scalar(sa.select(Review).where(Review.id == fact.review_id, out, visible_to(PUBLIC)))
    if review is None:
        return None
    return ReviewTold(review.ref, fact.in_full, review.published_on)


def tell_agreed(work: Work, fact: LearningPointAgreed) -> AgreedPointTold | None:
    """A learning point that anybody may read may be taught."""
    found = sa.select(LearningPoint.ref).where(LearningPoint.id == fact.learning_point_id, shared_points())
    ref = work.session.scalar(found)
    return None if ref is None else AgreedPointTold(ref, fact.agreed_on)


def tell_superseded(work: Work, fact: LearningPointSuperseded) -> SupersededPointTold | None:
    """A learning point is no longer asked for, and which one is instead."""
    refs = {
        row.id: row.ref
        for row in work.session.execute(
            sa.select(LearningPoint.id, LearningPoint.ref)
            .where(LearningPoint.id.in_([fact.learning_point_id, fact.by_id or 0]))
            .where(visible_points(PUBLIC), LearningPoint.review_id.is_(None) | LearningPoint.review_id.in_(_out()))
            .order_by(LearningPoint.id)
        )
    }
    if fact.learning_point_id not in refs:
        return None
    return SupersededPointTold(refs[fact.learning_point_id], refs.get(fact.by_id or 0))


def _out() -> sa.Select[int]:
    return sa.select(Review.id).where(Review.publication.in_(OUT))


TOLD_FACTS = (
    ToldFact("reviews.review_published", "A review’s report is out", ReviewPublished, READ, tell_published, ReviewTold),
    ToldFact(
        "reviews.learning_point_agreed",
        "A learning point may be taught",
        LearningPointAgreed,
        READ,
        tell_agreed,
        AgreedPointTold,
    ),
    ToldFact(
        "reviews.learning_point_superseded",
        "A learning point is no longer asked for",
        LearningPointSuperseded,
        READ,
        tell_superseded,
        SupersededPointTold,
    ),
)
