"""Texts and what is looked for in them, word by word: whole, by stem, by beginning, and mistyped. Pure.

A few hundred texts at most, looked through in the process: the same answers on every database. What was read of a text
is remembered by the text itself, so that nothing here can be out of date.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import takewhile

import snowballstemmer
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from lms.kit.folding import folded

SHORTEST_PART = 3
"""Letters. DA stands for something, and begins day and data."""
SHORTEST_MISTYPED = 4
ALIKE = 62.0
"""Per cent, of rapidfuzz's WRatio: from here on a title is near to what was typed."""

_STEMMER = snowballstemmer.stemmer("english")


class Match(IntEnum):
    """How well a text has what is looked for."""

    NONE = 0
    PART = 1
    STEM = 2
    WHOLE = 3


@dataclass(frozen=True)
class CutText:
    """The words of a text in order, folded, and their stems."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    set_of_words: frozenset[str]
    set_of_stems: frozenset[str]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """What is left of a word without its ending: neglect, of neglected."""
    return str(_STEMMER.stemWord(word))


@lru_cache(maxsize=20_000)
def terms(text: str) -> CutText:
    """The words of a text."""
    words = tuple(folded(text).split())
    stems = tuple(stem(each) for each in words)
    return CutText(words, stems, frozenset(words), frozenset(stems))


def match(wanted: CutText, text: CutText) -> Match:
    """How well a text has some words: a single one also by its beginning, several one after the other."""
    if len(wanted.words) == 1:
        return _match_word(wanted.words[0], wanted.stems[0], text)
    if not wanted.words or not wanted.set_of_stems <= text.set_of_stems:
        return Match.NONE
    size = len(wanted.words)
    starts = [at for at in range(len(text.stems) - size + 1) if text.stems[at : at + size] == wanted.stems]
    if any(text.words[at : at + size] == wanted.words for at in starts):
        return Match.WHOLE
    return Match.STEM if starts else Match.NONE


def _match_word(word: str, its_stem: str, text: CutText) -> Match:
    if word in text.set_of_words:
        return Match.WHOLE
    if len(word) < SHORTEST_PART:
        return Match.NONE
    if its_stem in text.set_of_stems:
        return Match.STEM
    return Match.PART if any(each.startswith(word) for each in text.set_of_words) else Match.NONE


def meant(word: str, vocabulary: Collection[str]) -> str:
    """The word that somebody meant who mistyped it, or "". Of several the nearest, then the first of the alphabet."""
    if len(word) < SHORTEST_MISTYPED or any(each.isdigit() for each in word):
        return ""
    near = (
        (slips, _shared_beginning(word, each), each)
        for each in vocabulary
        if len(each) >= SHORTEST_MISTYPED
        and (most := _most_slips(each)) >= abs(len(each) - len(word))
        and (slips := OSA.distance(word, each, score_cutoff=most)) <= most
    )
    best = min(near, key=lambda found: (found[0], -found[1], found[2]), default=None)
    return best[2] if best and (best[1] or len(word) > SHORTEST_MISTYPED + 1) else ""


def _most_slips(word: str) -> int:
    """Letters of a word that may be wrong, left out, doubled or turned round."""
    return 1 if len(word) < 8 else 2


def _shared_beginning(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def likeness(typed: str, text: str) -> float:
    """How near a text is to what somebody typed, from 0 to 100; 0 for less than is worth showing."""
    return fuzz.WRatio(folded(typed), folded(text), score_cutoff=ALIKE)
