"""Reviews as pages show them. Every function takes the reader and finds only what exists for them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from lms.frame.access import Actor
from lms.kit.errors import NotFound
from reviews.cases.models import Review, ReviewKind
from reviews.cases.rules import Publication, ReviewType
from reviews.cases.visibility.queries import visible_to

NO_SUCH_REVIEW = "We cannot find that review. The list of reviews shows them all."


@dataclass(frozen=True)
class ReviewScope:
    """Which reviews are meant: of any of these types and publication states, within a period. Empty means all.

    A review is of the day of its decision; failing that, of the day it was published or became known.
    """

    types: tuple[ReviewType, ...] = ()
    publications: tuple[Publication, ...] = ()
    theme_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None

    @property
    def is_all(self) -> bool:
        return self == ReviewScope()


def in_scope(scope: ReviewScope) -> list[sa.ColumnElement[bool]]:
    """The scope as criteria for a query on reviews."""
    day = sa.func.coalesce(Review.decided_on, Review.published_on, Review.known_on)
    criteria: list[sa.ColumnElement[bool]] = []
    if scope.types:
        criteria.append(Review.kinds.any(ReviewKind.type.in_(scope.types)))
    if scope.publications:
        criteria.append(Review.publication.in_(scope.publications))
    if scope.theme_id is not None:
        criteria.append(Review.themes.any(id=scope.theme_id))
    if scope.from_on:
        criteria.append(day >= scope.from_on)
    if scope.to_on:
        criteria.append(day <= scope.to_on)
    return criteria


def reviews_seen_by(session: Session, actor: Actor, scope: ReviewScope) -> list[Review]:
    """The reviews in scope that exist for this reader, the newest decision first."""
    return list(
        session.scalars(
            sa.select(Review)
            .where(visible_to(actor), *in_scope(scope))
            .options(selectinload(Review.themes))
            .order_by(sa.func.coalesce(Review.decided_on, Review.known_on).desc().nulls_last(), Review.ref.desc())
        )
    )


def find_review(session: Session, actor: Actor, review_id: int) -> Review:
    """A review that exists for this reader. Raises NotFound, in the same words for one that does not exist at all."""
    review = session.scalar(
        sa.select(Review).where(Review.id == review_id, visible_to(actor)).options(selectinload(Review.themes))
    )
    if review is None:
        raise NotFound(NO_SUCH_REVIEW)
    return review


@dataclass(frozen=True)
class ReviewTally:
    """How many reviews there are: in all, in each publication state (they add up), and of each type (they need not)."""

    total: int
    by_publication: dict[Publication, int]
    by_type: dict[ReviewType, int]


def tally(reviews: Sequence[Review]) -> ReviewTally:
    """Count a joint review once in the total and once under each of its types."""
    publications = Counter(review.publication for review in reviews)
    types = Counter(each for review in reviews for each in review.types)
    return ReviewTally(
        total=len(reviews),
        by_publication={each: publications[each] for each in Publication if publications[each]},
        by_type={each: types[each] for each in ReviewType if types[each]},
    )
