"""Learning points as rows of a CSV file. What belongs to an embargoed review goes out as its review does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from lms.frame import cells
from lms.frame.plugins import ADDED, UNCHANGED, Change, Column, Import, RowReader
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.folding import folded
from lms.kit.working_days import london_date
from reviews.cases.models import Review
from reviews.cases.readings.services import note_reading
from reviews.cases.rules import check_identifies_nobody
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points
from reviews.learning.rules import checked_ref
from reviews.learning.services import NOT_NOTED
from reviews.permissions import MANAGE
from reviews.themes.models import Theme
from reviews.themes.queries import themes_by_plain_name
from reviews.themes.services import add_theme

COLUMNS = (
    Column("ref", is_key=True),
    Column("review_ref"),
    Column("text", is_required=True),
    Column("themes"),
    Column("agreed_on"),
)


@dataclass
class PointsLookup:
    """What all rows need, looked up once."""

    points: dict[str, LearningPoint]
    reviews: dict[str, Review]
    themes: dict[str, Theme]


def read_points(work: Work, rows: list[Mapping[str, str]]) -> RowReader:
    """Add or change learning points by reference. Nobody is told: this is how a history comes in."""
    known = _known(work, rows)

    def read(row: Mapping[str, str]) -> Change:
        ref = checked_ref(cells.text(row, "ref"))
        point = known.points.get(ref)
        before = None if point is None else as_row(point)
        if point is None:
            point = LearningPoint(ref=ref, created_at=work.now, agreed_minute="")
        _apply(work, known, point, row)
        if before is None:
            work.session.add(point)
            known.points[ref] = point
            work.record("learning point added by import", point, is_confidential=True)
            return ADDED
        changed = tuple(column for column, was in before.items() if was != as_row(point)[column])
        if changed:
            work.record("learning point changed by import", point, is_confidential=True, columns=list(changed))
        return Change("changed", changed) if changed else UNCHANGED

    return read


def as_row(point: LearningPoint) -> dict[str, str]:
    """A learning point as a file says it."""
    return {
        "ref": point.ref,
        "review_ref": point.review.ref if point.review else "",
        "text": point.text,
        "themes": cells.said_words(sorted(theme.name for theme in point.themes)),
        "agreed_on": cells.said_date(point.agreed_on),
    }


def export_points(work: Work) -> Iterator[Mapping[str, str]]:
    """The learning points that the reader sees; embargoed ones go out as in the file of reviews."""
    says_all = work.actor.is_program and work.setting("reviews.export_embargoed")
    points = work.session.scalars(
        sa.select(LearningPoint)
        .where(sa.true() if says_all else visible_points(work.actor))
        .options(joinedload(LearningPoint.review), selectinload(LearningPoint.themes))
        .order_by(LearningPoint.ref)
    ).all()
    note_reading(work, [point.review_id for point in points], "export of learning points")
    return (as_row(point) for point in points)


def _apply(work: Work, known: PointsLookup, point: LearningPoint, row: Mapping[str, str]) -> None:
    point.text = check_identifies_nobody(cells.text(row, "text", required=True), field="text")
    review = cells.one_of(row, "review_ref", known.reviews, what="review")
    point.review, point.review_id = review, review.id if review else None
    names = cells.words(row, "themes")
    themes = [known.themes.get(folded(name)) or _new_theme(work, known, name) for name in names]
    point.themes = list(dict.fromkeys(themes))
    agreed_on = cells.iso_date(row, "agreed_on")
    if agreed_on is not None and agreed_on > london_date(work.now):
        raise Invalid("This date is in the future. Leave it empty until it is agreed.", field="agreed_on")
    point.agreed_on = agreed_on
    point.agreed_minute = (point.agreed_minute or NOT_NOTED) if agreed_on else ""


def _new_theme(work: Work, known: PointsLookup, name: str) -> Theme:
    return known.themes.setdefault(folded(name), add_theme(work, name))


def _known(work: Work, rows: list[Mapping[str, str]]) -> PointsLookup:
    refs = [" ".join(cells.text(row, "ref").split()) for row in rows]
    points = work.session.scalars(
        sa.select(LearningPoint)
        .where(LearningPoint.ref.in_(refs))
        .options(joinedload(LearningPoint.review), selectinload(LearningPoint.themes))
        .order_by(LearningPoint.id)
    )
    review_refs = [cells.text(row, "review_ref") for row in rows]
    reviews = work.session.scalars(sa.select(Review).where(Review.ref.in_(review_refs)).order_by(Review.id))
    return PointsLookup(
        {point.ref: point for point in points},
        {review.ref: review for review in reviews},
        themes_by_plain_name(work.session),
    )


IMPORT = Import(
    kind="learning-points",
    words="Learning points: what should change, from which review, and since when it is agreed",
    columns=COLUMNS,
    reader=read_points,
    export=export_points,
    permission=MANAGE,
    position=70,
)
