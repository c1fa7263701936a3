"""Whether a course or one of its dates has what is looked for, how well, and why. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.programme.searching.rules import Sought, SoughtPart, Understood
from lms.kit.searching import CutText, Match, likeness, match, terms
from lms.kit.words import listed

STRENGTH = {Match.WHOLE: 1.0, Match.STEM: 0.9, Match.PART: 0.6, Match.NONE: 0.0}
ANOTHER_WAY = 0.9
"""What is found by other words for the same comes after what is found by those that were typed."""
OF_DATE = 60
MOST_NEAREST = 4


@dataclass(frozen=True)
class TextField:
    """Where in a course words may stand: how much that says, and how it reads, with the words for {}."""

    weight: int
    reads: str


TITLE = TextField(100, "{} in the title")
CODE = TextField(95, "{} is its code")
TRAINER = TextField(80, "a date with {}")
VENUE = TextField(75, "a date at {}")
KIND = TextField(60, "it is a {}")
LEVEL = TextField(60, "it is {}")
WHOM = TextField(45, "it is for {}")
SUMMARY = TextField(50, "{} in what it is about")
OUTCOMES = TextField(45, "{} among what you will learn")
LEARNED = TextField(45, "{} in what it teaches from reviews")
AIMS = TextField(30, "{} in its aims")


@dataclass(frozen=True)
class FindableDate:
    """A date: where and with whom it is, and its days as (year, month, day of the month, weekday from Monday, 0)."""

    texts: tuple[tuple[TextField, str], ...] = ()
    days: tuple[tuple[int, int, int, int], ...] = ()
    is_online: bool = False


@dataclass(frozen=True)
class Findable:
    """A course of the catalogue, as everybody may read it."""

    title: str
    texts: tuple[tuple[TextField, str], ...] = ()
    dates: tuple[FindableDate, ...] = ()


@dataclass(frozen=True)
class Hit:
    """Why a course is found: the best first. `dates` are the numbers of those that fit."""

    is_whole: bool
    score: float
    dates: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class _Had:
    """That a part is there: where, and how well."""

    score: float
    match: Match
    reads: str


NOT_THERE = _Had(0, Match.NONE, "")


def hit(wanted: Understood, course: Findable) -> Hit | None:
    """Everything that is looked for is in the course, or in one and the same date of it."""
    in_course = []
    for part in wanted.parts:
        in_course.append(_in_texts(part, _texts(course)))
        if not in_course[-1].score and not any(_by_date(part, course)):
            return None
    of_dates = [part for part, had in zip(wanted.parts, in_course, strict=True) if not had.score]
    dates = tuple(
        number for number, date in enumerate(course.dates) if all(_in_date(part, date).score for part in of_dates)
    )
    if of_dates and not dates:
        return None
    first = course.dates[dates[0]] if dates else FindableDate()
    had = [each if each.score else _in_date(part, first) for part, each in zip(wanted.parts, in_course, strict=True)]
    return Hit(
        is_whole=all(each.match > Match.PART for each in had),
        score=sum(each.score for each in had),
        dates=dates if of_dates else tuple(range(len(course.dates))),
        why=_why(wanted.parts, had),
    )


def nearness(wanted: Understood, course: Findable) -> float:
    """How near a course is to what was typed and not found: by the parts that it has, or by its title."""
    had = [max(_in_texts(part, _texts(course)).score, *_by_date(part, course)) for part in wanted.parts]
    return sum(had) or likeness(wanted.typed, course.title) / 2


def nearest(wanted: Understood, courses: Iterable[Findable]) -> list[int]:
    """The numbers of the courses nearest to what was typed, the nearest first."""
    found = [(nearness(wanted, course), number) for number, course in enumerate(courses)]
    return [number for score, number in sorted(found, key=lambda one: (-one[0], one[1])) if score][:MOST_NEAREST]


def words_in(courses: Iterable[Findable]) -> tuple[set[str], set[str]]:
    """All words and stems of what can be found; and the words that somebody may have meant who mistyped one."""
    known: set[str] = set()
    vocabulary: set[str] = set()
    for course in courses:
        of_dates = (text for date in course.dates for text in date.texts)
        for _, text in (*_texts(course), *of_dates):
            read = terms(text)
            known |= read.set_of_words | read.set_of_stems
            vocabulary |= read.set_of_words
    return known, vocabulary


def _texts(course: Findable) -> tuple[tuple[TextField, str], ...]:
    return ((TITLE, course.title), *course.texts)


def _in_texts(part: SoughtPart, texts: Sequence[tuple[TextField, str]]) -> _Had:
    """Where a part stands best. A month, a weekday, a day, a year and “online” count as words in a title alone."""
    is_of_dates = part.kind not in (Sought.WORDS, Sought.LEVEL)
    best = NOT_THERE
    for place, text in texts:
        if is_of_dates and place is not TITLE:
            continue
        found, strength = _best_way(part.ways, terms(text))
        if is_of_dates and found < Match.WHOLE:
            continue
        if place.weight * strength > best.score:
            best = _Had(place.weight * strength, found, place.reads)
    return best


def _best_way(ways: Sequence[CutText], text: CutText) -> tuple[Match, float]:
    """How well the best way of saying something stands in a text. What is known as a short form is no beginning."""
    best = (Match.NONE, 0.0)
    for number, way in enumerate(ways):
        found = match(way, text)
        if found is Match.PART and len(ways) > 1:
            continue
        strength = STRENGTH[found] * (ANOTHER_WAY if number else 1)
        best = max(best, (found, strength), key=lambda one: one[1])
    return best


def _by_date(part: SoughtPart, course: Findable) -> list[float]:
    return [_in_date(part, date).score for date in course.dates] or [0.0]


def _in_date(part: SoughtPart, date: FindableDate) -> _Had:
    if part.kind is Sought.WORDS:
        return _in_texts(part, date.texts)
    there = {
        Sought.YEAR: lambda day: day[0] == part.value,
        Sought.MONTH: lambda day: day[1] == part.value,
        Sought.DAY: lambda day: day[2] == part.value,
        Sought.WEEKDAY: lambda day: day[3] == part.value,
    }
    if part.kind is Sought.ONLINE:
        return _Had(OF_DATE, Match.WHOLE, "a date {}") if date.is_online else NOT_THERE
    if part.kind in there and any(there[part.kind](day) for day in date.days):
        on = "a date on a {}" if part.kind is Sought.WEEKDAY else "a date in {}"
        return _Had(OF_DATE, Match.WHOLE, "a date on the {}" if part.kind is Sought.DAY else on)
    return NOT_THERE


def _why(parts: Sequence[SoughtPart], had: Sequence[_Had]) -> str:
    """domestic abuse in the title; a date in January"""
    said: dict[str, list[str]] = {}
    for part, each in zip(parts, had, strict=True):
        said.setdefault(each.reads, []).append(part.said)
    return "; ".join(reads.format(listed(dict.fromkeys(words))) for reads, words in said.items())
