"""Writing a review down, and saying what becomes of its report."""

from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.working_days import london_date
from reviews.cases import life
from reviews.cases.models import Review, ReviewKind
from reviews.cases.queries import find_review
from reviews.cases.rules import (
    OUT,
    CaseDates,
    Publication,
    ReviewStage,
    ReviewType,
    check_identifies_nobody,
    check_order,
    check_reasons,
)
from reviews.cases.written import ReviewWritten
from reviews.facts import ReviewPublished
from reviews.themes.queries import themes_by_id


def write_review(work: Work, written: ReviewWritten) -> Review:
    """Add a review. Raises Invalid at the field that cannot be used."""
    review = Review(created_at=work.now, publication=Publication.IN_PROGRESS)
    _apply(work, review, written)
    work.session.add(review)
    work.record("review noted", review, is_confidential=True)
    return review


def change_review(work: Work, review_id: int, written: ReviewWritten) -> Review:
    """Write down how it went on. Raises Invalid at the field that cannot be used, Conflict when it is finished."""
    review = find_review(work.session, work.actor, review_id)
    if written.stage is not review.stage:
        life.WRITE_ON.check(review.stage)
    _apply(work, review, written)
    work.record("review changed", review, is_confidential=True)
    return review


def publish_review(
    work: Work,
    review_id: int,
    publication: Publication,
    *,
    published_on: date | None = None,
    not_published_reason: str = "",
    publication_reason: str = "",
) -> Review:
    """Say what becomes of the report: out in full or in part, not published for a reason, or in progress again.

    Raises Conflict while an embargo stands, Invalid when the day or a reason is missing.
    """
    review = find_review(work.session, work.actor, review_id)
    if review.is_embargoed:
        raise Conflict("There is an embargo on this review. Lift it first.")
    if publication in OUT and published_on is None:
        raise Invalid("Enter the date it was published.", field="published_on")
    if publication is Publication.NONE and not not_published_reason.strip():
        raise Invalid("Explain why it is not published.", field="not_published_reason")
    review.publication = publication
    review.stage = _stage_of(publication, review.stage)
    review.published_on = published_on if publication in OUT else None
    review.not_published_reason = not_published_reason.strip() if publication is Publication.NONE else ""
    review.publication_reason = publication_reason.strip()
    _check_dates(work, review.dates)
    work.record("publication of a review changed", review, is_confidential=True, publication=publication.value)
    if publication in OUT:
        work.tell(ReviewPublished(review.id, in_full=publication is Publication.FULL))
    return review


def _stage_of(publication: Publication, stage: ReviewStage) -> ReviewStage:
    if publication in OUT:
        return ReviewStage.PUBLISHED
    if publication is Publication.NONE:
        return ReviewStage.NOT_PUBLISHED
    return ReviewStage.APPROVED if stage in life.ENDS else stage


def _apply(work: Work, review: Review, written: ReviewWritten) -> None:
    _check(work, review, written)
    for each in fields(written):
        if each.name not in {"types", "theme_ids"}:
            value = getattr(written, each.name)
            setattr(review, each.name, value.strip() if type(value) is str else value)
    set_types(review, written.types)
    review.themes = themes_by_id(work.session, written.theme_ids)
    _check_dates(work, review.dates)


def set_types(review: Review, types: tuple[ReviewType, ...]) -> None:
    """Make these its types, keeping the rows of those that it has."""
    kept = [kind for kind in review.kinds if kind.type in types]
    added = [ReviewKind(type=each) for each in types if each not in {kind.type for kind in kept}]
    review.kinds = [*kept, *added]


def _check(work: Work, review: Review, written: ReviewWritten) -> None:
    if not written.types:
        raise Invalid("Choose at least one type.", field="types")
    for name in ("title", "headline", "summary"):
        check_identifies_nobody(getattr(written, name), field=name)
    if written.stage in life.ENDS and review.stage is not written.stage:
        raise Invalid("Say under “Publication” what becomes of the report.", field="stage")
    if written.decision is not None and written.decided_on is None:
        raise Invalid("Enter the day of the decision.", field="decided_on")
    with work.session.no_autoflush:
        other = work.session.scalar(sa.select(Review.id).where(Review.ref == written.ref.strip()))
    if other is not None and other != review.id:
        raise Invalid("There is a review with this reference already.", field="ref")


def _check_dates(work: Work, dates: CaseDates) -> None:
    today = london_date(work.now)
    check_order(dates, today=today)
    check_reasons(dates, today=today)
