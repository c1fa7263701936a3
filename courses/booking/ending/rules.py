"""Which moment counts when somebody told us that they give their place up. Pure."""

from datetime import date, datetime

from lms.kit.errors import Invalid
from lms.kit.working_days import end_of_day, london_date


def told_moment(told_on: date | None, booked_at: datetime, now: datetime) -> datetime | None:
    """The moment that counts when somebody told us on an earlier day: the end of it. None: just now."""
    if told_on is None or told_on == london_date(now):
        return None
    if told_on > london_date(now):
        raise Invalid("That day is in the future. Enter the date they told us.", field="told_on")
    if told_on < london_date(booked_at):
        raise Invalid("It was not booked on that day yet. Enter the date they told us.", field="told_on")
    return end_of_day(told_on)
