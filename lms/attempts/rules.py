"""What is noted of attempts, and for how long."""

from datetime import timedelta
from enum import StrEnum

KEPT_DAYS = 30
NOTED_AN_HOUR = 200
"""Of one kind from one network. Whoever makes more is noted already, and shall not fill the disk."""


class What(StrEnum):
    """What happened."""

    SIGNED_IN = "signed in"
    WRONG_CODE = "wrong code"
    WRONG_PASSWORD = "wrong password"  # noqa: S105
    PASSWORD_OFF = "password switched off"  # noqa: S105
    WRONG_FACTOR = "wrong second factor"
    FACTOR_WAITS = "second factor has to wait"
    WRONG_ACCOUNT = "account at work refused"
    FORBIDDEN = "page not allowed"


WORDS = {
    What.SIGNED_IN: "Signed in",
    What.WRONG_CODE: "Wrong codes by email",
    What.WRONG_PASSWORD: "Wrong passwords",
    What.PASSWORD_OFF: "Passwords switched off after 100 wrong ones",
    What.WRONG_FACTOR: "Wrong second factors",
    What.FACTOR_WAITS: "Second factors refused for an hour after 10 wrong ones",
    What.WRONG_ACCOUNT: "Accounts at work that let no one in",
    What.FORBIDDEN: "Pages asked for that a role does not include",
}
PERIODS = (timedelta(days=1), timedelta(days=7), timedelta(days=KEPT_DAYS))
