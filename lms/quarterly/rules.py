"""When a quarter is told: on the fifteenth day after it, when its registers have had time. Pure."""

from datetime import date, datetime, time, timedelta

from lms.kit.figures import Period
from lms.kit.words import MONTHS
from lms.kit.working_days import london_date, wall_time
from lms.reports.rules import quarter_before, quarter_of

DAYS_AFTER = 15
AT = time(8, 0)
MOST_FIGURES = 8
"""So many figures of a section fit on one page: its first."""


def told_at(period: Period) -> datetime:
    """The moment from which a quarter can be told."""
    return wall_time(period.to_on + timedelta(days=DAYS_AFTER), AT)


def quarter_to_tell(now: datetime, *, since: datetime) -> Period | None:
    """The quarter whose moment has come since the job last ran; never one from before the job was known."""
    period = quarter_before(quarter_of(london_date(now)))
    return period if since < told_at(period) <= now else None


def last_quarter_told(now: datetime) -> Period:
    """The latest quarter that can be told."""
    period = quarter_before(quarter_of(london_date(now)))
    return period if told_at(period) <= now else quarter_before(period)


def quarter_of_key(key: str) -> Period:
    """A quarter by its first day, `2025-10-01`. Raises ValueError for anything else."""
    day = date.fromisoformat(key)
    period = quarter_of(day)
    if period.from_on != day:
        raise ValueError(key)
    return period


def quarter_title(period: Period) -> str:
    """October to December 2025"""
    return f"{MONTHS[period.from_on.month - 1]} to {MONTHS[period.to_on.month - 1]} {period.to_on.year}"
