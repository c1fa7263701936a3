"""What the partnership says about certificates: numbers, the days and minutes they credit, and refreshing in time."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.kit.errors import Conflict, Invalid
from lms.kit.folding import folded
from lms.kit.working_days import add_months, london_date


class CertificateState(StrEnum):
    """What a serial number is worth today."""

    VALID = "valid"
    SUPERSEDED = "superseded"  # another one was issued in its place
    WITHDRAWN = "withdrawn"  # the register was corrected: not attended


IN_ORDER = re.compile(r"[A-Z]{1,6}-\d{4}-\d{4,}")
CHARACTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""Of random numbers: none that looks like another, and no vowels, so that no word comes about."""

RANDOM = 8
"""Characters of a number: 28 to the power of 8 of them, of which a million certificates are one in 380,000."""

LONGEST_REASON = 500


# Numbers


def serial_of(prefix: str, year: int, drawn: str) -> str:
    """How a certificate is named, by what was drawn for it: RV-2026-7KM4-QXH9."""
    return f"{prefix}-{year}-{drawn[:4]}-{drawn[4:]}"


def serial_as_typed(text: str) -> str:
    """A number as somebody types it from paper: spaces, dashes of all kinds and small letters are forgiven."""
    return re.sub(r"[\s‐-―−-]+", "-", text.strip()).upper()[:40]


def is_in_order(serial: str) -> bool:
    """A number of the time when they were given one after the other: RV-2026-1184. Whoever has one knows the next."""
    return IN_ORDER.fullmatch(serial) is not None


def is_surname_of(name: str, typed: str) -> bool:
    """Whether somebody typed the surname of this name: its last words, without accents, marks and capitals.

    What stands behind a comma or in brackets is a title or a place of work. "ONeill" is O’Neill, "Osei" Fenwick-Osei.
    """
    words = folded(re.split(r"[,(\[]", name, maxsplit=1)[0]).split()
    asked = folded(typed).replace(" ", "")
    return bool(asked) and any(asked == "".join(words[start:]) for start in range(len(words)))


# What is credited


@dataclass(frozen=True)
class CertifiedDay:
    """An event day: its number, its times, and the minutes of breaks in it."""

    number: int
    starts_at: datetime
    ends_at: datetime
    break_minutes: int = 0

    @property
    def minutes(self) -> int:
        """Learning time: breaks excluded."""
        return max(0, int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.break_minutes)


def days_attended(
    days: Sequence[CertifiedDay], said: str, missed: Mapping[int, int] | None, *, attended: bool
) -> list[CertifiedDay]:
    """The days that somebody was there: as history says them ("1;2"), as the register marked them, or all.

    `missed` has the minutes missed on each day, by number, that they were marked present; None without a register.
    """
    numbers = {int(each) for each in said.split(";") if each.strip().isdigit()}
    if numbers:
        return [day for day in days if day.number in numbers]
    if missed is not None:
        return [day for day in days if day.number in missed]
    return list(days) if attended else []


def cpd_minutes(days: Collection[CertifiedDay], missed: Mapping[int, int] | None = None) -> int:
    """Learning time credited. Who attended is credited whole days; for part of it, minutes missed are taken off."""
    return sum(max(0, day.minutes - (missed or {}).get(day.number, 0)) for day in days)


def check_reason(reason: str) -> str:
    """A certificate made by hand says why, for whoever asks later."""
    reason = reason.strip()
    if not reason:
        raise Invalid("Explain why, in case anyone asks later.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Say it in {LONGEST_REASON} characters or fewer.", field="reason")
    return reason


def check_can_issue(*, has_attended: bool, is_awaited: bool, has_one: bool) -> None:
    """Attended and evaluated, and no certificate yet."""
    if not has_attended:
        raise Conflict("Only someone who attended can have a certificate. Correct the register first.")
    if has_one:
        raise Conflict("There is already a valid certificate. Open it, and issue it again if it must change.")
    if is_awaited:
        raise Conflict("Answer the evaluation first. The certificate follows at once.")


# Refreshing


def refresh_by(last_day: date, months: int | None) -> date | None:
    """The day by which to attend again; None for a course that need not be refreshed."""
    return add_months(last_day, months) if months else None


class RefresherReminder(StrEnum):
    """The two letters before a course is to be refreshed."""

    EARLY = "three_months"
    LAST = "one_month"


MONTHS_BEFORE = {RefresherReminder.EARLY: 3, RefresherReminder.LAST: 1}


def refresher_due(by: date, *, since: datetime, now: datetime) -> RefresherReminder | None:
    """The letter whose day has come, the later one where both have; none for a day before the rule began (`since`).

    After the day itself has passed it is no longer a reminder, so none goes.
    """
    today, begins = london_date(now), london_date(since)
    if today > by:
        return None
    come = [which for which, months in MONTHS_BEFORE.items() if begins <= add_months(by, -months) <= today]
    return come[-1] if come else None
