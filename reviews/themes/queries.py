"""The list of themes, and how many reviews carry each, as this reader may know it."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from lms.kit.errors import NotFound
from lms.kit.folding import folded
from reviews.themes.models import Theme


def themes(session: Session) -> list[Theme]:
    """The themes in use, by name."""
    return list(session.scalars(sa.select(Theme).where(Theme.merged_into_id.is_(None)).order_by(Theme.name)))


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
            found.setdefault(folded(name), _in_use(each, by_id))
    found |= {folded(each.name): _in_use(each, by_id) for each in every}
    return found


def _in_use(theme: Theme, by_id: dict[int, Theme]) -> Theme:
    while theme.merged_into_id is not None:
        theme = by_id[theme.merged_into_id]
    return theme


def find_theme(session: Session, theme_id: int) -> Theme:
    """A theme with its history. Raises NotFound."""
    found = session.scalar(sa.select(Theme).where(Theme.id == theme_id).options(selectinload(Theme.history)))
    if found is None:
        raise NotFound("We cannot find that theme. The list of themes shows them all.")
    return found
