"""Saying what texts are about, twice where it is to be relied on; quotations, and what is taken back from reports."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from surveys.coding.models import TextCoding
from surveys.coding.queries import codings_of
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import TextState
from surveys.themes.models import TextTheme


def code_text(work: Work, text: AnswerText, theme_ids: set[int], *, is_example: bool) -> AnswerText:
    """Say what a text is about, and whether it is an example worth showing.

    The first person's themes are what reports count; a second person's stand beside them, until somebody settles
    where they differ.
    """
    themes = _themes(work, theme_ids)
    codings = codings_of(work.session, text.id)
    own = next((each for each in codings if each.by_id == work.actor.person_id), None)
    if own is None:
        if len(codings) > 1:
            raise Conflict("Two people have coded this text already. Settle it where they differ.")
        own = TextCoding(text_id=text.id, by_id=work.actor.person_id)
        work.session.add(own)
    own.at, own.themes = work.now, themes
    is_first = not codings or codings[0] is own
    if is_first and not text.is_settled:
        text.themes, text.is_coded = themes, True
    quote_text(work, text, is_example=is_example)
    return text


def settle_text(work: Work, text: AnswerText, theme_ids: set[int]) -> AnswerText:
    """Say what reports count, where two people differ. Raises Conflict where fewer than two have coded it."""
    if len(codings_of(work.session, text.id)) < 2:
        raise Conflict("Only one person has coded this text. Code it a second time first.")
    text.themes, text.is_coded, text.is_settled = _themes(work, theme_ids), True, True
    work.record("themes of a text settled", text)
    return text


def quote_text(work: Work, text: AnswerText, *, is_example: bool) -> AnswerText:
    """Release a text as a quotation, or withdraw it. Who did stands in the audit, not what it says."""
    if text.is_example != is_example:
        text.is_example = is_example
        work.record("quotation released" if is_example else "quotation withdrawn", text)
    return text


def withdraw_text(work: Work, text: AnswerText, reason: str) -> AnswerText:
    """Take a text out of all reports for good: its words go. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("Enter why you are removing it. Do not repeat anything that identifies someone.", field="reason")
    quote_text(work, text, is_example=False)
    text.words, text.state = "", TextState.WITHHELD
    work.record("text withdrawn from reports", text, reason=reason.strip())
    return text


def add_theme(work: Work, name: str, signs: str = "") -> TextTheme:
    """A further theme for texts, and the words that suggest it. Raises Invalid when there is one of this name."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("Enter a name for the theme.", field="name")
    same = sa.func.lower(TextTheme.name) == name.casefold()
    if work.session.scalar(sa.select(TextTheme.id).where(same)) is not None:
        raise Invalid("There is a theme of this name already.", field="name")
    theme = TextTheme(name=name, signs=signs.strip())
    work.session.add(theme)
    work.record("text theme added", theme, name=name)
    return theme


def change_signs(work: Work, theme: TextTheme, signs: str) -> TextTheme:
    """The words that suggest a theme."""
    theme.signs = signs.strip()
    work.record("words of a text theme changed", theme, name=theme.name)
    return theme


def _themes(work: Work, ids: set[int]) -> list[TextTheme]:
    return list(work.session.scalars(sa.select(TextTheme).where(TextTheme.id.in_(ids)).order_by(TextTheme.name)))
