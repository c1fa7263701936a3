"""Never two letters of the same content in one minute, whoever wrote them: found when the second is about to go.

They may have been written hours apart and wait for the same morning, or for a mail server that was away. The second is
withdrawn; where something else about the same thing was written in between (cancelled, undone, cancelled again), it is
news again, and goes when the minute is over.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.kit.letters import CalendarPart
from lms.mail.models import OutboxLetter
from lms.mail.rules import CLAIM_LASTS, LetterState

APART = timedelta(minutes=1)
ASKED_AGAIN = (timedelta(seconds=5), timedelta(seconds=15))
"""How long one waits while its like is on the wire; of two that meet there, the earlier goes first."""
NOT_READ = ("DTSTAMP", "SEQUENCE", "LAST-MODIFIED")
"""Lines of a calendar's entry that nobody reads."""
WENT = "Not sent: an email that says the same had left within the minute."
WAITS = "An email that says the same left within the minute: this one follows when the minute is over."


@dataclass(frozen=True)
class SaidJustNow:
    """What becomes of a letter of which the like has just left: withdrawn, or later."""

    words: str
    until: datetime | None = None


def digest_of(kind: str, context: Mapping[str, Any], calendar: CalendarPart | None = None) -> str:
    """Equal for two letters in which one reads the same."""
    entry = [] if calendar is None else [calendar.method, *calendar.text.splitlines()]
    read = [line for line in entry if not line.startswith(NOT_READ)]
    said = json.dumps([kind, context, read], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def said_just_now(session: Session, letter: OutboxLetter, now: datetime) -> SaidJustNow | None:
    """Whether another letter said the same to the same reader within the last minute, or is saying it."""
    if not letter.says:
        return None
    same = (OutboxLetter.says == letter.says, *_same_reader(letter), OutboxLetter.id != letter.id)
    left = sa.and_(OutboxLetter.state == LetterState.SENT, OutboxLetter.sent_at > now - APART)
    leaving = sa.and_(OutboxLetter.state == LetterState.SENDING, OutboxLetter.claimed_at > now - CLAIM_LASTS)
    twins = sa.select(OutboxLetter.id, OutboxLetter.sent_at).where(*same, sa.or_(left, leaving))
    twin = session.execute(twins.order_by(OutboxLetter.id.desc()).limit(1)).one_or_none()
    if twin is None:
        return None
    if twin.sent_at is None:
        return SaidJustNow(WAITS, now + ASKED_AGAIN[letter.id > twin.id])
    if _is_news(session, letter, twin.id):
        return SaidJustNow(WAITS, twin.sent_at + APART)
    return SaidJustNow(WENT)


def _is_news(session: Session, letter: OutboxLetter, twin_id: int) -> bool:
    """Whether something else was written to this reader about the same thing between the two."""
    first, last = sorted((letter.id, twin_id))
    between = sa.select(OutboxLetter.id).where(
        OutboxLetter.id > first,
        OutboxLetter.id < last,
        OutboxLetter.says != letter.says,
        OutboxLetter.state.in_([LetterState.WAITING, LetterState.SENDING, LetterState.SENT]),
        OutboxLetter.booking_id.is_not_distinct_from(letter.booking_id),
        OutboxLetter.event_id.is_not_distinct_from(letter.event_id),
        *_same_reader(letter),
    )
    return session.scalar(between.limit(1)) is not None


def _same_reader(letter: OutboxLetter) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OutboxLetter.person_id.is_not_distinct_from(letter.person_id),
        OutboxLetter.to_address == letter.to_address,
    )
