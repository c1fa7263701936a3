"""The short forms and everyday words by which courses are found: those shipped, as the office changed them."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.searching.models import SearchMeaning
from courses.programme.searching.rules import WordsMeant
from lms.kit.errors import NotFound
from lms.kit.folding import folded


@dataclass(frozen=True)
class MeaningRow:
    """A line of the office's list. `meaning_id` is None for what stands as it was shipped."""

    words: str
    others: tuple[str, ...]
    meaning_id: int | None
    is_shipped: bool


@lru_cache(maxsize=1)
def shipped() -> tuple[WordsMeant, ...]:
    """What the field abbreviates."""
    read = tomllib.loads(Path(__file__).with_name("shipped.toml").read_text(encoding="utf-8"))
    return tuple(WordsMeant(words, tuple(others)) for words, others in read["meanings"].items())


def meaning_rows(session: Session) -> list[MeaningRow]:
    """Every meaning with what finds the same, by its words: one query."""
    own = {folded(each.words): each for each in session.scalars(sa.select(SearchMeaning).order_by(SearchMeaning.id))}
    ours = {folded(each.words): each for each in shipped()}
    rows = [MeaningRow(each.words, tuple(each.others), each.id, key in ours) for key, each in own.items()]
    rows += [MeaningRow(each.words, each.others, None, True) for key, each in ours.items() if key not in own]
    return sorted(rows, key=lambda row: folded(row.words))


def meanings(session: Session) -> list[WordsMeant]:
    """What searches go by; the office's own come first where two claim a word."""
    rows = sorted(meaning_rows(session), key=lambda row: row.meaning_id is None)
    return [WordsMeant(row.words, row.others) for row in rows if row.others]


def meaning_by_words(session: Session, words: str) -> MeaningRow:
    """One line of the list. Raises NotFound."""
    found = [row for row in meaning_rows(session) if folded(row.words) == folded(words)]
    if not found:
        raise NotFound("There are no such words. Look for them in the list of short forms.")
    return found[0]
