"""The letters that ask, and those that remind. Each has a link that opens without an account."""

from dataclasses import dataclass, replace
from datetime import datetime

from lms.frame.work import Work
from lms.kit.letters import Letter
from lms.kit.words import event_dates, long_date
from surveys.invitations.links.queries import token_of
from surveys.stages.rules import Stage


@dataclass(frozen=True)
class ToAsk:
    """An invitation with what its letter says."""

    id: int
    booking_id: int
    event_id: int
    person_id: int
    stage: Stage
    tries: int
    reminders: int
    delegate: str
    to_name: str
    to_address: str
    course: str
    days: tuple[tuple[datetime, datetime], ...]
    minutes: int
    closes_at: datetime
    awaits_certificate: bool


def invitation_letter(work: Work, asked: ToAsk, due_at: datetime) -> Letter:
    """The first letter, of its stage's kind. Its key counts the tries: again only after an address was put right."""
    return _letter(work, asked, invitation_key(asked.stage, asked.person_id, asked.id, asked.tries), due_at)


def reminder_letter(work: Work, asked: ToAsk, due_at: datetime) -> Letter:
    """One more letter of the same survey, numbered."""
    number = asked.reminders + 1
    letter = _letter(work, asked, reminder_key(asked.person_id, asked.id, number), due_at)
    return replace(letter, kind="surveys.reminder", context={**letter.context, "number": number}, can_wait=True)


def invitation_key(stage: Stage, person_id: int, invitation_id: int, tries: int) -> str:
    """surveys.impact:17:2041:1"""
    return f"surveys.{stage}:{person_id}:{invitation_id}:{tries}"


def reminder_key(person_id: int, invitation_id: int, number: int) -> str:
    """surveys.reminder:17:2041:2"""
    return f"surveys.reminder:{person_id}:{invitation_id}:{number}"


def _letter(work: Work, asked: ToAsk, key: str, due_at: datetime) -> Letter:
    is_manager = asked.stage.of.asks_manager
    return Letter(
        kind=f"surveys.{asked.stage}",
        key=key,
        person_id=None if is_manager else asked.person_id,
        to_name=asked.to_name if is_manager else "",
        to_address=asked.to_address if is_manager else "",
        context={
            "token": token_of(work, asked.id),
            "stage": asked.stage.value,
            "course": asked.course,
            "dates": event_dates(asked.days),
            "delegate": asked.delegate,
            "minutes": asked.minutes,
            "closes": long_date(asked.closes_at),
            "awaits_certificate": asked.awaits_certificate,
        },
        due_at=due_at,
        can_wait=asked.stage.of.after_months != 0,
        booking_id=asked.booking_id,
        event_id=asked.event_id,
        invitation_id=asked.id,
        good_until=asked.closes_at,
        gathers="surveys.managers_day" if is_manager else "",
    )
