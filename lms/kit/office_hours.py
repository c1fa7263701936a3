"""Office hours: 08:00 to 18:00 in London on working days. What nobody sits and waits for keeps to them."""

from datetime import date, datetime, time, timedelta

from lms.kit.errors import Invalid
from lms.kit.working_days import is_working_day, london, wall_time

OPENS, CLOSES = time(8), time(18)
ONE_DAY = timedelta(days=1)


def is_office_day(day: date) -> bool:
    """A working day; in a year whose bank holidays are not known, Monday to Friday: nothing waits for a release."""
    try:
        return is_working_day(day)
    except Invalid:
        return day.weekday() < 5


def is_open(moment: datetime) -> bool:
    """Whether somebody is at work now."""
    local = london(moment)
    return is_office_day(local.date()) and OPENS <= local.time() < CLOSES


def opens_at(moment: datetime) -> datetime:
    """The moment itself within office hours, otherwise when they begin again."""
    if is_open(moment):
        return moment
    local = london(moment)
    day = local.date() if local.time() < OPENS else local.date() + ONE_DAY
    while not is_office_day(day):
        day += ONE_DAY
    return wall_time(day, OPENS)


def hours_later(moment: datetime, hours: int) -> datetime:
    """So many office hours after a moment: the end of a day is as good as the beginning of the next."""
    left, at = timedelta(hours=hours), opens_at(moment)
    while left > (rest := wall_time(london(at).date(), CLOSES) - at):
        left, at = left - rest, opens_at(at + rest)
    return at + left


def office_day_before(day: date) -> date:
    """The last day on which somebody is at work before a day."""
    day -= ONE_DAY
    while not is_office_day(day):
        day -= ONE_DAY
    return day
