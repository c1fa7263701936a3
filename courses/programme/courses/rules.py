"""What the partnership says about courses: their life, their codes, and how their level and length read."""

import re
from enum import StrEnum

from lms.kit.errors import Invalid


class EventType(StrEnum):
    """What kind of thing people come to."""

    COURSE = "course"
    BRIEFING = "briefing"
    WEBINAR = "webinar"
    CONFERENCE = "conference"
    WORKSHOP = "workshop"
    LEARNING_FROM_PRACTICE = "learning-from-practice event"
    MASTERCLASS = "masterclass"
    SUMMIT = "summit"
    FORUM = "forum"
    E_LEARNING = "e-learning"


class CourseStatus(StrEnum):
    """`draft -> approved -> live -> review due -> (live | under revision -> next version) -> retired`."""

    DRAFT = "draft"
    APPROVED = "approved"
    LIVE = "live"
    REVIEW_DUE = "review_due"
    UNDER_REVISION = "under_revision"
    RETIRED = "retired"


IN_CATALOGUE = frozenset({CourseStatus.LIVE, CourseStatus.REVIEW_DUE, CourseStatus.UNDER_REVISION})


CODE = re.compile(r"\w[^/\\?#\x00-\x1f]*")
STATUS_WORDS = {
    CourseStatus.DRAFT: "Draft",
    CourseStatus.APPROVED: "Approved, not in the catalogue yet",
    CourseStatus.LIVE: "Live in the catalogue",
    CourseStatus.REVIEW_DUE: "In the catalogue, review due",
    CourseStatus.UNDER_REVISION: "In the catalogue, new version being written",
    CourseStatus.RETIRED: "Retired",
}


def tidied(code: str) -> str:
    """A code without spaces around it, and single ones within."""
    return " ".join(code.split())


def checked_code(code: str) -> str:
    """A course's code, tidied. Refuses one that cannot stand in an address."""
    code = tidied(code)
    if not CODE.fullmatch(code) or len(code) > 40:
        raise Invalid("Give the course a short code of letters and digits, like SB1.", field="code")
    return code


def lines_of(text: str) -> list[str]:
    """What was typed one to a line, without bullets and empty lines."""
    return [line for each in text.splitlines() if (line := each.strip().lstrip("•-*").strip())]


def plain_kind(text: str) -> str:
    """A kind without case, hyphens and spaces, so that "E-learning" and "e_learning" are the same."""
    return re.sub(r"[\W_]+", "", text.casefold()).removesuffix("event")


def plain_level(text: str) -> str:
    """A level as it is kept: "Level 3" is 3; one that is named stays as it is."""
    found = re.fullmatch(r"(?:level\s*)?(\d+)", text.strip(), re.IGNORECASE)
    return found[1] if found else text.strip()


def level_words(level: str) -> str:
    """Level 3; a level that is named already stays as it is."""
    return f"Level {level}" if level.isdigit() else level


def length_words(days: int, minutes: int) -> str:
    """How long a course is, in a word or two, from the days of a date and its minutes from start to end."""
    if days > 1:
        return f"{days} days"
    if minutes >= 300:
        return "1 day"
    if minutes >= 150:
        return "half a day"
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return f"{minutes} minutes"
    return f"{hours} hour" if hours == 1 else f"{hours} hours"
