"""Periods by name, the year before, and how a period reads. Pure."""

from calendar import monthrange
from datetime import date, timedelta

from lms.errors import Invalid
from lms.figures import Period
from lms.words import MONTHS

ONE_DAY = timedelta(days=1)
LONGEST_YEARS = 20


def period_of(from_on: date, to_on: date) -> Period:
    """The period with its words. Raises Invalid when it ends before it begins, or is longer than 20 years."""
    if to_on < from_on:
        raise Invalid("The period has to end on or after the day on which it begins.", field="to_on")
    if to_on.year - from_on.year > LONGEST_YEARS:
        raise Invalid(f"Choose a period of at most {LONGEST_YEARS} years.", field="to_on")
    return Period(from_on, to_on, _words(from_on, to_on))


def financial_year(year: int) -> Period:
    """1 April of a year to 31 March of the next."""
    return period_of(date(year, 4, 1), date(year + 1, 3, 31))


def academic_year(year: int) -> Period:
    """1 September of a year to 31 August of the next."""
    return period_of(date(year, 9, 1), date(year + 1, 8, 31))


def calendar_year(year: int) -> Period:
    """1 January to 31 December."""
    return period_of(date(year, 1, 1), date(year, 12, 31))


def quarter(year: int, number: int) -> Period:
    """A quarter of a financial year: 1 is April to June, 4 is January to March of the next year."""
    first = date(year + (number == 4), (number * 3) % 12 + 1, 1)
    return period_of(first, _end_of_month(first.year, first.month + 2))


def financial_year_of(day: date) -> int:
    """The year in which the financial year of a day began."""
    return day.year if day.month >= 4 else day.year - 1


def quarter_of(day: date) -> Period:
    """The quarter that a day is in."""
    return quarter(financial_year_of(day), (day.month - 4) % 12 // 3 + 1)


def quarter_before(period: Period) -> Period:
    """The quarter that ended before a period began."""
    return quarter_of(period.from_on - ONE_DAY)


def year_before(period: Period) -> Period:
    """The same period a year earlier. What ends with its month ends with the month then, too."""
    ends_month = period.to_on == _end_of_month(period.to_on.year, period.to_on.month)
    to_on = _a_year_earlier(period.to_on)
    return period_of(_a_year_earlier(period.from_on), _end_of_month(to_on.year, to_on.month) if ends_month else to_on)


def is_financial_year(period: Period) -> bool:
    return (period.from_on, period.to_on) == _days(financial_year(period.from_on.year))


def is_quarter(period: Period) -> bool:
    return (period.from_on, period.to_on) == _days(quarter_of(period.from_on))


def _days(period: Period) -> tuple[date, date]:
    return period.from_on, period.to_on


def _a_year_earlier(day: date) -> date:
    year = day.year - 1
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _words(from_on: date, to_on: date) -> str:
    first, last = (from_on.month, from_on.day), (to_on.month, to_on.day)
    years = f"{from_on.year}-{to_on.year % 100:02}"
    if to_on.year == from_on.year + 1 and (first, last) == ((4, 1), (3, 31)):
        return f"the financial year {years}"
    if to_on.year == from_on.year + 1 and (first, last) == ((9, 1), (8, 31)):
        return f"the academic year {years}"
    if to_on.year == from_on.year and (first, last) == ((1, 1), (12, 31)):
        return f"the calendar year {from_on.year}"
    whole_months = from_on.day == 1 and to_on == _end_of_month(to_on.year, to_on.month)
    if whole_months and from_on.year == to_on.year:
        if from_on.month == to_on.month:
            return f"{MONTHS[from_on.month - 1]} {from_on.year}"
        return f"{MONTHS[from_on.month - 1]} to {MONTHS[to_on.month - 1]} {to_on.year}"
    return f"{_day(from_on)} to {_day(to_on)}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
