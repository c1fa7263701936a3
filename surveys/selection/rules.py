"""What a report on impact is about: dates, and perhaps a course or a learning point. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

CLOSING = timedelta(days=150)
"""3 months, up to 28 days to answer, and time for bank holidays and the events that were late."""
CLOSING_ON_THE_DAY = timedelta(days=45)
"""14 days to answer, and time for registers that were late."""
FEW_WAIT = timedelta(days=400)
"""So long after its survey closed the answers of an event with 1 to 4 wait for others of the course; then they go."""


@dataclass(frozen=True)
class Span:
    """Some days, both included, with the words that say which: "April to September 2025". `key` stands in addresses."""

    key: str
    from_on: date
    to_on: date
    words: str

    def has(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True)
class Selection:
    """The choice of a reader. `event_ids` narrows to those of a learning point; None is all.

    Of a learning point only the questions about it are told.
    """

    span: Span
    course_id: int | None = None
    point_ref: str = ""
    event_ids: frozenset[int] | None = None
    point_id: int | None = None

    @property
    def is_whole(self) -> bool:
        """All courses and learning points: only then may sectors and agencies be told."""
        return self.course_id is None and self.event_ids is None


def half_of(day: date) -> Span:
    """The financial half-year of a day: April to September, or October to March."""
    if 4 <= day.month <= 9:
        return Span(f"{day.year}-h1", date(day.year, 4, 1), date(day.year, 9, 30), f"April to September {day.year}")
    year = day.year if day.month >= 10 else day.year - 1
    words = f"October {year} to March {year + 1}"
    return Span(f"{year}-h2", date(year, 10, 1), date(year + 1, 3, 31), words)


def year_of(day: date) -> Span:
    """The financial year of a day."""
    year = day.year if day.month >= 4 else day.year - 1
    words = f"the financial year {year}-{(year + 1) % 100:02}"
    return Span(f"{year}", date(year, 4, 1), date(year + 1, 3, 31), words)


def halves_within(span: Span) -> list[Span]:
    """The half-years that lie wholly in a span."""
    halves = halves_between(span.from_on, span.to_on)
    return [half for half in halves if half.from_on >= span.from_on and half.to_on <= span.to_on]


def spans_to_choose(first: date, last: date) -> list[Span]:
    """Everything, then the financial years and half-years from the latest back."""
    halves = list(halves_between(first, last))
    years = {year_of(half.from_on).key: year_of(half.from_on) for half in halves}
    everything = Span("all", halves[0].from_on, halves[-1].to_on, "all events so far")
    return [everything, *reversed(years.values()), *reversed(halves)]


def is_complete(half: Span, today: date, closing: timedelta = CLOSING) -> bool:
    """Whether the surveys of all its events have closed, so that nothing is added to it any more."""
    return today > complete_on(half, closing)


def complete_on(half: Span, closing: timedelta = CLOSING) -> date:
    """The last day on which a survey of its events may close. `closing`: how long that takes."""
    return half.to_on + closing


def told_from(half: Span, closing: timedelta = CLOSING) -> date:
    """The first day on which a half-year is told."""
    return complete_on(half, closing) + timedelta(days=1)


def halves_between(first: date, last: date) -> Iterator[Span]:
    """The half-years from the one of the first day to that of the last."""
    day = first
    while day <= last:
        half = half_of(day)
        yield half
        day = half.to_on + timedelta(days=1)
