"""London time, the bank holidays of England and Wales, and the deadlines that are counted in working days.

Moments are aware and kept in UTC; people read and type London wall time. A working day is Monday to Friday
less bank holidays. Where the list of bank holidays does not reach, nothing is guessed: see
docs/decisions/0003-bank-holidays.md.

One-off bank holidays that the list does not have yet can be given as `extra` wherever days are counted.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from lms.kit.errors import Invalid

LONDON = ZoneInfo("Europe/London")

FIRST_KNOWN_YEAR = 2012
"""The first year of the list that GOV.UK publishes."""

LAST_KNOWN_YEAR = 2028
"""The last year that GOV.UK has published. The tests compare every year with the published list."""

ONE_DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)
NO_DAYS: frozenset[date] = frozenset()
WALL_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)", re.ASCII)

PUBLISHED_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}


# London time


def london(moment: datetime) -> datetime:
    """The moment as a clock in London shows it. A moment without a time zone is a defect: ValueError."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(LONDON)


def london_date(moment: datetime) -> date:
    """The day on a calendar in London at this moment."""
    return london(moment).date()


def wall_time(day: date, at: time, *, field: str | None = None) -> datetime:
    """The moment, in UTC, when clocks in London show `at` on `day`.

    A time that clocks pass twice in autumn is the first of the two; one that they skip in spring is refused.
    """
    shown = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    moment = shown.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None, fold=0) != shown:
        raise Invalid(
            f"There is no {at:%H:%M} on {day.day} {day:%B %Y}: the clocks go forward. Choose another time.",
            field=field,
        )
    return moment


def parse_wall(text: str, *, field: str | None = None) -> datetime:
    """The moment, in UTC, of a London wall time such as 2026-04-09T09:30 or 2026-04-09 09:30."""
    found = WALL_TIME.fullmatch(text.strip())
    if found is None:
        raise Invalid("Enter the date and time in London like 2026-04-09T09:30.", field=field)
    try:
        day, at = date.fromisoformat(found[1]), time.fromisoformat(found[2])
    except ValueError:
        raise Invalid(
            f"{text.strip()} is not a real date and time. Check the day, the month and the hour.", field=field
        ) from None
    return wall_time(day, at, field=field)


# Working days


@lru_cache(maxsize=32)
def _bank_holidays(year: int) -> Mapping[date, str]:
    """The published bank holidays of a year. Like GOV.UK, a weekend day has none: its substitute day has."""
    if not FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR:
        raise Invalid(
            f"Bank holidays are known from {FIRST_KNOWN_YEAR} to {LAST_KNOWN_YEAR} and this needs {year}. "
            f"Use a date in those years, or ask the person who runs this service for a release that has {year}."
        )
    computed = holidays.country_holidays("GB", subdiv="ENG", language="en_GB", years=year, expand=False)
    return MappingProxyType({day: _as_published(name) for day, name in computed.items() if day.weekday() < 5})


def _as_published(name: str) -> str:
    plain, substitute, _ = name.partition(" (observed)")
    return PUBLISHED_NAMES.get(plain, plain) + (" (substitute day)" if substitute else "")


def bank_holiday_name(day: date, *, extra: frozenset[date] = NO_DAYS) -> str | None:
    """What the bank holiday on this day is called, or None. Years that are not known are refused."""
    published = _bank_holidays(day.year).get(day)
    return published or ("One-off bank holiday" if day in extra else None)


def is_working_day(day: date, *, extra: frozenset[date] = NO_DAYS) -> bool:
    """Monday to Friday, and not a bank holiday."""
    return bank_holiday_name(day, extra=extra) is None and day.weekday() < 5


def working_days_before(day: date, n: int, *, extra: frozenset[date] = NO_DAYS) -> date:
    """The nth working day before a day, which is not counted itself. None before (0) is the day itself."""
    return _nth_working_day(day, n, -ONE_DAY, extra)


def working_days_after(day: date, n: int, *, extra: frozenset[date] = NO_DAYS) -> date:
    """The nth working day after a day, which is not counted itself. None after (0) is the day itself."""
    return _nth_working_day(day, n, ONE_DAY, extra)


def next_working_day(day: date, *, extra: frozenset[date] = NO_DAYS) -> date:
    """The day itself when it is a working day, otherwise the first working day after it."""
    return day if is_working_day(day, extra=extra) else working_days_after(day, 1, extra=extra)


def _nth_working_day(day: date, n: int, step: timedelta, extra: frozenset[date]) -> date:
    if n < 0:
        raise ValueError("Count working days with a number that is not negative.")
    if n == 0:
        return day
    return next(islice(_working_days(day, step, extra), n - 1, None))


def _working_days(day: date, step: timedelta, extra: frozenset[date]) -> Iterator[date]:
    while True:
        day += step
        if is_working_day(day, extra=extra):
            yield day


# Deadlines


def free_cancellation_until(first_day: date, notice_days: int, *, extra: frozenset[date] = NO_DAYS) -> datetime:
    """The last second, in UTC, in which cancelling is free: 23:59:59 in London on the nth working day before.

    Counted from the first day of the event, which is not counted itself. Compare with `is_late`, which
    knows that the whole of that second is free.
    """
    _check_notice(notice_days)
    return end_of_day(working_days_before(first_day, notice_days, extra=extra))


def end_of_day(day: date) -> datetime:
    """The last second of a London day, in UTC."""
    return wall_time(day, LAST_SECOND)


def is_late(moment: datetime, until: datetime) -> bool:
    """Whether a moment is after a deadline given as its last second: 23:59:59.7 is in time, 00:00:00 late."""
    return moment >= until + timedelta(seconds=1)


@dataclass(frozen=True)
class CountedDay:
    """One day on the strip that shows how a deadline was counted.

    `number` is set on working days only: 1 is the last working day before the event, and the highest is the
    day of the deadline. `reason` says why a day is not counted: "weekend" or the name of the bank holiday.
    """

    day: date
    number: int | None
    reason: str | None
    is_last: bool
    is_event: bool


def counted_days(first_day: date, notice_days: int, *, extra: frozenset[date] = NO_DAYS) -> tuple[CountedDay, ...]:
    """Every day from the last free one to the first day of the event, in order."""
    _check_notice(notice_days)
    strip = [CountedDay(first_day, number=None, reason=None, is_last=False, is_event=True)]
    day, number = first_day, 0
    while number < notice_days:
        day -= ONE_DAY
        reason = _why_not_counted(day, extra)
        number += reason is None
        is_last = reason is None and number == notice_days
        strip.append(CountedDay(day, None if reason else number, reason, is_last, is_event=False))
    return tuple(reversed(strip))


def _check_notice(notice_days: int) -> None:
    if notice_days < 1:
        raise Invalid("The notice must be at least 1 working day.")


def _why_not_counted(day: date, extra: frozenset[date]) -> str | None:
    return bank_holiday_name(day, extra=extra) or ("weekend" if day.weekday() >= 5 else None)


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the last day of a shorter month: 30 November + 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
