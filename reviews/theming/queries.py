"""How often each theme occurs, among what somebody sees."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import PUBLIC, Actor
from reviews.cases.models import Review, review_theme
from reviews.cases.queries import ReviewScope, in_scope
from reviews.cases.rules import Publication
from reviews.cases.visibility.queries import visible_review_ids, visible_to
from reviews.learning.models import LearningPoint, learning_point_theme
from reviews.permissions import MANAGE
from reviews.themes.models import Theme
from reviews.themes.queries import themes
from reviews.themes.rules import ThemeCount, theme_counts


def themes_seen_by(session: Session, actor: Actor) -> list[Theme]:
    """Those that some review or learning point carries which exists for this reader; others would tell something."""
    if actor.may(MANAGE):
        return themes(session)
    on_reviews = sa.select(review_theme.c.theme_id).where(review_theme.c.review_id.in_(visible_review_ids(actor)))
    points = sa.select(LearningPoint.id).where(
        sa.or_(LearningPoint.review_id.is_(None), LearningPoint.review_id.in_(visible_review_ids(actor)))
    )
    on_points = sa.select(learning_point_theme.c.theme_id).where(learning_point_theme.c.learning_point_id.in_(points))
    carried = {*session.scalars(on_reviews), *session.scalars(on_points)}
    return [each for each in themes(session) if each.id in carried]


@dataclass(frozen=True)
class CountedThemes:
    """Theme counts over the reviews in scope, and which of them are under embargo, when the reader may know."""

    counts: list[ThemeCount]
    total: int
    embargoed_ids: tuple[int, ...]


def count_themes(session: Session, actor: Actor, scope: ReviewScope) -> CountedThemes:
    """Count the themes of the reviews in scope that exist for this reader."""
    rows = session.execute(
        sa.select(Review.id, Review.publication, Theme.name)
        .outerjoin(review_theme, review_theme.c.review_id == Review.id)
        .outerjoin(Theme, Theme.id == review_theme.c.theme_id)
        .where(visible_to(actor), *in_scope(scope))
        .order_by(Review.id, Theme.name)
    ).all()
    by_review: dict[int, set[str]] = {}
    for review_id, _, name in rows:
        by_review.setdefault(review_id, set()).update([name] if name else [])
    embargoed = {review_id for review_id, publication, _ in rows if publication is Publication.EMBARGOED}
    return CountedThemes(theme_counts(by_review), len(by_review), tuple(sorted(embargoed)))


def counts_of_themes(session: Session) -> dict[str, ThemeCount]:
    """Theme counts over all reviews that are open, for pages that are handed out."""
    return {each.theme: each for each in count_themes(session, PUBLIC, ReviewScope()).counts}
