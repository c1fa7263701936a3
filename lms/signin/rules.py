"""How long codes and sessions last, how often one may try, who needs a second factor, and where one may be led."""

import hashlib
import re
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from lms.frame.access import SECOND_FACTOR_ROLES, Role


class Try(StrEnum):
    """What is counted."""

    ASKED = "asked"
    WRONG = "wrong"


CODE_LASTS = timedelta(minutes=10)
WRONG_TRIES_A_CODE = 5
CODES_ASKED = 5
CODES_ASKED_WITHIN = timedelta(minutes=15)
WRONG_TRIES = 10
WRONG_TRIES_WITHIN = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
RECOVERY_CODES = 10

WRONG_CODE = (
    "That code does not work. Type the 6 digits of our newest letter. "
    "A code lasts 10 minutes and 5 tries; after that, ask for a new one."
)
WRONG_PASSWORD = "That reference or address and that password do not go together. Try again, or ask for a code."  # noqa: S105
WRONG_SECOND_FACTOR = (
    "That code does not work. Type the 6 digits that your app shows now, each code only once, or a recovery code."
)
TOO_MANY_WRONG = "There were too many wrong tries. Wait an hour, then try again."
TOO_MANY_ASKED = "Several codes have been asked for already. Look for the newest letter, or wait 15 minutes."


def plain_identifier(typed: str) -> str:
    """What was typed to say who one is, as it is compared."""
    return "".join(typed.split()).lower()


def plain_code(typed: str) -> str:
    """A code without the spaces and hyphens that people put in."""
    return re.sub(r"[\s-]", "", typed).lower()


def digest(*parts: str) -> str:
    """What is kept of something short-lived, so that reading the row does not give it away."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def code_works(*, made_at: datetime, wrong_tries: int, used_at: datetime | None, now: datetime) -> bool:
    """A code lasts ten minutes, five tries and one use."""
    return used_at is None and wrong_tries < WRONG_TRIES_A_CODE and now < made_at + CODE_LASTS


def needs_second_factor(roles: frozenset[Role], *, has_one: bool) -> bool:
    """Those who hold much must have one; whoever has one is asked for it."""
    return has_one or bool(roles & SECOND_FACTOR_ROLES)


def local_path(wanted: str) -> str:
    """A path on this site to go on to, or nothing: never another site's address, however it is written."""
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return ""
    if any(ord(each) <= 32 or ord(each) == 127 for each in wanted):
        return ""
    parts = urlsplit(wanted)
    return "" if parts.scheme or parts.netloc else wanted
