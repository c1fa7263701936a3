"""Merging themes: what has the one has the other from here on."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Invalid
from reviews.cases.models import review_theme
from reviews.learning.models import learning_point_theme
from reviews.themes.models import Theme
from reviews.themes.rules import ThemeEvent
from reviews.themes.services import in_use, note_change


def merge_theme(work: Work, theme_id: int, into_id: int) -> Theme:
    """Move all that carries one theme to another, which is kept; the name of the first leads there from now on."""
    theme, kept = in_use(work, theme_id), in_use(work, into_id)
    if theme is kept:
        raise Invalid("Choose another theme to merge it into.", field="into_id")
    for table, column in ((review_theme, "review_id"), (learning_point_theme, "learning_point_id")):
        have = sa.select(table.c[column]).where(table.c.theme_id == kept.id)
        work.session.execute(sa.delete(table).where(table.c.theme_id == theme.id, table.c[column].in_(have)))
        work.session.execute(sa.update(table).where(table.c.theme_id == theme.id).values(theme_id=kept.id))
    theme.merged_into_id = kept.id
    theme.history.append(note_change(work, ThemeEvent.MERGED, theme.name, kept.name))
    kept.history.append(note_change(work, ThemeEvent.MERGED, theme.name, kept.name))
    work.record("theme merged", theme, into=kept.id)
    work.session.expire_all()
    return kept
