"""Which letter is delivered next: claimed in one short transaction, read in another, given back if its worker died.

The claim reads nothing that could be wrong with a letter. So one that cannot be read, or that stops its worker, is
counted like any other that fails, and never stands in front of the rest for ever.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading, writing
from lms.frame.work import SiteOfWork
from lms.lists.queries import has_left
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.queries import LetterRecipient, recipient_of
from lms.mail.reasons import no_longer_true
from lms.mail.rules import CLAIM_LASTS, LetterState, give_back_at
from lms.mail.same import said_just_now

HAS_LEFT = "Not sent: they have left, and nothing goes to an old address."
TO_LEAVERS = frozenset(("people.access_changed",))
"""That we noted it, and that they cannot sign in any more, is said to whoever has left: it may be wrong."""
LEFT = "Not sent: whoever reads at this address has left the mailing list."
INTERRUPTED = (
    "The worker was stopped while it sent this, so it may have gone already. The repeat has the same Message-ID."
)
STOPS_THE_WORKER = (
    "Given up: the worker was stopped each time that it sent this, so it may have gone already. "
    "Look at what it says before you try it again."
)


@dataclass(frozen=True)
class LetterClaim:
    """A letter that is ours to send, before anything of it is read."""

    id: int
    key: str
    is_secret: bool
    due_at: datetime
    tries: int
    claimed_at: datetime


@dataclass(frozen=True)
class LetterToSend:
    """A letter read in full, so that no transaction stays open.

    `why_not` says why it may not go any more; or not before `until`.
    """

    kind: str
    context: dict[str, Any]
    calendar: tuple[str, str] | None
    to: LetterRecipient
    person_id: int | None = None
    shared_id: int | None = None
    list_name: str = ""
    why_not: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class _AboutShared:
    """What a copy asks of its shared letter."""

    list_name: str = ""
    is_stopped: bool = False
    stopped_why: str = ""


def claim_next(engine: Engine, now: datetime) -> LetterClaim | None:
    """Take the next letter that is due.

    Secret ones first, for somebody sits and waits for a sign-in code; then those that were never tried; those that
    failed before wait for them.
    """
    with writing(engine) as session:
        row = (
            _next_due(session, now, OutboxLetter.is_secret.is_(True))
            or _next_due(session, now, OutboxLetter.is_secret.is_(False), OutboxLetter.tries == 0)
            or _next_due(session, now, OutboxLetter.is_secret.is_(False))
        )
        if row is None:
            return None
        claim = LetterClaim(row.id, row.key, row.is_secret, row.due_at, row.tries + 1, now)
        taken = {"state": LetterState.SENDING, "claimed_at": now, "tries": claim.tries}
        session.execute(sa.update(OutboxLetter).where(OutboxLetter.id == claim.id).values(taken))
        return claim


def _next_due(
    session: Session, now: datetime, *which: sa.ColumnElement[bool]
) -> sa.Row[int, str, bool, datetime, int] | None:
    columns = (OutboxLetter.id, OutboxLetter.key, OutboxLetter.is_secret, OutboxLetter.due_at, OutboxLetter.tries)
    return session.execute(
        sa.select(*columns)
        .where(
            OutboxLetter.state == LetterState.WAITING,
            *which,
            OutboxLetter.due_at <= now,
            sa.or_(OutboxLetter.retry_at.is_(None), OutboxLetter.retry_at <= now),
        )
        .order_by(OutboxLetter.due_at, OutboxLetter.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    ).one_or_none()


def read_claimed(engine: Engine, claim: LetterClaim, site: SiteOfWork) -> LetterToSend:
    """The letter, whom it goes to as they are now, and whether it is still so. Raises whatever is wrong with it."""
    with Session(engine) as session:
        begin_reading(session)
        row = session.get_one(OutboxLetter, claim.id)
        to, shared = recipient_of(session, row), _about_shared(session, row.shared_id)
        why_not = _why_not(session, row, shared, to) or no_longer_true(session, row, claim.claimed_at, site)
        same = None if why_not else said_just_now(session, row, claim.claimed_at)
        return LetterToSend(
            kind=row.kind,
            context=row.context,
            calendar=(row.calendar_method, row.calendar_text or "") if row.calendar_method else None,
            to=to,
            person_id=row.person_id,
            shared_id=row.shared_id,
            list_name=shared.list_name,
            why_not=same.words if same is not None else why_not,
            until=same.until if same is not None else None,
        )


def _about_shared(session: Session, shared_id: int | None) -> _AboutShared:
    if shared_id is None:
        return _AboutShared()
    columns = (SharedLetter.list_name, SharedLetter.stopped_at.is_not(None), SharedLetter.stopped_why)
    return _AboutShared(*session.execute(sa.select(*columns).where(SharedLetter.id == shared_id)).one())


def _why_not(session: Session, row: OutboxLetter, shared: _AboutShared, to: LetterRecipient) -> str:
    """Why a copy may not go any more; nothing when it may."""
    if shared.is_stopped:
        return shared.stopped_why or "Not sent: the letter was stopped."
    if to.has_left and row.kind not in TO_LEAVERS:
        return HAS_LEFT
    is_of_list = bool(shared.list_name)
    if is_of_list and has_left(session, shared.list_name, person_id=row.person_id, address=to.address):
        return LEFT
    return ""


def give_back_interrupted(engine: Engine, now: datetime) -> int:
    """Letters that were claimed and never recorded wait again, a little longer each time, and in the end no more."""
    interrupted = sa.and_(OutboxLetter.state == LetterState.SENDING, OutboxLetter.claimed_at <= now - CLAIM_LASTS)
    columns = (OutboxLetter.id, OutboxLetter.interruptions, OutboxLetter.is_secret)
    with writing(engine) as session:
        found = session.execute(
            sa.select(*columns)
            .where(interrupted)
            .order_by(OutboxLetter.id)
            .with_for_update(key_share=True, skip_locked=True)
        ).all()
        for row in found:
            again = _given_back(row.interruptions + 1, now, is_secret=row.is_secret)
            session.execute(sa.update(OutboxLetter).where(OutboxLetter.id == row.id).values(again))
        return len(found)


def _given_back(interruptions: int, now: datetime, *, is_secret: bool) -> dict[str, Any]:
    retry_at = give_back_at(interruptions, now)
    values: dict[str, Any] = {"claimed_at": None, "retry_at": retry_at, "interruptions": interruptions}
    if retry_at is not None:
        return values | {"state": LetterState.WAITING, "last_error": INTERRUPTED}
    if is_secret:
        values["context"] = {}
    return values | {"state": LetterState.GIVEN_UP, "last_error": STOPS_THE_WORKER}
