"""Reviews as rows of a CSV file.

A file goes to places that nobody watches. The page's export gives what the reader sees; the command's leaves embargoed
reviews out unless LMS_REVIEWS_EXPORT_EMBARGOED says otherwise. The audit's lines are written here, as confidential.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lms.frame import cells
from lms.frame.plugins import ADDED, UNCHANGED, Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.folding import folded
from lms.kit.working_days import add_months, london_date
from reviews.cases import words
from reviews.cases.models import Review
from reviews.cases.readings.services import note_reading
from reviews.cases.rules import (
    OUT,
    Decision,
    Publication,
    ReviewStage,
    ReviewType,
    check_identifies_nobody,
    is_reportable,
)
from reviews.cases.services import set_types
from reviews.cases.visibility.queries import visible_to
from reviews.embargoes.services import lift_embargo, set_embargo
from reviews.permissions import MANAGE
from reviews.themes.models import Theme
from reviews.themes.queries import themes_by_plain_name
from reviews.themes.services import add_theme

COLUMNS = (
    Column("ref", is_key=True),
    Column("types", is_required=True),
    Column("title", is_required=True),
    Column("status"),
    Column("publication", is_required=True),
    Column("decided_on"),
    Column("published_on"),
    Column("themes"),
)
NO_REASON = "Not given in the imported file"
EMBARGO_MONTHS = 3
SAID_OF_TYPES = {
    "serious case review": ReviewType.SCR,
    "local child safeguarding practice review": ReviewType.LCSPR,
    "learning lessons review": ReviewType.LEARNING_LESSONS,
    "llr": ReviewType.LEARNING_LESSONS,
    "domestic homicide review": ReviewType.DHR,
    "safeguarding adults review": ReviewType.SAR,
    "safeguarding adult review": ReviewType.SAR,
    "audit": ReviewType.MULTI_AGENCY_AUDIT,
    "thematic": ReviewType.THEMATIC,
}
SAID_OF_STAGES = {
    "in progress": ReviewStage.UNDER_WAY,
    "ongoing": ReviewStage.UNDER_WAY,
    "decided": ReviewStage.DECISION,
    "published in full": ReviewStage.PUBLISHED,
    "published in part": ReviewStage.PUBLISHED,
    "complete": ReviewStage.PUBLISHED,
    "completed": ReviewStage.PUBLISHED,
    "finished": ReviewStage.PUBLISHED,
    "closed": ReviewStage.NOT_PUBLISHED,
}


@dataclass
class ReviewsLookup:
    """What all rows need, looked up once."""

    reviews: dict[str, Review]
    themes: dict[str, Theme]


def read_reviews(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change reviews by reference. A theme that is not in the list yet is added to it."""
    refs = [cells.text(row, "ref") for row in rows]
    found = work.session.scalars(
        sa.select(Review).where(Review.ref.in_(refs)).options(selectinload(Review.themes)).order_by(Review.id)
    )
    known = ReviewsLookup({review.ref: review for review in found}, themes_by_plain_name(work.session))

    def read(row: Mapping[str, str]) -> Change:
        review = known.reviews.get(cells.text(row, "ref"))
        before = None if review is None else as_row(review)
        if review is None:
            review = Review(ref=cells.text(row, "ref"), created_at=work.now, publication=Publication.IN_PROGRESS)
        _apply(work, known, review, row)
        if before is None:
            work.record("review added by import", review, is_confidential=True)
            return ADDED
        changed = tuple(column for column, was in before.items() if was != as_row(review)[column])
        if changed:
            work.record("review changed by import", review, is_confidential=True, columns=list(changed))
        return Change("changed", changed) if changed else UNCHANGED

    return read


def as_row(review: Review) -> dict[str, str]:
    """A review as a file says it."""
    return {
        "ref": review.ref,
        "types": cells.said_words(each.value for each in review.types),
        "title": review.title,
        "status": review.stage.value,
        "publication": review.publication.value,
        "decided_on": cells.said_date(review.decided_on),
        "published_on": cells.said_date(review.published_on),
        "themes": cells.said_words(sorted(theme.name for theme in review.themes)),
    }


def export_reviews(work: Work) -> Iterator[Mapping[str, str]]:
    """The reviews that the reader sees; a command's file has embargoed ones only when the installation says so."""
    says_all = work.actor.is_program and work.setting("reviews.export_embargoed")
    reviews: Sequence[Review] = work.session.scalars(
        sa.select(Review)
        .where(sa.true() if says_all else visible_to(work.actor))
        .options(selectinload(Review.themes))
        .order_by(Review.ref)
    ).all()
    note_reading(work, [review.id for review in reviews], "export of reviews")
    return (as_row(review) for review in reviews)


def _apply(work: Work, known: ReviewsLookup, review: Review, row: Mapping[str, str]) -> None:
    review.title = check_identifies_nobody(cells.text(row, "title", required=True), field="title")
    review.decided_on = cells.iso_date(row, "decided_on")
    review.published_on = cells.iso_date(row, "published_on")
    types = tuple(_type(each) for each in cells.words(row, "types"))
    publication = cells.choice(row, "publication", Publication)
    stage, decision = _stage(cells.text(row, "status"), publication)
    themes = [_theme(work, known, name) for name in cells.words(row, "themes")]
    if review.id is None:
        work.session.add(review)
        known.reviews[review.ref] = review
    set_types(review, types)
    review.themes = list(dict.fromkeys(themes))
    review.decision = decision or review.decision
    _publish(work, review, publication, stage)


def _publish(work: Work, review: Review, publication: Publication, stage: ReviewStage) -> None:
    """The embargo is set and lifted by the service that does it everywhere."""
    if review.is_embargoed and publication is not Publication.EMBARGOED:
        lift_embargo(work, review, reason="Lifted by an import")
    is_new_embargo = publication is Publication.EMBARGOED and not review.is_embargoed
    if is_new_embargo:
        review.publication = Publication.FULL if stage is ReviewStage.PUBLISHED else Publication.IN_PROGRESS
    elif publication is not Publication.EMBARGOED:
        review.publication = publication
    review.stage = stage
    if publication is Publication.NONE:
        review.not_published_reason = review.not_published_reason or NO_REASON
    work.session.flush()
    if is_new_embargo:
        day = add_months(london_date(work.now), EMBARGO_MONTHS)
        set_embargo(work, review, reason="Embargoed in the imported file", look_again_on=day)


def _type(said: str) -> ReviewType:
    plain = folded(said)
    known = {folded(each.value): each for each in ReviewType} | SAID_OF_TYPES
    known |= {folded(name): each for each, name in words.TYPES.items()}
    if plain not in known:
        kinds = ", ".join(each.value for each in ReviewType)
        raise Invalid(f"“{said}” is no type of review. Enter one or several of: {kinds}.", field="types")
    return known[plain]


def _stage(said: str, publication: Publication) -> tuple[ReviewStage, Decision | None]:
    plain = folded(said)
    decisions = {each.value.replace("_", " "): each for each in Decision}
    stages = {each.value.replace("_", " "): each for each in ReviewStage} | SAID_OF_STAGES
    if plain and plain not in stages and plain not in decisions:
        kinds = ", ".join(each.value for each in ReviewStage)
        raise Invalid(f"“{said}” is no status of a review. Enter one of: {kinds}.", field="status")
    decision = decisions.get(plain)
    stage = stages.get(plain) or (ReviewStage.DECISION if decision else _usual_stage(publication))
    if publication in OUT and stage in {ReviewStage.APPROVED, ReviewStage.NOT_PUBLISHED}:
        stage = ReviewStage.PUBLISHED
    if publication is Publication.NONE and stage is ReviewStage.PUBLISHED:
        stage = ReviewStage.NOT_PUBLISHED
    if not is_reportable(stage, publication):
        raise Invalid(f"A review that is “{said}” cannot be “{publication.value}”. Change one of them.", field="status")
    return stage, decision


def _usual_stage(publication: Publication) -> ReviewStage:
    if publication in OUT:
        return ReviewStage.PUBLISHED
    return ReviewStage.NOT_PUBLISHED if publication is Publication.NONE else ReviewStage.UNDER_WAY


def _theme(work: Work, known: ReviewsLookup, name: str) -> Theme:
    theme = known.themes.get(folded(name))
    if theme is None:
        theme = known.themes[folded(name)] = add_theme(work, name)
    return theme


IMPORT = Import(
    kind="reviews",
    words="Reviews: what they were, what became of them, and their themes",
    columns=COLUMNS,
    reader=read_reviews,
    export=export_reviews,
    permission=MANAGE,
    position=60,
)
