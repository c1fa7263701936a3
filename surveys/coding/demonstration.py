"""Most of what the invented people wrote is coded; the rest is left for whoever tries it out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lms.frame.work import Work
from lms.people.models import Person
from surveys.coding.models import TextCoding
from surveys.free_text.models import AnswerText, answer_text_theme
from surveys.free_text.rules import TextState
from surveys.themes.models import TextTheme

CODERS = ("DEMO-BUSINESS-MANAGER", "DEMO-COORDINATOR")


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
    _code_again(work, [str(row["id"]) for row in coded[::9]], links)


def _code_again(work: Work, text_ids: Sequence[str], links: Sequence[Mapping[str, Any]]) -> None:
    """Some were coded by a second person too, who gave one theme fewer now and then."""
    coders = work.session.scalars(sa.select(Person).where(Person.ref.in_(CODERS)).order_by(Person.ref)).all()
    themes = {each.id: each for each in work.session.scalars(sa.select(TextTheme).order_by(TextTheme.id))}
    given: dict[str, list[TextTheme]] = {each: [] for each in text_ids}
    for link in links:
        if link["text_id"] in given:
            given[link["text_id"]].append(themes[link["theme_id"]])
    for number, text_id in enumerate(text_ids):
        for coder in coders:
            is_shorter = coder is coders[-1] and number % 5 == 0
            of_coder = given[text_id][1:] if is_shorter else given[text_id]
            work.session.add(TextCoding(text_id=text_id, by_id=coder.id, at=work.now, themes=of_coder))
    work.session.flush()


def _themes_in(words: str, signs: dict[str, str]) -> Iterator[str]:
    for name, sign in signs.items():
        if any(each in words.casefold() for each in sign.split(",")):
            yield name
