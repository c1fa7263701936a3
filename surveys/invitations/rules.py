"""When somebody is asked, reminded and no longer asked, and in which state an invitation is. Pure."""

from enum import StrEnum


class Stage(StrEnum):
    """The four times at which people are asked about an event."""

    BASELINE = "baseline"
    ON_THE_DAY = "on_the_day"
    IMPACT = "impact"
    MANAGERS_VIEW = "managers_view"


class NotAsked(StrEnum):
    """Why somebody who attended was not asked."""

    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    ERASED = "erased"
    NO_SURVEY = "no_survey"  # nothing is asked at this stage of this course


class Channel(StrEnum):
    """How somebody is asked."""

    EMAIL = "email"
    PAPER = "paper"
