"""Sickness on the day, and who is exempt: the policy's words and times. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time

from lms.kit.errors import Invalid
from lms.kit.words import clock, short_date
from lms.kit.working_days import london_date, wall_time, working_days_after

TOLD_BY = time(10, 0)
"""The manager tells the partnership by this time on the day."""


@dataclass(frozen=True)
class Sickness:
    """What was reported about one missed day."""

    day: date
    told_at: datetime | None
    confirmed_on: date | None
    confirmed_working_days: int

    @property
    def confirmed_by(self) -> date:
        """The last day for the written confirmation."""
        return working_days_after(self.day, self.confirmed_working_days)

    @property
    def is_told_in_time(self) -> bool:
        return self.told_at is not None and self.told_at <= wall_time(self.day, TOLD_BY)

    @property
    def is_confirmed_in_time(self) -> bool:
        return self.confirmed_on is not None and self.confirmed_on <= self.confirmed_by

    @property
    def is_in_time(self) -> bool:
        """The policy waives it then."""
        return self.is_told_in_time and self.is_confirmed_in_time

    @property
    def words(self) -> str:
        """Told at 09:15 (in time), confirmed in writing Thu 5 Mar 2026 (until Thu 5 Mar 2026, in time)"""
        told = "The manager did not tell us on the day"
        if self.told_at is not None:
            when = clock(self.told_at)
            told = f"Told at {when}, {'in time' if self.is_told_in_time else f'after {TOLD_BY:%H:%M}'}"
        until = short_date(self.confirmed_by)
        written = f"not confirmed in writing, which was possible until {until}"
        if self.confirmed_on is not None:
            late = "in time" if self.is_confirmed_in_time else f"after {until}"
            written = f"confirmed in writing {short_date(self.confirmed_on)}, {late}"
        return f"{told}; {written}"


def check_sickness(day: date, told_at: datetime | None, confirmed_on: date | None, now: datetime) -> None:
    """Refuse a report that says nothing, or something that has not happened."""
    if told_at is None and confirmed_on is None:
        raise Invalid("Enter when the manager told us, when they confirmed it, or both.", field="told_at")
    if told_at is not None and told_at > now:
        raise Invalid("That moment is in the future.", field="told_at")
    if confirmed_on is not None and not day <= confirmed_on <= london_date(now):
        raise Invalid("It is confirmed on the day or after it, and not in the future.", field="confirmed_on")
