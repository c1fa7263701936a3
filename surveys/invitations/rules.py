"""When somebody is asked, reminded and no longer asked, and in which state an invitation is. Pure.

Moments are aware; days are London calendar days. Where the bank holidays of a year are not known, nothing is guessed:
the moment is None, and `lms check` says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lms.kit.errors import Invalid
from lms.kit.working_days import (
    add_months,
    end_of_day,
    is_working_day,
    london,
    london_date,
    next_working_day,
    wall_time,
    working_days_after,
)
from surveys.stages.rules import Stage


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


class Route(StrEnum):
    """By which way somebody came to the survey that they answered."""

    LETTER = "letter"
    REMINDER = "reminder"
    QR = "qr"
    PAPER = "paper"


def route_named(name: str) -> Route:
    """The way that a link names; the letter for one that names none."""
    return next((each for each in (Route.REMINDER, Route.QR) if each.value == name), Route.LETTER)


class State(StrEnum):
    """The life of an invitation, derived from its facts."""

    NOT_ASKED = "not_asked"
    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    BOUNCED = "bounced"
    SENT = "sent"
    COMPLETED = "completed"
    EXPIRED = "expired"


NOT_ASKED_WORDS = {
    NotAsked.NO_ADDRESS: "no email address",
    NotAsked.OPTED_OUT: "does not want to be asked",
    NotAsked.ERASED: "their data was erased",
    NotAsked.NO_SURVEY: "nothing is asked at this stage",
}

NINE, OPENS, ENDS = time(9), time(8), time(18)
CUT_AFTER_MONTHS = 12
BASELINE_WAITS = timedelta(hours=1)
"""A place that is given up within the hour asks for nothing."""
CHASED_FOR = timedelta(days=28)
"""How long after it was due somebody is still asked, whose address or whose register comes late."""


def known(reckon: Callable[..., datetime], *values: object) -> datetime | None:
    """A moment, or None where the bank holidays of its year are not known."""
    try:
        return reckon(*values)
    except Invalid:
        return None


# When


def due_on(stage: Stage, last_day: date) -> date:
    """So many calendar months after the last day attended, the last day of a shorter month (30 Nov -> 28 Feb)."""
    return add_months(last_day, stage.of.after_months or 0)


def nine_on_working_day(day: date) -> datetime:
    """09:00 on the day or, when that is no working day, on the next one."""
    return wall_time(next_working_day(day), NINE)


def in_working_hours(moment: datetime) -> datetime:
    """The moment itself between 08:00 and 18:00 of a working day, otherwise the next 09:00 of one."""
    at = london(moment)
    if is_working_day(at.date()) and OPENS <= at.time() < ENDS:
        return moment
    return nine_on_working_day(at.date() + timedelta(days=at.time() >= OPENS))


def closes_at(stage: Stage, sent_at: datetime, event_starts_at: datetime) -> datetime:
    """The last second in which a survey can be answered: so many days after it was sent, or when the event begins."""
    if stage.of.open_days is None:
        return event_starts_at
    return end_of_day(london_date(sent_at) + timedelta(days=stage.of.open_days))


def reminder_moments(stage: Stage, sent_at: datetime) -> list[datetime | None]:
    """When reminders go, in order; each at 09:00 on a working day. None where bank holidays are not known."""
    day, row = london_date(sent_at), stage.of
    soon = [
        known(lambda each=each: wall_time(working_days_after(day, each), NINE)) for each in row.reminder_working_days
    ]
    return soon + [known(nine_on_working_day, day + timedelta(days=each)) for each in row.reminder_days]


def next_reminder(stage: Stage, sent_at: datetime, closes: datetime, done: int) -> datetime | None:
    """The next reminder after so many; None when there is none, or when it would come after the closing."""
    moments = reminder_moments(stage, sent_at)
    following = moments[done] if done < len(moments) else None
    return following if following is not None and following < closes else None


def last_day_attended(days_attended: str, days: Mapping[int, date]) -> date:
    """The last day that somebody was there: "1;2" are day numbers; without them, the last day of the event."""
    numbers = [int(each) for each in days_attended.split(";") if each.strip().isdigit()]
    return max((days[each] for each in numbers if each in days), default=max(days.values()))


def cut_on(ends_at: datetime) -> date:
    """The day on which the link between invitations and answers is cut: 12 months after the event."""
    return add_months(london_date(ends_at), CUT_AFTER_MONTHS)


# In which state


@dataclass(frozen=True)
class InvitationSoFar:
    """What is known of an invitation."""

    not_asked: str | None
    withdrawn_at: datetime | None
    sent_at: datetime | None
    bounced_at: datetime | None
    closes_at: datetime | None
    is_answered: bool


def state_of(facts: InvitationSoFar, now: datetime) -> State:
    """Withdrawn beats answered: kept, and not counted. Answered beats bounced: it was reached after all."""
    if facts.withdrawn_at is not None:
        return State.WITHDRAWN
    if facts.is_answered:
        return State.COMPLETED
    if facts.not_asked is not None:
        return State.NOT_ASKED
    if facts.sent_at is None:
        return State.SCHEDULED
    if facts.bounced_at is not None:
        return State.BOUNCED
    return State.EXPIRED if facts.closes_at is not None and now > facts.closes_at else State.SENT


def can_be_answered(facts: InvitationSoFar, now: datetime) -> bool:
    """Sent, neither withdrawn nor closed nor answered. A letter that came back can still be answered."""
    return (
        facts.withdrawn_at is None
        and not facts.is_answered
        and facts.sent_at is not None
        and facts.closes_at is not None
        and now <= facts.closes_at
    )
