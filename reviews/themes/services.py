"""Keeping the list of themes: add, rename, merge. What a theme was called before is kept."""

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.folding import folded
from reviews.themes.models import Theme, ThemeChange
from reviews.themes.queries import find_theme, themes_by_plain_name
from reviews.themes.rules import ThemeEvent, checked_name


def add_theme(work: Work, name: str, meaning: str = "") -> Theme:
    """Add a theme to the list. Raises Invalid when it is there already, under this or a former name."""
    name = checked_name(name)
    _check_new(work, name, but=None)
    theme = Theme(name=name, meaning=meaning.strip())
    theme.history.append(note_change(work, ThemeEvent.ADDED, "", name))
    work.session.add(theme)
    work.record("theme added", theme)
    return theme


def rename_theme(work: Work, theme_id: int, name: str, meaning: str) -> Theme:
    """Give a theme another name: everything that carries it shows the new one."""
    theme = in_use(work, theme_id)
    name = checked_name(name)
    _check_new(work, name, but=theme)
    if name != theme.name:
        theme.history.append(note_change(work, ThemeEvent.RENAMED, theme.name, name))
        theme.name = name
    theme.meaning = meaning.strip()
    work.record("theme changed", theme)
    return theme


def in_use(work: Work, theme_id: int) -> Theme:
    """A theme that was not merged into another. Raises Conflict."""
    theme = find_theme(work.session, theme_id)
    if theme.merged_into_id is not None:
        raise Conflict("This theme was merged into another. Change that one.")
    return theme


def _check_new(work: Work, name: str, *, but: Theme | None) -> None:
    with work.session.no_autoflush:
        there = themes_by_plain_name(work.session).get(folded(name))
    if there is not None and there is not but:
        raise Invalid(f"This is already on the list, as “{there.name}”.", field="name")


def note_change(work: Work, event: ThemeEvent, before: str, after: str) -> ThemeChange:
    """A line of a theme's history."""
    return ThemeChange(at=work.now, by_id=work.actor.person_id, event=event, name_before=before, name_after=after)
