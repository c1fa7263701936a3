"""How dates, times, money and numbers read on screens and in letters.

Moments are aware and read as London time; a plain date reads as it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import pairwise

from lms.kit.working_days import london, london_date

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

Blocks = Sequence[tuple[datetime, datetime]]
"""The start and the end of each day of an event, in order."""

NOT_APPLICABLE = "not applicable"


# Dates and times


def long_date(day: date) -> str:
    """Thursday 9 April 2026"""
    day = _day(day)
    return f"{_weekday(day)} {day.day} {_month(day)} {day.year}"


def short_date(day: date) -> str:
    """Thu 9 Apr 2026"""
    day = _day(day)
    return f"{_short_day(day)} {_month(day)[:3]} {day.year}"


def day_and_month(day: date) -> str:
    """Tue 31 March"""
    day = _day(day)
    return f"{_short_day(day)} {_month(day)}"


def clock(at: datetime | time) -> str:
    """09:30. A plain time, such as one from a setting, reads as it is."""
    return f"{london(at) if isinstance(at, datetime) else at:%H:%M}"


def moment(at: datetime) -> str:
    """Tue 31 Mar 2026 23:59"""
    return f"{short_date(at)} {clock(at)}"


def days_and_times(days: Blocks) -> str:
    """Thursday 9 April 2026, 09:30 to 16:00

    Several days read "Tue 12 and Wed 13 May 2026, 09:30 to 16:00", and each day has its own times where they
    differ: "Tue 12 May 2026, 09:30 to 16:00; Wed 13 May 2026, 09:30 to 12:30".
    """
    times = _times_by_day(days)
    if len(times) == 1:
        return ", ".join(f"{long_date(day)}, {at}" for day, at in times.items())
    if len(set(times.values())) == 1:
        return f"{event_dates(days)}, {event_times(days)}"
    return "; ".join(f"{short_date(day)}, {at}" for day, at in times.items()) or event_dates(days)


def event_dates(days: Blocks) -> str:
    """Thu 9 Apr 2026, or "Tue 12 and Wed 13 May 2026": month and year are said once where they are shared."""
    dates = list(_times_by_day(days))
    if not dates:
        return "date to be confirmed"
    parts = [_up_to_what_differs(day, following) for day, following in pairwise(dates)]
    return listed([*parts, short_date(dates[-1])])


def event_times(days: Blocks) -> str:
    """09:30 to 16:00, where every day has these times; otherwise "times differ from day to day"."""
    times = set(_times_by_day(days).values())
    if not times:
        return "time to be confirmed"
    return times.pop() if len(times) == 1 else "times differ from day to day"


def duration(minutes: int) -> str:
    """5 hours 30 minutes"""
    hours, rest = divmod(minutes, 60)
    parts = [count(hours, "hour")] if hours else []
    return " ".join([*parts, count(rest, "minute")] if rest or not hours else parts)


def short_duration(minutes: int) -> str:
    """5 h 30"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


# Money and numbers


def pounds(pence: int) -> str:
    """£50, £50.50, £1,250, -£35"""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}" + (f".{rest:02}" if rest else "")


def count(n: int, one: str, many: str | None = None) -> str:
    """1 place, 4 places, 4,211 places. `many` is needed where the plural is not just an s more."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st"""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def percent(numerator: int, denominator: int, decimals: int = 0) -> str:
    """83%: rounded half up from exact whole numbers. Of nothing it is "not applicable", never 0%."""
    if denominator == 0:
        return NOT_APPLICABLE
    scale = 10**decimals
    negative = (numerator < 0) != (denominator < 0)
    rounded = (200 * scale * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    whole, rest = divmod(rounded, scale)
    return f"{'-' if negative and rounded else ''}{whole}" + (f".{rest:0{decimals}}" if decimals else "") + "%"


def file_name(*parts: str) -> str:
    """A name for a file, of letters that every header and every file system takes: sign-in-E-2026-3.pdf"""
    plain = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.") or "file"


def listed(items: Iterable[str], last: str = "and") -> str:
    """a, b and c"""
    *most, final = list(items) or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def _day(day: date) -> date:
    return london_date(day) if isinstance(day, datetime) else day


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _month(day: date) -> str:
    return MONTHS[day.month - 1]


def _short_day(day: date) -> str:
    return f"{_weekday(day)[:3]} {day.day}"


def _up_to_what_differs(day: date, following: date) -> str:
    if day.year != following.year:
        return short_date(day)
    return _short_day(day) if day.month == following.month else f"{_short_day(day)} {_month(day)[:3]}"


def _times_by_day(days: Blocks) -> dict[date, str]:
    """The times of each day; a day with two blocks reads "09:30 to 12:00 and 13:00 to 16:00"."""
    blocks: dict[date, list[str]] = {}
    for start, end in days:
        blocks.setdefault(london_date(start), []).append(f"{clock(start)} to {clock(end)}")
    return {day: listed(times) for day, times in blocks.items()}
