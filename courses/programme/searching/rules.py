"""How what somebody typed is read: short forms, slips of the keys, months, weekdays, levels, online. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lms.kit.folding import folded
from lms.kit.searching import CutText, meant, terms
from lms.kit.words import MONTHS, WEEKDAYS, listed

MOST_WORDS = 12
LONGEST_TYPED = 200
NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
ONLINE = frozenset({"online", "virtual", "virtually", "remote", "remotely", "teams", "zoom"})
LITTLE = frozenset(
    {"a", "about", "all", "an", "and", "any", "are", "as", "at", "by", "can", "course", "courses", "do", "event", "for"}
    | {"events", "from", "how", "i", "in", "is", "it", "me", "my", "near", "of", "on", "or", "our", "session", "some"}
    | {"sessions", "that", "the", "this", "to", "training", "we", "what", "when", "where", "which", "with", "you"}
    | {"your"}
)
"""Words that everybody types and that tell nothing, unless nothing else was typed."""


def _beginnings(names: Sequence[str], *more: tuple[str, int]) -> dict[str, int]:
    """January and jan, Monday, mondays and mon: each with its number."""
    found: dict[str, int] = {}
    for number, name in enumerate(names):
        plain = folded(name)
        found |= {plain: number, f"{plain}s": number, plain[:3]: number}
    return found | dict(more)


MONTHS_TYPED = _beginnings(MONTHS, ("sept", 8))
WEEKDAYS_TYPED = _beginnings(WEEKDAYS, ("tues", 1), ("weds", 2), ("thur", 3), ("thurs", 3))


@dataclass(frozen=True)
class WordsMeant:
    """What courses are called, and what people type for it: domestic abuse, for DV and DA."""

    words: str
    others: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        return (self.words, *self.others)


class Sought(StrEnum):
    """What a part of what was typed is."""

    WORDS = "words"
    LEVEL = "level"
    MONTH = "month"
    WEEKDAY = "weekday"
    DAY = "day"
    YEAR = "year"
    ONLINE = "online"


@dataclass(frozen=True)
class SoughtPart:
    """One thing that is looked for. `said`: how it reads; `instead_of`: what was typed, where that was something else.

    `ways` are the words that it may be found by, the first as it is called; `value` is the number of a month and so on.
    """

    kind: Sought
    said: str
    ways: tuple[CutText, ...] = ()
    value: int = 0
    instead_of: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What was typed, part by part. Nothing typed is no part."""

    typed: str = ""
    parts: tuple[SoughtPart, ...] = ()

    @property
    def changed(self) -> tuple[SoughtPart, ...]:
        """The parts that are looked for in other words than were typed."""
        return tuple(each for each in self.parts if each.instead_of)

    @property
    def also(self) -> str:
        """Domestic violence, DA and DASH: what finds the same as what was typed."""
        shown = [each for part in self.changed for each in part.others[:4]]
        words = listed(shown, "and")
        return words[:1].upper() + words[1:]


Phrases = Mapping[tuple[str, ...], WordsMeant]


@dataclass(frozen=True)
class _Typed:
    """A word as it is looked for, and as it was typed."""

    word: str
    typed: str


def as_typed(typed: str) -> Understood:
    """Word by word, exactly: nothing is read into it."""
    words = _words(typed)
    parts = tuple(SoughtPart(Sought.WORDS, each.typed, (terms(each.word),)) for each in _telling(words))
    return Understood(typed, parts)


def understood(
    typed: str, meanings: Sequence[WordsMeant], known: Collection[str], vocabulary: Collection[str]
) -> Understood:
    """What somebody looks for. `known` are all words in the catalogue, `vocabulary` those that could be meant."""
    phrases = phrases_of(meanings)
    spelt = {part for phrase in phrases for part in phrase}
    words = [_corrected(each, known, spelt, vocabulary) for each in _words(typed)]
    return Understood(typed, tuple(_parts(words, phrases)))


def phrases_of(meanings: Sequence[WordsMeant]) -> dict[tuple[str, ...], WordsMeant]:
    """Every way of saying something, as words, with what is meant; what comes first in the list counts."""
    found: dict[tuple[str, ...], WordsMeant] = {}
    for meaning in meanings:
        for each in meaning.every:
            found.setdefault(tuple(folded(each).split()), meaning)
    found.pop((), None)
    return found


def _words(typed: str) -> list[_Typed]:
    return [
        _Typed(part, raw.strip("“”\"'.,;:!?()"))
        for raw in typed[:LONGEST_TYPED].split()
        for part in folded(raw).split()
    ][:MOST_WORDS]


def _telling(words: Sequence[_Typed]) -> Sequence[_Typed]:
    """Those that tell something; all when none does."""
    return [each for each in words if each.word not in LITTLE] or words


def _corrected(each: _Typed, known: Collection[str], spelt: Collection[str], vocabulary: Collection[str]) -> _Typed:
    word = each.word
    is_known = word in known or word in spelt or word in MONTHS_TYPED or word in WEEKDAYS_TYPED or word in ONLINE
    if is_known or word in LITTLE or terms(word).stems[0] in known or any(one.startswith(word) for one in known):
        return each
    other = meant(word, {*vocabulary, *spelt, *(folded(name) for name in (*MONTHS, *WEEKDAYS))})
    return replace(each, word=other) if other else each


def _parts(words: Sequence[_Typed], phrases: Phrases) -> list[SoughtPart]:
    found: list[SoughtPart] = []
    at = 0
    while at < len(words):
        part, used = _part_at(words, at, phrases)
        if part is not None:
            found.append(part)
        at += used
    return found or [_word(each) for each in words]


def _part_at(
    words: Sequence[_Typed], at: int, phrases: Mapping[tuple[str, ...], WordsMeant]
) -> tuple[SoughtPart | None, int]:
    """What begins here, and of how many words it is."""
    for size in range(min(len(words) - at, 6), 0, -1):
        some = words[at : at + size]
        meaning = phrases.get(tuple(each.word for each in some))
        if meaning is not None:
            return _meant(some, meaning), size
    here, following = words[at], words[at + 1] if at + 1 < len(words) else None
    level, used = _level(here, following)
    if level:
        said = f"level {level}"
        return SoughtPart(Sought.LEVEL, said, (terms(said),), instead_of=here.typed if used == 1 else ""), used
    return _of_dates(here, following, words[at - 1] if at else None), 1


def _level(here: _Typed, following: _Typed | None) -> tuple[str, int]:
    """The level that is meant by "level 3", "level three" or L3, and in how many words; "" for none."""
    if here.word == "level" and following is not None:
        number = NUMBERS.get(following.word, following.word)
        return (number, 2) if number.isdigit() and len(number) < 3 else ("", 0)
    number = here.word[1:]
    return (number, 1) if here.word[:1] == "l" and number.isdigit() and len(number) < 3 else ("", 0)


def _of_dates(here: _Typed, following: _Typed | None, before: _Typed | None) -> SoughtPart | None:
    word = here.word
    beside_month = any(each is not None and each.word in MONTHS_TYPED for each in (following, before))
    if word in MONTHS_TYPED:
        return _named(Sought.MONTH, here, MONTHS[MONTHS_TYPED[word]], MONTHS_TYPED[word] + 1)
    if word in WEEKDAYS_TYPED:
        return _named(Sought.WEEKDAY, here, WEEKDAYS[WEEKDAYS_TYPED[word]], WEEKDAYS_TYPED[word])
    if word in ONLINE:
        return SoughtPart(Sought.ONLINE, "online", (terms(word),))
    if len(word) == 4 and word.isdigit() and word.startswith("20"):
        return SoughtPart(Sought.YEAR, word, (terms(word),), value=int(word))
    day = word.removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    if beside_month and day.isdigit() and 0 < int(day) < 32:
        return SoughtPart(Sought.DAY, day, value=int(day))
    return None if word in LITTLE else _word(here)


def _named(kind: Sought, here: _Typed, name: str, value: int) -> SoughtPart:
    begins_so = folded(name).startswith(folded(here.typed).removesuffix("s")[:4])
    return SoughtPart(kind, name, (terms(name),), value=value, instead_of="" if begins_so else here.typed)


def _word(here: _Typed) -> SoughtPart:
    instead_of = here.typed if here.word not in folded(here.typed).split() else ""
    return SoughtPart(Sought.WORDS, here.word if instead_of else here.typed, (terms(here.word),), instead_of=instead_of)


def _meant(here: Sequence[_Typed], meaning: WordsMeant) -> SoughtPart:
    typed = " ".join(dict.fromkeys(each.typed for each in here))
    is_it = folded(typed) == folded(meaning.words)
    same = folded(typed)
    return SoughtPart(
        Sought.WORDS,
        meaning.words,
        tuple(terms(each) for each in dict.fromkeys((" ".join(each.word for each in here), *meaning.every))),
        instead_of="" if is_it else typed,
        others=tuple(each for each in meaning.others if folded(each) != same),
    )
