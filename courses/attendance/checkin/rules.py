"""The code on the trainer's screen: six digits that change every minute, made from a secret, the day and the minute."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from courses.programme.events.life import SIGN_IN
from courses.programme.events.rules import EventState
from lms.kit.errors import Conflict, Invalid
from lms.kit.words import clock, long_date

DIGITS = 6
OPENS_BEFORE = timedelta(minutes=60)
PUNCTUAL_FOR_MINUTES = 15


def minute_of(at: datetime) -> int:
    """Minutes since the epoch."""
    return int(at.astimezone(UTC).timestamp()) // 60


def code_at(secret: str, day_id: int, minute: int) -> str:
    """The six digits of a minute."""
    digest = hmac.new(secret.encode(), f"{day_id}:{minute}".encode(), sha256).digest()
    return str(int.from_bytes(digest[:8], "big") % 10**DIGITS).zfill(DIGITS)


def code_now(secret: str, day_id: int, now: datetime) -> str:
    """What the screen shows."""
    return code_at(secret, day_id, minute_of(now))


def check_code(secret: str, day_id: int, typed: str, now: datetime) -> None:
    """Refuse a code that is not this minute's or the one before."""
    digits = "".join(typed.split())
    minute = minute_of(now)
    if not any(hmac.compare_digest(code_at(secret, day_id, each), digits) for each in (minute, minute - 1)):
        raise Invalid("That is not the current code. Enter the six digits that the screen shows.", field="code")


def check_time(state: EventState, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse in words outside the day: from an hour before the start until the end."""
    SIGN_IN.check(state)
    if now < starts_at - OPENS_BEFORE:
        raise Conflict(f"Signing in opens at {clock(starts_at - OPENS_BEFORE)} on {long_date(starts_at)}.")
    if now > ends_at:
        raise Conflict("This day is over. If you were there, tell the trainer, who can mark the register.")


def late_minutes(starts_at: datetime, now: datetime) -> int:
    """Minutes late, counted from the start, of somebody who signs in more than 15 minutes after it."""
    late = int((now - starts_at).total_seconds()) // 60
    return late if late > PUNCTUAL_FOR_MINUTES else 0
