"""What may be shown of free text, and what a safeguarding lead may decide. Pure."""

from enum import StrEnum


class TextState(StrEnum):
    """What may happen with somebody's own words. Only `shown` and `released` come into reports."""

    SHOWN = "shown"  # nothing was found in it
    HELD = "held"  # it may name somebody; a person reads it first
    RELEASED = "released"  # read, and let out, perhaps with words covered
    WITHHELD = "withheld"  # stays out for good
    ANONYMISED = "anonymised"  # 24 months have passed: the words are gone, the count stays


IN_REPORTS = (TextState.SHOWN, TextState.RELEASED)


class ConcernState(StrEnum):
    """What became of words that may tell of a child at risk."""

    NEW = "new"
    ACTED = "acted"
    NO_ACTION = "no_action"
