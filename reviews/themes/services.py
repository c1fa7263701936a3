"""Keeping the list of themes: add, rename, merge. What a theme was called before is kept."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from reviews.cases.models import review_theme
from reviews.learning.models import learning_point_theme
from reviews.themes.models import Theme, ThemeChange
from reviews.themes.queries import find_theme, themes_by_plain_name
from reviews.themes.rules import ThemeEvent, checked_name, plain_name


def add_theme(work: Work, name: str, meaning: str = "") -> Theme:
    """Add a theme to the list. Raises Invalid when it is there already, under this or a former name."""
    name = checked_name(name)
    _check_new(work, name, but=None)
    theme = Theme(name=name, meaning=meaning.strip())
    theme.history.append(_change(work, ThemeEvent.ADDED, "", name))
    work.session.add(theme)
    work.record("theme added", theme)
    return theme


def rename_theme(work: Work, theme_id: int, name: str, meaning: str) -> Theme:
    """Give a theme another name: everything that carries it shows the new one."""
    theme = _in_use(work, theme_id)
    name = checked_name(name)
    _check_new(work, name, but=theme)
    if name != theme.name:
        theme.history.append(_change(work, ThemeEvent.RENAMED, theme.name, name))
        theme.name = name
    theme.meaning = meaning.strip()
    work.record("theme changed", theme)
    return theme


def merge_theme(work: Work, theme_id: int, into_id: int) -> Theme:
    """Move all that carries one theme to another, which is kept; the name of the first leads there from now on."""
    theme, kept = _in_use(work, theme_id), _in_use(work, into_id)
    if theme is kept:
        raise Invalid("Choose another theme to merge it into.", field="into_id")
    for table, column in ((review_theme, "review_id"), (learning_point_theme, "learning_point_id")):
        have = sa.select(table.c[column]).where(table.c.theme_id == kept.id)
        work.session.execute(sa.delete(table).where(table.c.theme_id == theme.id, table.c[column].in_(have)))
        work.session.execute(sa.update(table).where(table.c.theme_id == theme.id).values(theme_id=kept.id))
    theme.merged_into_id = kept.id
    theme.history.append(_change(work, ThemeEvent.MERGED, theme.name, kept.name))
    kept.history.append(_change(work, ThemeEvent.MERGED, theme.name, kept.name))
    work.record("theme merged", theme, into=kept.id)
    work.session.expire_all()
    return kept


def _in_use(work: Work, theme_id: int) -> Theme:
    theme = find_theme(work.session, theme_id)
    if theme.merged_into_id is not None:
        raise Conflict("This theme was merged into another. Change that one.")
    return theme


def _check_new(work: Work, name: str, *, but: Theme | None) -> None:
    with work.session.no_autoflush:
        there = themes_by_plain_name(work.session).get(plain_name(name))
    if there is not None and there is not but:
        raise Invalid(f"This is in the list already, as “{there.name}”.", field="name")


def _change(work: Work, event: ThemeEvent, before: str, after: str) -> ThemeChange:
    return ThemeChange(at=work.now, by_id=work.actor.person_id, event=event, name_before=before, name_after=after)
