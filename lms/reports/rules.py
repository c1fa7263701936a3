"""Periods by name, the year before, and how a period reads. Pure."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from lms.kit.errors import Conflict, Invalid
from lms.kit.figures import Figure, Period
from lms.kit.words import MONTHS, pounds
from lms.kit.working_days import wall_time

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


def quarters_of(year: Period) -> list[Period]:
    """The four quarters of a financial year."""
    return [quarter(financial_year_of(year.from_on), number) for number in range(1, 5)]


def place_in_year(period: Period) -> int:
    """Which quarter of its financial year a period is, from 0 on; -1 for the year itself."""
    return -1 if is_financial_year(period) else (period.from_on.month - 4) % 12 // 3


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


# The yearly report

INTRODUCTION, NEXT_STEPS = "introduction", "next_steps"
LONGEST_TEXT = 6000


def change_words(now: Figure, before: Figure | None) -> str:
    """What differs from the year before: "+12", "−3", "+1.4 points", "no change"; nothing where one is not told."""
    if before is None or now.value is None or before.value is None:
        return ""
    if not is_comparable(now, before):
        return "defined otherwise"
    if now.denominator is None and isinstance(now.value, int) and isinstance(before.value, int):
        change = now.value - before.value
        told = pounds(abs(change)) if now.name.endswith("_pence") else f"{abs(change):,}"
        return f"{_sign(change)}{told}" if change else "no change"
    points = round((now.value - before.value) * 1000) / 10
    return f"{_sign(points)}{abs(points):.1f} points" if points else "no change"


def is_comparable(now: Figure, before: Figure) -> bool:
    """Only what is defined alike is compared: a definition that changed since makes another figure."""
    return now.definition == before.definition


def _sign(number: float) -> str:
    return "+" if number > 0 else "−"


def check_text(words: str, *, field: str) -> str:
    """The writer's words as they are kept."""
    if len(words) > LONGEST_TEXT:
        raise Invalid(f"Shorten this to {LONGEST_TEXT:,} characters.", field=field)
    return words.strip().replace("\r\n", "\n")


def check_can_change(is_published: bool) -> None:
    """What was published stays as it is."""
    if is_published:
        raise Conflict("This report is published and cannot be changed. Start a new edition to change something.")


def check_can_publish(is_published: bool, to_on: date, today: date) -> None:
    """A year is published when it is over."""
    check_can_change(is_published)
    if to_on >= today:
        raise Conflict("The year is not over yet. Publish the report after its last day.")


def years_to_report(today: date, number: int = 6) -> list[Period]:
    """Financial years that a report can be about: this one, and those before."""
    this = financial_year_of(today)
    return [financial_year(this - each) for each in range(number)]


def periods_to_choose(today: date) -> list[Period]:
    """This financial year and the two before, and their quarters that have begun: what every reader may choose."""
    this, found = financial_year_of(today), []
    for year in (this, this - 1, this - 2):
        found.append(financial_year(year))
        found += [each for each in (quarter(year, number) for number in (4, 3, 2, 1)) if each.from_on <= today]
    return found


def more_periods(today: date) -> list[Period]:
    """Other years by name, for who may choose any dates."""
    academic = today.year if today.month >= 9 else today.year - 1
    return [
        *(academic_year(academic - each) for each in range(3)),
        *(calendar_year(today.year - each) for each in range(3)),
        *(financial_year(financial_year_of(today) - each) for each in (3, 4, 5, 6)),
    ]


def moments_of(from_on: date, to_on: date) -> tuple[datetime, datetime]:
    """From the first moment of the first day until the first one after the last day, in London."""
    return wall_time(from_on, time()), wall_time(to_on + timedelta(days=1), time())


CHARGES = (
    (
        "raised",
        "Charges raised",
        "Charges by the date on which they were raised, whatever became of them since; without those that turned out "
        "not to hold. In pence.",
    ),
    ("invoiced", "Charges invoiced", "Charges by the date of the invoice that they are on. In pence."),
    ("paid", "Charges paid", "Charges by the date on which they were paid. In pence."),
    ("waived", "Charges waived", "Charges by the date on which it was decided not to make them. In pence."),
    ("credited", "Charges credited", "Charges by the date of the credit note that took them back. In pence."),
)
"""`charges_<name>_pence`: measures that every report has, not applicable where no plugin counts them."""
