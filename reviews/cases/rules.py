"""What a review can be, the clocks that the law sets it, and which facts go together. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kit.errors import Invalid
from lms.kit.working_days import add_months, working_days_after

NOTIFICATION_WORKING_DAYS = 5
RAPID_REVIEW_WORKING_DAYS = 15
PUBLICATION_MONTHS = 6
IDENTIFIES = re.compile(r"\b(d\.?\s?o\.?\s?b\b|date of birth|born on|nhs n(o|umber)|child(’|')?s name)", re.IGNORECASE)


class ReviewType(StrEnum):
    """A review can be several of these at once: a joint DHR and SCR."""

    SCR = "scr"
    LCSPR = "lcspr"
    RAPID_REVIEW = "rapid_review"
    LEARNING_LESSONS = "learning_lessons_review"
    DHR = "dhr"
    SAR = "sar"
    MULTI_AGENCY_AUDIT = "multi_agency_audit"
    THEMATIC = "thematic_review"
    OTHER = "other"


class ReviewStage(StrEnum):
    """Where a review is in its life."""

    NOTED = "noted"
    RAPID_REVIEW = "rapid_review"
    DECISION = "decision"
    UNDER_WAY = "under_way"
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"


class Decision(StrEnum):
    """What was decided after the rapid review."""

    NO_FURTHER = "no_further_review"
    LOCAL = "local_review"
    NATIONAL = "national_review"
    OTHER = "other_learning"


class Publication(StrEnum):
    """Exactly one for each review, so that lists add up to the total."""

    FULL = "full"
    PART = "part"
    EMBARGOED = "embargoed"
    IN_PROGRESS = "in_progress"
    NONE = "none"


class AgeBand(StrEnum):
    """Never an age, never a date."""

    UNBORN = "unborn"
    UNDER_1 = "under_1"
    FROM_1_TO_4 = "1_to_4"
    FROM_5_TO_10 = "5_to_10"
    FROM_11_TO_15 = "11_to_15"
    FROM_16_TO_17 = "16_to_17"


class Ethnicity(StrEnum):
    """The five broad groups of the census."""

    ASIAN = "asian"
    BLACK = "black"
    MIXED = "mixed"
    WHITE = "white"
    OTHER = "other"


OUT = frozenset({Publication.FULL, Publication.PART})


class ClockState(StrEnum):
    """Where a statutory clock stands."""

    RUNNING = "running"
    MET = "met"
    EXCEEDED = "exceeded"


@dataclass(frozen=True)
class Clock:
    """A period that the law gives: counted from a day, done on a day or not yet."""

    name: str
    words: str
    from_on: date
    due_on: date
    done_on: date | None
    state: ClockState
    reason: str = ""

    @property
    def needs_reason(self) -> bool:
        return self.state is ClockState.EXCEEDED and not self.reason


@dataclass(frozen=True)
class CaseDates:
    """The days on which a review's clocks run, and why one was exceeded."""

    known_on: date | None = None
    notified_on: date | None = None
    rapid_review_on: date | None = None
    decided_on: date | None = None
    published_on: date | None = None
    notification_reason: str = ""
    rapid_review_reason: str = ""
    publication_reason: str = ""


def clocks(dates: CaseDates, *, today: date, is_closed: bool = False) -> list[Clock]:
    """The statutory clocks that have started.

    Notification: 5 working days after the partnership knew. Rapid review: 15 working days after the notification.
    Publication: 6 months after the decision. A review that will not be published (`is_closed`) has no such clock.
    """
    found = []
    if dates.known_on:
        due = working_days_after(dates.known_on, NOTIFICATION_WORKING_DAYS)
        found.append(_clock("notification", dates.known_on, due, dates.notified_on, dates.notification_reason, today))
    if dates.notified_on:
        due = working_days_after(dates.notified_on, RAPID_REVIEW_WORKING_DAYS)
        done = dates.rapid_review_on
        found.append(_clock("rapid_review", dates.notified_on, due, done, dates.rapid_review_reason, today))
    if dates.decided_on and not is_closed:
        due = add_months(dates.decided_on, PUBLICATION_MONTHS)
        found.append(_clock("publication", dates.decided_on, due, dates.published_on, dates.publication_reason, today))
    return found


CLOCK_WORDS = {
    "notification": "Notification, 5 working days",
    "rapid_review": "Rapid review, 15 working days",
    "publication": "Publication, 6 months",
}


def _clock(name: str, from_on: date, due_on: date, done_on: date | None, reason: str, today: date) -> Clock:
    late = (done_on or today) > due_on
    state = ClockState.EXCEEDED if late else ClockState.MET if done_on else ClockState.RUNNING
    return Clock(name, CLOCK_WORDS[name], from_on, due_on, done_on, state, reason)


def check_reasons(dates: CaseDates, *, today: date) -> None:
    """A step that was done late needs its reason."""
    for clock in clocks(dates, today=today):
        if clock.done_on is not None and clock.needs_reason:
            days = f"was due on {clock.due_on.day}/{clock.due_on.month}/{clock.due_on.year}"
            raise Invalid(f"Explain why this took longer: it {days}.", field=f"{clock.name}_reason")


def check_order(dates: CaseDates, *, today: date) -> None:
    """Days come in their order, and none is still to come."""
    names = ("known_on", "notified_on", "rapid_review_on", "decided_on", "published_on")
    last: date | None = None
    for name in names:
        day: date | None = getattr(dates, name)
        if day is None:
            continue
        if day > today:
            raise Invalid("This date is in the future. Record it when it has happened.", field=name)
        if last is not None and day < last:
            raise Invalid("This date is before the previous step. Check both dates.", field=name)
        last = day


def check_identifies_nobody(words: str, *, field: str) -> str:
    """Refuse words that say when a child was born or what it is called."""
    if IDENTIFIES.search(words):
        raise Invalid("Leave out names, dates of birth and numbers of a child. Say “the child”.", field=field)
    return words.strip()


def is_reportable(stage: ReviewStage, publication: Publication) -> bool:
    """Whether the stage and the publication can both be true."""
    if publication in OUT:
        return stage is ReviewStage.PUBLISHED
    return stage is not ReviewStage.PUBLISHED or publication is Publication.EMBARGOED
