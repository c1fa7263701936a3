"""Finding a name, an address or a number in a text, and taking it out without touching any other character. Pure.

Texts are compared by their plain letters: without accents, capitals and kinds of dashes. What is taken out is cut from
the text as it stands.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lms.kit.erased import ERASED_NAME, ERASED_WORDS
from lms.kit.ordinary_words import are_ordinary

PARTICLES = frozenset(
    {"al", "ap", "ab", "bin", "bint", "binti", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "e"}
    | {"el", "ferch", "ibn", "la", "le", "les", "ten", "ter", "van", "von", "y"}
)
"""Words of names that are written small."""

NO_NAMES = frozenset(
    {"and", "are", "for", "from", "had", "has", "have", "not", "of", "or", "our", "that", "the", "their", "this"}
    | {"was", "were", "with", "your"}
)
SAME = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
SAME |= {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"}
LOOK_TWICE_ABOVE = 20
"""Texts of others. So many are read through at a glance; with more, somebody says that they read them."""

AROUND = 60
"""Characters shown on either side."""

MOST_MARKED = 5
MOST_RECORDS = 8
NAME_WORD = re.compile(r"[^\W\d_]{1,2}\.|[^\W\d_]+(?:['’.-][^\W\d_]+)*")


class PlainLetters(dict[int, str]):
    """What each letter is in small plain letters: none, one or several. Each is worked out once."""

    def __missing__(self, letter: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(letter)).casefold()
        self[letter] = "".join(SAME.get(each, each) for each in parts if unicodedata.category(each) not in ("Mn", "Cf"))
        return self[letter]


PLAIN = PlainLetters()


def folded(text: str) -> str:
    """The text in small plain letters."""
    return text.lower() if text.isascii() else text.translate(PLAIN)


def fold(text: str) -> tuple[str, Sequence[int]]:
    """The text in small plain letters, and the place in the text of each of them."""
    if text.isascii():
        return text.lower(), range(len(text))
    places = [place for place, letter in enumerate(text) for _ in PLAIN[ord(letter)]]
    return text.translate(PLAIN), places


def plain(text: str) -> str:
    """A text as it is compared: Fenwick Osei is Fenwick-Osei, and ONeill O’Neill."""
    return " ".join(folded(text).replace("'", "").replace("-", " ").split())


def reads_as_name(name: str) -> bool:
    """Whether this can only be somebody's whole name: several words, written as names are, not all of them ordinary."""
    words = name.split()
    if not 2 <= len(words) <= 6 or not all(NAME_WORD.fullmatch(word) for word in words):
        return False
    small = {word.casefold() for word in words}
    large = [word for word in words if word.casefold() not in PARTICLES]
    is_mixed = any(word[0].islower() for word in large) and not name.islower()
    return len(large) >= 2 and not is_mixed and not NO_NAMES & small and not are_ordinary(small - PARTICLES)


def is_written_as_name(words: str) -> bool:
    """Whether these words stand in a text as names do, with capitals."""
    parts = [part for part in re.split(r"[\s‐-—-]+", words) if part.casefold() not in PARTICLES]
    return not any(part[:1].islower() for part in parts)


@dataclass(frozen=True)
class Needles:
    """What is looked for in texts.

    `names` are of several words. `is_strict`: they count only where they are written as names, and not as a part of
    something longer. `kept` are longer names of others, which stay whole. `marks` are addresses and references,
    `numbers` the digits of telephones. `alone` counts only where a text is nothing else.
    """

    names: frozenset[str] = field(default=frozenset())
    marks: frozenset[str] = field(default=frozenset())
    numbers: frozenset[str] = field(default=frozenset())
    alone: frozenset[str] = field(default=frozenset())
    kept: frozenset[str] = field(default=frozenset())
    is_strict: bool = True

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What a database that knows no accents is asked for. Every text with a needle in it contains one of these."""
        found = {_longest_plain_run(each) for each in (*self.names, *self.marks, *self.alone)}
        found |= {digits[-3:] for digits in self.numbers}
        found = {each.lower() if each.isascii() else each for each in found if each}
        return tuple(sorted(each for each in found if not any(part in each for part in found - {each})))

    def may_stand_in(self, text: str) -> bool:
        """False where nothing of this stands in a text, and it is nothing of this either: so it is with most texts."""
        letters = folded(text)
        return bool(self._pattern and self._pattern.search(letters)) or letters.strip() in self._alone

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in the text something of this stands."""
        letters, places = fold(text)
        for match in self._pattern.finditer(letters) if self._pattern else ():
            start, end = places[match.start()], places[match.end() - 1] + 1
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
            if match.lastgroup != "kept" and (match.lastgroup != "name" or self._is_name_here(text, start, end)):
                yield start, end

    def is_alone(self, text: str) -> bool:
        """Whether a text is nothing else."""
        return self._instead_of(text) is not None

    def erased_from(self, text: str) -> str:
        """The text without any of this. One that is nothing else becomes "Erased person", or empty for an address."""
        if not self.may_stand_in(text):
            return text
        instead = self._instead_of(text)
        if instead is not None:
            return instead
        parts, at = [], 0
        for start, end in self.spans(text):
            parts += [text[at:start], ERASED_WORDS]
            at = end
        return "".join([*parts, text[at:]])

    def erased_from_json(self, value: Any) -> Any:
        """The same for every text inside a JSON value."""
        if isinstance(value, str):
            return self.erased_from(value)
        if isinstance(value, list):
            return [self.erased_from_json(each) for each in value]
        if isinstance(value, dict):
            return {name: self.erased_from_json(each) for name, each in value.items()}
        return value

    def __or__(self, other: "Needles") -> "Needles":
        """What either of the two looks for, wherever it stands."""
        return Needles(
            self.names | other.names,
            self.marks | other.marks,
            self.numbers | other.numbers,
            self.alone | other.alone,
            is_strict=False,
        )

    def _instead_of(self, text: str) -> str | None:
        """What stands instead of a text that is nothing else; None for every other text."""
        letters = folded(text.strip())
        if letters in self._alone:
            return ERASED_NAME
        match = self._pattern.fullmatch(letters) if self._pattern else None
        if match is None or match.lastgroup == "kept":
            return None
        if match.lastgroup == "name":
            return ERASED_NAME
        return "" if "@" in letters else ERASED_WORDS

    @cached_property
    def _alone(self) -> frozenset[str]:
        return frozenset(folded(each) for each in self.alone)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        words = (("kept", self.kept), ("name", self.names), ("mark", self.marks))
        groups = [f"(?P<{kind}>{'|'.join(map(_written, _longest_first(some)))})" for kind, some in words if some]
        groups += [f"(?P<number>{'|'.join(map(_dialled, _longest_first(self.numbers)))})"] if self.numbers else []
        edges = r"(?<![\w-])(?<!\w')(?:%s)(?![\w-])(?!'(?!s\b)\w)"
        return re.compile(edges % "|".join(groups)) if groups else None

    def _is_name_here(self, text: str, start: int, end: int) -> bool:
        if not self.is_strict:
            return True
        follows = re.match(r"[ \u00a0](\w+)", text[end:])
        goes_on = follows is not None and follows[1][0].isupper() and follows[1] != "I"
        return not goes_on and is_written_as_name(text[start:end])


def as_in_json(text: str) -> str:
    """A text as it stands inside stored JSON, where letters with accents are written as numbers."""
    return json.dumps(text)[1:-1]


def _longest_first(words: frozenset[str]) -> list[str]:
    return sorted(words, key=lambda each: (-len(each), each))


def _longest_plain_run(words: str) -> str:
    runs = re.findall(r"[A-Za-z0-9]+", words) or words.split()
    return max(runs, key=len, default="")


def _written(words: str) -> str:
    """A pattern of words as they may be written: with a hyphen, a line's end or several spaces between them."""
    parts = [re.escape(part).replace("'", "'?") for part in re.split(r"[\s-]+", folded(words)) if part]
    return r"[\s-]+".join(parts)


def _dialled(digits: str) -> str:
    """A pattern of a telephone number as it may be written: from here or from abroad, parted anyhow."""
    own = re.sub("^(0044|44|0)", "", digits)
    between = r"[\s().-]*"
    return rf"(?:\+?(?:0044|44)[\s()0.-]*|\(?0{between})?{between.join(own)}"


# What somebody is shown


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `is_meant`: what was looked for."""

    words: str
    is_meant: bool = False


Excerpts = tuple[tuple[Piece, ...], ...]
"""The words around each place in a text."""


@dataclass(frozen=True)
class Named:
    """A text in which somebody is named: where, and the words around. `what` it is, of what is for everybody."""

    table: str
    column: str
    key: tuple[Any, ...]
    excerpts: Excerpts
    what: str = ""

    @property
    def place(self) -> str:
        """State, as people read it: Booking, manager name."""
        return f"{self.table.replace('_', ' ').capitalize()}, {self.column.replace('_', ' ')}"

    @property
    def record(self) -> str:
        """Which of them: its number."""
        return "/".join(map(str, self.key))


@dataclass(frozen=True)
class Alike:
    """Texts of one kind with the same words around: how many, and in which records the first of them stand."""

    first: Named
    number: int
    records: tuple[str, ...]


def gathered(texts: Iterable[Named]) -> list[Alike]:
    """Texts that read alike, once; the kinds in the order in which they came."""
    groups: dict[tuple[str, Excerpts], list[Named]] = {}
    for each in texts:
        groups.setdefault((each.place, each.excerpts), []).append(each)
    return [Alike(some[0], len(some), tuple(each.record for each in some[:MOST_RECORDS])) for some in groups.values()]


def excerpts_of(texts: Iterable[str], needles: Needles) -> Excerpts:
    """The words around each place, of those texts in which there is one."""
    return tuple(found for text in texts if needles.may_stand_in(text) and (found := _excerpt(text, needles)))


def _excerpt(text: str, needles: Needles) -> tuple[Piece, ...]:
    spans = list(needles.spans(text)) or ([(0, len(text))] if needles.is_alone(text) else [])
    if not spans:
        return ()
    first, pieces = spans[0][0], []
    at = text.find(" ", first - AROUND, first) + 1 if first > AROUND else 0
    if at:
        pieces.append(Piece("… "))
    for start, end in spans[:MOST_MARKED]:
        pieces += [Piece(text[at:start]), Piece(text[start:end], is_meant=True)]
        at = end
    rest = text[at : at + AROUND]
    return tuple(piece for piece in (*pieces, Piece(rest + (" …" if at + AROUND < len(text) else ""))) if piece.words)
