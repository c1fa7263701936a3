"""How many have not answered, as an agency lead may know it; and when a manager is asked for a word. Pure."""

from datetime import timedelta

from lms.kit.telling.numbers import SMALL

NUDGE_AFTER = timedelta(days=10)
NUDGE_BEFORE_CLOSING = timedelta(days=5)


def band(number: int) -> str:
    """5 to 9, 10 to 14 ...: in bands, so that looking again tomorrow does not tell who answered. Few are not told."""
    if number < SMALL:
        return ""
    least = number - number % SMALL
    return f"{least} to {least + SMALL - 1}"
