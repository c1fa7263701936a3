"""The office's words for what courses are about."""

import sqlalchemy as sa

from courses.programme.searching.models import SearchMeaning
from courses.programme.searching.queries import meaning_rows
from courses.programme.searching.rules import WordsMeant
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed
from lms.kit.folding import folded

LONGEST = 80
MOST_OTHERS = 30


def save_meaning(work: Work, meaning: WordsMeant, *, instead_of: str = "") -> SearchMeaning:
    """Keep what finds the same as some words, in place of what is shipped or was kept under them."""
    _check_may(work)
    words = " ".join(meaning.words.split())
    others = list(dict.fromkeys(" ".join(each.split()) for each in meaning.others if folded(each)))
    _check(words, others)
    kept = {folded(row.words): row for row in meaning_rows(work.session)}
    before = kept.get(folded(instead_of or words))
    if folded(words) in kept and kept[folded(words)] is not before:
        raise Conflict(f"“{words}” is already on the list. Change it there.")
    record = None
    if before is not None and before.meaning_id is not None:
        record = work.session.get(SearchMeaning, before.meaning_id)
    record = record or SearchMeaning()
    record.words, record.others = words, others
    work.session.add(record)
    work.record("search words changed", record, words=words)
    return record


def put_back(work: Work, words: str) -> None:
    """Take away what the office wrote: what is shipped under these words counts again, if anything is."""
    _check_may(work)
    for record in work.session.scalars(sa.select(SearchMeaning).order_by(SearchMeaning.id)).all():
        if folded(record.words) == folded(words):
            work.record("search words put back", record, words=record.words)
            work.session.delete(record)


def _check(words: str, others: list[str]) -> None:
    if not folded(words):
        raise Invalid("Enter what courses call it.", field="words")
    if any(len(each) > LONGEST for each in (words, *others)):
        raise Invalid(f"Keep each of them to {LONGEST} characters.", field="others")
    if len(others) > MOST_OTHERS:
        raise Invalid(f"Keep them to {MOST_OTHERS}.", field="others")


def _check_may(work: Work) -> None:
    if not work.actor.may("courses.manage_catalogue"):
        raise NotAllowed("Only coordinators can change what searches find. Ask the training team.")
