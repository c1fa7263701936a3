"""The catalogue as people look through it: by words, of which it says how it read them, and by filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from courses.programme.catalogue.queries import CourseRow, courses_with_dates, kind_of_work_of
from courses.programme.courses.rules import EventType
from courses.programme.events.queries import EventRow
from courses.programme.nearby.queries import near_here
from courses.programme.nearby.rules import NearHere, far_words
from courses.programme.searching.queries import meanings
from courses.programme.searching.ranking import rules as ranking
from courses.programme.searching.ranking.rules import Findable, FindableDate, Hit
from courses.programme.searching.rules import Understood, as_typed, phrases_of, understood
from courses.questions import TaughtIn
from lms.frame.work import Work
from lms.kit.working_days import london_date

FAR_AWAY = 10_000.0


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the catalogue. Empty means everything. `is_exact`: nothing is read into the words."""

    typed: str = ""
    is_exact: bool = False
    is_by_date: bool = False
    audience: int = 0
    month: str = ""
    levels: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    where: frozenset[str] = frozenset()
    only_places_left: bool = False
    near: str = ""
    within: int = 0

    @property
    def is_about_dates(self) -> bool:
        return bool(self.month or self.where or self.only_places_left or (self.near and self.within))

    def finds(self, course: CourseRow) -> bool:
        return (
            (not self.audience or not course.audience or any(self.audience == each for each, _ in course.audience))
            and (not self.levels or course.level in self.levels)
            and (not self.types or course.event_type.value in self.types)
        )

    def finds_date(self, date: EventRow, here: NearHere | None = None) -> bool:
        return self._is_near(date, here) and (
            (not self.month or any(month_of(day.starts_at) == self.month for day in date.days))
            and (not self.where or bool(self.where & places_of_date(date)))
            and (not self.only_places_left or not date.is_full)
        )

    def _is_near(self, date: EventRow, here: NearHere | None) -> bool:
        if not self.within or here is None:
            return True
        miles = miles_to(date, here)
        return miles is not None and miles <= self.within


@dataclass(frozen=True)
class Catalogue:
    """What was found, and everything that could be chosen.

    `why` says of each course by its id why it is there; `beyond`: so many more fit the words, but not the filters;
    `nearest`: what comes next to words that nothing fits; `soonest`: what takes place soon, where nothing does.
    """

    found: Sequence[CourseRow]
    understood: Understood = field(default_factory=Understood)
    why: Mapping[int, str] = field(default_factory=dict)
    beyond: int = 0
    nearest: Sequence[CourseRow] = ()
    soonest: Sequence[CourseRow] = ()
    audiences: Sequence[tuple[int, str]] = field(default=())
    own_audience: tuple[int, str] | None = None
    months: Sequence[str] = ()
    levels: Sequence[str] = ()
    types: Sequence[EventType] = ()
    towns: Sequence[str] = ()
    here: NearHere | None = None

    def far(self, date: EventRow) -> str:
        """How far away a date is from where somebody looks: "about 4 miles away"; nothing where that is not known."""
        miles = miles_to(date, self.here) if self.here else None
        return "" if miles is None else far_words(miles)

    def nearness(self, course: CourseRow) -> tuple[float, tuple[bool, float, str]]:
        """The nearest date's miles first, then the soonest; online and unknown come after what is near."""
        miles = [miles_to(date, self.here) for date in course.dates] if self.here else []
        return min((each for each in miles if each is not None), default=FAR_AWAY), _soonest(course)

    @property
    def number_of_dates(self) -> int:
        return sum(len(course.dates) for course in self.found)


def month_of(moment: datetime) -> str:
    """2026-04"""
    return f"{london_date(moment):%Y-%m}"


def places_of_date(date: EventRow) -> frozenset[str]:
    """The towns of a date, and "online"."""
    return frozenset({"online" for day in date.days if day.is_online} | {day.town for day in date.days if day.town})


def miles_to(date: EventRow, here: NearHere) -> float | None:
    """To the nearest of its days that somebody goes to; None online, and where we do not know."""
    known = (here.miles_to(day.area, day.town) for day in date.days)
    return min((miles for miles in known if miles is not None), default=None)


def catalogue(work: Work, search: Search) -> Catalogue:
    """Courses in the catalogue with their coming dates: four queries, two more for words, one more for who signed in,
    and one for how far it is.

    Looked through here rather than in SQL: a programme has tens of courses, and words must match alike on both
    databases. Without words the soonest date comes first, courses without dates last.
    """
    courses = courses_with_dates(work, with_trainers=bool(search.typed))
    shown = [date for course in courses for date in course.dates]
    audiences = sorted({pair for course in courses for pair in course.audience}, key=lambda pair: pair[1])
    own = kind_of_work_of(work.session, work.actor.person_id)
    everything = Catalogue(
        found=[],
        audiences=audiences,
        own_audience=next((pair for pair in audiences if pair[0] == own), None),
        months=sorted({month_of(day.starts_at) for date in shown for day in date.days}),
        levels=sorted({course.level for course in courses if course.level}),
        types=[each for each in EventType if any(course.event_type is each for course in courses)],
        towns=sorted({day.town for date in shown for day in date.days if day.town}),
        here=near_here(work.session, search.near, shown) if search.near else None,
    )
    if not search.typed:
        found = _filtered(courses, search, everything.here)
        is_by_date = search.is_by_date or everything.here is None
        return replace(everything, found=sorted(found, key=_soonest if is_by_date else everything.nearness))
    return _found_by_words(work, courses, search, everything)


def _found_by_words(work: Work, courses: list[CourseRow], search: Search, everything: Catalogue) -> Catalogue:
    findable = _findable_of(work, courses)
    wanted = as_typed(search.typed)
    if not search.is_exact:
        wanted = understood(search.typed, meanings(work.session), *ranking.words_in(findable))
    hits = {
        course.id: hit for course, each in zip(courses, findable, strict=True) if (hit := ranking.hit(wanted, each))
    }
    fitting = [_with_dates_of(each, hits[each.id]) for each in courses if each.id in hits]
    found = _filtered(fitting, search, everything.here)
    found.sort(key=_soonest if search.is_by_date else lambda each: (*_best(hits[each.id]), *_soonest(each)))
    nearest = [] if fitting else [courses[number] for number in ranking.nearest(wanted, findable)]
    soonest = [] if fitting or nearest else sorted((each for each in courses if each.dates), key=_soonest)[:3]
    return replace(
        everything,
        found=found,
        understood=wanted,
        why={each.id: hits[each.id].why for each in found},
        beyond=len(fitting) - len(found),
        nearest=nearest,
        soonest=soonest,
    )


def finds_nothing(work: Work, search: Search) -> tuple[bool, set[str]]:
    """Whether nothing in the catalogue fits these words, and all words that stand in it or mean something there."""
    findable = _findable_of(work, courses_with_dates(work, with_trainers=True))
    meant = meanings(work.session)
    known, vocabulary = ranking.words_in(findable)
    wanted = understood(search.typed, meant, known, vocabulary)
    spelt = {word for phrase in phrases_of(meant) for word in phrase}
    return not any(ranking.hit(wanted, each) for each in findable), vocabulary | spelt


def _filtered(courses: Sequence[CourseRow], search: Search, here: NearHere | None) -> list[CourseRow]:
    found = [
        replace(each, dates=tuple(date for date in each.dates if search.finds_date(date, here)))
        for each in courses
        if search.finds(each)
    ]
    return [each for each in found if each.dates] if search.is_about_dates else found


def _with_dates_of(course: CourseRow, hit: Hit) -> CourseRow:
    return replace(course, dates=tuple(course.dates[number] for number in hit.dates))


def _best(hit: Hit) -> tuple[bool, float]:
    return not hit.is_whole, -hit.score


def _soonest(course: CourseRow) -> tuple[bool, float, str]:
    starts_at = course.dates[0].starts_at.timestamp() if course.dates else 0
    return not course.dates, starts_at, course.title


# What can be found of a course: what everybody may read


def _findable_of(work: Work, courses: Sequence[CourseRow]) -> list[Findable]:
    taught = work.ask(TaughtIn(tuple(each.version_id for each in courses)))
    return [_findable(each, taught.get(each.version_id, ())) for each in courses]


def _findable(course: CourseRow, taught: Sequence[str]) -> Findable:
    texts = [
        (ranking.CODE, course.code),
        (ranking.KIND, course.event_type.value),
        (ranking.LEVEL, course.level_words),
        (ranking.WHOM, course.audience_note),
        (ranking.SUMMARY, course.summary),
        (ranking.AIMS, course.aims),
    ]
    texts += [(ranking.WHOM, name) for _, name in course.audience]
    texts += [(ranking.OUTCOMES, each) for each in course.outcomes]
    texts += [(ranking.LEARNED, each) for each in taught]
    dates = tuple(_findable_date(each) for each in course.dates)
    return Findable(course.title, tuple((place, text) for place, text in texts if text), dates)


def _findable_date(date: EventRow) -> FindableDate:
    places = dict.fromkeys(text for day in date.days for text in (day.place, day.town, day.area) if text)
    days = [london_date(day.starts_at) for day in date.days]
    return FindableDate(
        texts=(*((ranking.TRAINER, each) for each in date.trainers), *((ranking.VENUE, each) for each in places)),
        days=tuple((each.year, each.month, each.day, each.weekday()) for each in days),
        is_online=any(day.is_online for day in date.days),
    )
