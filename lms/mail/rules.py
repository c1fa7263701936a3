"""When a letter is tried again, what a mail server's answer means, and what may stand in a header."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from lms.kit.names import clean_words
from lms.kit.office_hours import ONE_DAY, OPENS, is_office_day, opens_at
from lms.kit.working_days import london_date, wall_time


class LetterState(StrEnum):
    """`waiting -> sending -> sent`, back to waiting when delivery failed for now; the rest are ends."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"  # the mail server will not take it: a wrong address, most likely
    UNDELIVERABLE = "undeliverable"  # the person has no address
    GIVEN_UP = "given_up"  # tried for three days without success
    WITHDRAWN = "withdrawn"  # the reason to send it went away before it went


@dataclass(frozen=True)
class TriedAgain:
    """How many letters go again, and how many cannot, since there is nothing left to send."""

    number: int
    cannot: int


FIRST_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
LATER_WAITS = timedelta(hours=1)
MOST_TRIES = len(FIRST_WAITS) + 72 + 1
"""After the first quarter of an hour, hourly for three days."""

CLAIM_LASTS = timedelta(minutes=10)
"""A letter that was taken and not recorded for so long belongs to nobody: its worker was stopped."""

INTERRUPTED_WAITS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""One that stops its worker each time is given up: it may have gone each time, and it keeps the others waiting."""

DOUBT_WAITS = timedelta(minutes=15)
"""A letter that was refused in words that may be about the server, and one that many others were refused with."""

AWAY_WAITS = timedelta(minutes=1)

UNANSWERED_WAITS = (timedelta(minutes=1), timedelta(minutes=5))
"""A letter that the server had and never answered for goes so often again, where missing it is worse than having it
twice. Every other one is given up at once, as one that may have arrived: a person decides."""

HAS_LEFT = "Not sent: they have left, and nothing goes to an old address."

_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def try_again_at(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries without success; None when it is time to give up."""
    if tries >= MOST_TRIES:
        return None
    return now + (FIRST_WAITS[tries - 1] if tries <= len(FIRST_WAITS) else LATER_WAITS)


def give_back_at(interruptions: int, now: datetime) -> datetime | None:
    """When a letter whose worker was stopped, so often by now, is tried again; None when it is time to give up."""
    if interruptions > len(INTERRUPTED_WAITS):
        return None
    return now + INTERRUPTED_WAITS[interruptions - 1]


SOON = timedelta(hours=48)
"""What concerns the next 48 hours goes at once, whatever the hour."""


def leaves_at(now: datetime, concerns_at: datetime | None = None) -> datetime:
    """When a letter that nobody sits and waits for leaves: from 08:00 to 18:00 on working days.

    At once what concerns the next 48 hours, and what would leave only after that which it concerns has begun.
    """
    opens = opens_at(now)
    cannot_wait = is_soon(concerns_at, now) or (concerns_at is not None and concerns_at <= opens)
    return now if cannot_wait else opens


def is_soon(concerns_at: datetime | None, now: datetime) -> bool:
    """Whether something begins within 48 hours, or has begun."""
    return concerns_at is not None and concerns_at - now <= SOON


def gathered_at(now: datetime, concerns_at: datetime | None = None) -> datetime | None:
    """When what is gathered for a reader goes: at 08:00, once a day. None: it concerns what is near, and goes alone."""
    day = london_date(now)
    while wall_time(day, OPENS) < now or not is_office_day(day):
        day += ONE_DAY
    morning = wall_time(day, OPENS)
    cannot_wait = is_soon(concerns_at, now) or (concerns_at is not None and concerns_at <= morning)
    return None if cannot_wait else morning


def one_line(text: str) -> str:
    """Text that fits a header: one line, without control characters, so that no further header can hide in it."""
    return " ".join(clean_words(_NO_TEXT.sub(" ", text)).split())


def message_id(key: str, base_url: str) -> str:
    """The Message-ID of a letter: the same whenever it is sent, so that a repeat can be recognised."""
    host = (urlsplit(base_url).hostname or "localhost").encode("idna").decode()
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
