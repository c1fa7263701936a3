"""What may be shown of free text, and what a safeguarding lead may decide. Pure."""

import re
from enum import StrEnum

from lms.kit.errors import Invalid


class TextState(StrEnum):
    """What may happen with somebody's own words. Only `shown` and `released` come into reports."""

    SHOWN = "shown"  # nothing was found in it
    HELD = "held"  # it may name somebody; a person reads it first
    RELEASED = "released"  # read, and let out, perhaps with words covered
    WITHHELD = "withheld"  # stays out for good
    ANONYMISED = "anonymised"  # 24 months have passed: the words are gone, the count stays


IN_REPORTS = (TextState.SHOWN, TextState.RELEASED)


TEXTS_KEPT_MONTHS = 24
COVER = "[removed]"
_PIECES = re.compile(r"\S+")


def check_covered(before: str, after: str) -> None:
    """What is let out is what somebody wrote, with words taken out or covered: nothing may be added. Raises Invalid."""
    if not after.strip():
        raise Invalid("Leave some words, or keep the text back.", field="words")
    there = iter(_PIECES.findall(before))
    for piece in _PIECES.findall(after.replace(COVER, " ")):
        if not any(piece == each or piece.strip(".,;:!?") == each.strip(".,;:!?") for each in there):
            raise Invalid(
                f"Only take words out or write {COVER} in their place. “{piece}” does not stand there.", field="words"
            )
