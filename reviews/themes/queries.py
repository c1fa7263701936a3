"""The list of themes, and how many reviews carry each, as this reader may know it."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from lms.frame.access import PUBLIC, Actor
from lms.kit.errors import NotFound
from reviews.cases.models import Review, review_theme
from reviews.cases.queries import Scope, in_scope
from reviews.cases.rules import Publication
from reviews.embargoes.queries import visible_review_ids, visible_to
from reviews.learning.models import LearningPoint, learning_point_theme
from reviews.permissions import MANAGE
from reviews.themes.models import Theme
from reviews.themes.rules import ThemeCount, plain_name, theme_counts


def themes(session: Session) -> list[Theme]:
    """The themes in use, by name."""
    return list(session.scalars(sa.select(Theme).where(Theme.merged_into_id.is_(None)).order_by(Theme.name)))


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


def themes_by_id(session: Session, ids: Collection[int]) -> list[Theme]:
    """The themes in use with these numbers; others are left out."""
    return [each for each in themes(session) if each.id in set(ids)] if ids else []


def themes_by_plain_name(session: Session) -> dict[str, Theme]:
    """Every name that a theme has or had, with the theme in use that it means now."""
    every = list(session.scalars(sa.select(Theme).options(selectinload(Theme.history)).order_by(Theme.id)))
    by_id = {each.id: each for each in every}
    found: dict[str, Theme] = {}
    for each in every:
        names = [change.name_before for change in each.history if change.name_before]
        for name in names:
            found.setdefault(plain_name(name), _in_use(each, by_id))
    found |= {plain_name(each.name): _in_use(each, by_id) for each in every}
    return found


def _in_use(theme: Theme, by_id: dict[int, Theme]) -> Theme:
    while theme.merged_into_id is not None:
        theme = by_id[theme.merged_into_id]
    return theme


def find_theme(session: Session, theme_id: int) -> Theme:
    """A theme with its history. Raises NotFound."""
    found = session.scalar(sa.select(Theme).where(Theme.id == theme_id).options(selectinload(Theme.history)))
    if found is None:
        raise NotFound("There is no such theme. The list of themes shows all that there are.")
    return found


@dataclass(frozen=True)
class CountedThemes:
    """Theme counts over the reviews in scope, and which of them are under embargo, when the reader may know."""

    counts: list[ThemeCount]
    total: int
    embargoed_ids: tuple[int, ...]


def count_themes(session: Session, actor: Actor, scope: Scope) -> CountedThemes:
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
    return {each.theme: each for each in count_themes(session, PUBLIC, Scope()).counts}
