"""Most of what the invented people wrote is coded; the rest is left for whoever tries it out."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from lms.frame.work import Work
from surveys.free_text.models import AnswerText, answer_text_theme
from surveys.free_text.rules import TextState
from surveys.themes.models import TextTheme


def code_texts(work: Work, said: dict[str, Any]) -> None:
    """Most texts are coded, by what stands in them; some are chosen as examples."""
    session = work.session
    themes = {each.name: each.id for each in session.scalars(sa.select(TextTheme))}
    rows = session.execute(
        sa.select(AnswerText.id, AnswerText.words).where(AnswerText.state == TextState.SHOWN).order_by(AnswerText.words)
    ).all()
    links, coded = [], []
    for number, (text_id, words) in enumerate(rows):
        if number % 7 == 0:
            continue  # left for whoever tries it out
        links += [{"text_id": text_id, "theme_id": themes[name]} for name in _themes_in(words, said["themes"])]
        coded.append({"id": text_id, "is_coded": True, "is_example": words in said["examples"] and number % 4 == 1})
    session.execute(sa.update(AnswerText), coded)
    session.execute(sa.insert(answer_text_theme), links)


def _themes_in(words: str, signs: dict[str, str]) -> Iterator[str]:
    for name, sign in signs.items():
        if any(each in words.casefold() for each in sign.split(",")):
            yield name
