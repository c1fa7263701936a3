"""How long codes and sessions last, how often one may try, who needs a second factor, and where one may be led."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lms.frame.access import SECOND_FACTOR_ROLES, Role

CODE_LASTS = timedelta(minutes=10)
WRONG_TRIES_A_CODE = 5
SHORT_CODES_A_DAY = 10
SHORT_DIGITS, LONG_DIGITS = 6, 12
LETTERS_APART = timedelta(minutes=2)
UNKNOWN_TOLD_AGAIN_AFTER = timedelta(days=1)
UNKNOWN_TOLD_AN_HOUR = 20
UNKNOWN_TOLD_A_DAY = 200
SHARED_MAILBOX_TOLD_AN_HOUR = 5
WRONG_FACTORS = 10
WRONG_FACTORS_WITHIN = timedelta(hours=1)
WRONG_PASSWORDS_AT_ONCE = 10
WRONG_PASSWORDS_WITHIN = timedelta(hours=1)
LONGEST_WAIT_SECONDS = 300
PASSWORD_OFF_AFTER = 100
KEPT_FOR = timedelta(days=1)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
RECOVERY_CODES = 10

WRONG_CODE = "That code does not work. Enter the digits in the latest email that we sent you."
WRONG_PASSWORD = "That password does not match that reference or address. Try again, or ask for a code."  # noqa: S105
WRONG_SECOND_FACTOR = (
    "That code does not work. Enter the 6 digits that your app shows now, each code only once, or a recovery code."
)
TOO_MANY_WRONG = "You have tried too many times. Wait an hour, then try again."
GUESSABLE = (
    "That password is too easy to guess. It is a common password, a pattern, or made from your name or "
    "workplace. Use 3 or 4 unrelated words."
)


@dataclass(frozen=True)
class CodeAsked:
    """A code asked for: as whom it is counted, whose it is, and which mailbox it goes to."""

    counted_as: str
    person_id: int | None = None
    sent_to: str = ""
    registration_id: int | None = None


def plain_identifier(typed: str) -> str:
    """What was typed to say who one is, as it is compared."""
    return "".join(typed.split()).lower()


def plain_code(typed: str) -> str:
    """A code without the spaces and hyphens that people put in."""
    return re.sub(r"[\s-]", "", typed).lower()


def shown_code(code: str) -> str:
    """As it is easily read and typed: 418302, 4183 0299 5512."""
    return code if len(code) == SHORT_DIGITS else " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def password_wait(wrong: int) -> int:
    """Seconds to wait after so many wrong passwords from one network: none at first, then 2, 4, 8 ... 300."""
    if wrong < WRONG_PASSWORDS_AT_ONCE:
        return 0
    return int(min(2 ** (wrong - WRONG_PASSWORDS_AT_ONCE + 1), LONGEST_WAIT_SECONDS))


def wait_words(seconds: int) -> str:
    """What is said to whoever has to wait. It does not depend on who they say they are."""
    wait = "a minute" if seconds <= 60 else f"{-(-seconds // 60)} minutes"
    return (
        f"There were many wrong passwords from your network. Wait {wait}, or ask for a code by email: that works now."
    )


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
