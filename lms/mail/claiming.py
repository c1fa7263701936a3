"""Which letter is delivered next: claimed in one short transaction, read in another, given back if its worker died.

The claim reads nothing that could be wrong with a letter. So one that cannot be read, or that stops its worker, is
counted like any other that fails, and never stands in front of the rest for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading, writing
from lms.frame.work import SiteOfWork
from lms.lists.queries import has_left
from lms.mail.holding.queries import may_leave
from lms.mail.journal import HowFar, Journal, line_of
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.queries import LetterRecipient, recipient_of
from lms.mail.reasons import no_longer_true, own_links
from lms.mail.rules import CLAIM_LASTS, HAS_LEFT, UNANSWERED_WAITS, LetterState, give_back_at
from lms.mail.same import said_just_now

MOST_LINES = 50
"""Lines of one gathered letter; whatever is more follows in the next."""
TO_LEAVERS = frozenset(("people.access_changed",))
"""That we noted it, and that they cannot sign in any more, is said to whoever has left: it may be wrong."""
LEFT = "Not sent: the person at this address has left the mailing list."
INTERRUPTED = "The worker was stopped before the mail server had all of this email, so it goes again."
STOPS_THE_WORKER = (
    "Given up: the worker was stopped each time before the mail server had all of this email. "
    "Look at what it says before you try it again."
)
CUT_OFF = "The worker was stopped before the mail server said that it takes this email, so it may have arrived."


@dataclass(frozen=True)
class LetterClaim:
    """A letter that is ours to send, before anything of it is read."""

    id: int
    key: str
    is_secret: bool
    better_twice: bool
    due_at: datetime
    tries: int
    interruptions: int
    claimed_at: datetime
    gathers: str = ""
    others: tuple["LetterClaim", ...] = ()


@dataclass(frozen=True)
class LetterToSend:
    """A letter read in full, so that no transaction stays open.

    `why_not` says why it may not go any more; or not before `until`. `own` are links for its reader alone, which are
    kept nowhere.
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
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _AboutShared:
    """What a copy asks of its shared letter."""

    list_name: str = ""
    is_stopped: bool = False
    stopped_why: str = ""


def claim_next(engine: Engine, now: datetime, by: str) -> LetterClaim | None:
    """Take the next letter that is due, for the deliverer of this name.

    Secret ones first, for somebody sits and waits for a sign-in code; then those that were never tried; those that
    failed before wait for them, and take turns.
    """
    is_new = OutboxLetter.retry_at.is_(None)
    with writing(engine) as session:
        row = (
            _next_due(session, now, OutboxLetter.is_secret.is_(True))
            or _next_due(session, now, OutboxLetter.is_secret.is_(False), is_new)
            or _next_due(session, now, OutboxLetter.is_secret.is_(False), ~is_new, order=OutboxLetter.retry_at)
        )
        if row is None:
            return None
        claim = _claimed(session, row, now, by)
        if not claim.gathers:
            return claim
        rows = session.execute(_due(now, *_lines_with(session, claim)).limit(MOST_LINES - 1)).all()
        return replace(claim, others=tuple(_claimed(session, each, now, by) for each in rows))


def _claimed(session: Session, row: sa.Row[*tuple[Any, ...]], now: datetime, by: str) -> LetterClaim:
    claim = LetterClaim(**row._asdict() | {"tries": row.tries + 1}, claimed_at=now)
    taken = {"state": LetterState.SENDING, "claimed_at": now, "claimed_by": by, "tries": claim.tries}
    session.execute(sa.update(OutboxLetter).where(OutboxLetter.id == claim.id).values(taken))
    return claim


def _lines_with(session: Session, claim: LetterClaim) -> tuple[sa.ColumnElement[bool], ...]:
    """What is gathered with it, to the same reader."""
    whom = sa.select(OutboxLetter.to_address, OutboxLetter.person_id).where(OutboxLetter.id == claim.id)
    to_address, person_id = session.execute(whom).one()
    return (
        OutboxLetter.gathers == claim.gathers,
        OutboxLetter.to_address == to_address,
        OutboxLetter.person_id.is_not_distinct_from(person_id),
    )


_OF_CLAIM = ("claimed_at", "others")
_CLAIMED = tuple(getattr(OutboxLetter, each.name) for each in fields(LetterClaim) if each.name not in _OF_CLAIM)


def _next_due(
    session: Session, now: datetime, *which: sa.ColumnElement[bool], order: Any = OutboxLetter.due_at
) -> sa.Row[*tuple[Any, ...]] | None:
    return session.execute(_due(now, *which, order=order).limit(1)).one_or_none()


def _due(
    now: datetime, *which: sa.ColumnElement[bool], order: Any = OutboxLetter.due_at
) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_CLAIMED)
        .where(
            OutboxLetter.state == LetterState.WAITING,
            *which,
            OutboxLetter.due_at <= now,
            sa.or_(OutboxLetter.retry_at.is_(None), OutboxLetter.retry_at <= now),
            may_leave(),
        )
        .order_by(order, OutboxLetter.id)
        .with_for_update(key_share=True, skip_locked=True)
    )


def as_one(going: Sequence[tuple[LetterClaim, LetterToSend]]) -> LetterToSend:
    """One letter with a line for each of these; a single one stays what it is."""
    first = going[0][1]
    if len(going) == 1:
        return first
    lines = [{**each.context, "kind": each.kind} for _, each in going]
    return replace(first, kind=going[0][0].gathers, context={"lines": lines}, calendar=None, own={})


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
            own={} if why_not else own_links(session, row, to.address, claim.claimed_at, site),
        )


def _about_shared(session: Session, shared_id: int | None) -> _AboutShared:
    if shared_id is None:
        return _AboutShared()
    columns = (SharedLetter.list_name, SharedLetter.stopped_at.is_not(None), SharedLetter.stopped_why)
    return _AboutShared(*session.execute(sa.select(*columns).where(SharedLetter.id == shared_id)).one())


def _why_not(session: Session, row: OutboxLetter, shared: _AboutShared, to: LetterRecipient) -> str:
    """Why a copy may not go any more; nothing when it may."""
    if shared.is_stopped:
        return shared.stopped_why or "Not sent: the email was stopped."
    if to.has_left and row.kind not in TO_LEAVERS:
        return HAS_LEFT
    is_of_list = bool(shared.list_name)
    if is_of_list and has_left(session, shared.list_name, person_id=row.person_id, address=to.address):
        return LEFT
    return ""


def give_back_interrupted(engine: Engine, now: datetime, journal: Journal) -> int:
    """Letters that were claimed and never recorded, because their worker was stopped: what became of them.

    Those of a process here that is no more at once, others after a while. The journal tells how far each got.
    """
    with writing(engine) as session:
        found = [
            row for row in session.execute(_in_hand(now, journal.here)).all() if _is_interrupted(row, now, journal)
        ]
        marks = journal.read() if found else {}
        for row in found:
            again = without_code(row, _given_back(row, now, _how_far(row, journal, marks)))
            session.execute(sa.update(OutboxLetter).where(OutboxLetter.id == row.id).values(again))
    journal.forget(now)
    return len(found)


def _in_hand(now: datetime, here: str) -> sa.Select[*tuple[Any, ...]]:
    """Letters that somebody else is sending, or that are sent for too long."""
    others = (OutboxLetter.claimed_at, OutboxLetter.claimed_by)
    is_old = sa.or_(OutboxLetter.claimed_at.is_(None), OutboxLetter.claimed_at <= now - CLAIM_LASTS)
    return (
        sa.select(*_CLAIMED, *others)
        .where(OutboxLetter.state == LetterState.SENDING, sa.or_(is_old, OutboxLetter.claimed_by != here))
        .order_by(OutboxLetter.id)
        .with_for_update(key_share=True, skip_locked=True)
    )


def _is_interrupted(row: sa.Row[*tuple[Any, ...]], now: datetime, journal: Journal) -> bool:
    return row.claimed_at is None or row.claimed_at <= now - CLAIM_LASTS or journal.is_dead(row.claimed_by)


def _how_far(row: sa.Row[*tuple[Any, ...]], journal: Journal, marks: Mapping[str, HowFar]) -> HowFar | None:
    """Of a letter that was in hand elsewhere, or under a version without a journal, the worst is supposed."""
    if row.claimed_at is None or not journal.knows(row.claimed_by):
        return HowFar.HANDED_OVER
    return marks.get(line_of(row.id, row.tries, row.claimed_at))


def _given_back(row: sa.Row[*tuple[Any, ...]], now: datetime, how_far: HowFar | None) -> dict[str, Any]:
    moment = row.claimed_at or now
    if how_far is HowFar.TAKEN:
        return {"state": LetterState.SENT, "sent_at": moment, "claimed_at": None, "retry_at": None}
    if how_far is HowFar.HANDED_OVER:
        return after_no_answer(row, moment, now, CUT_OFF)
    retry_at, interruptions = give_back_at(row.interruptions + 1, now), row.interruptions + 1
    values: dict[str, Any] = {"claimed_at": None, "retry_at": retry_at, "interruptions": interruptions}
    if retry_at is not None:
        return values | {"state": LetterState.WAITING, "last_error": INTERRUPTED}
    return values | {"state": LetterState.GIVEN_UP, "last_error": STOPS_THE_WORKER}


def without_code(letter: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What is written on a letter: one that held a code and has ended holds it no more."""
    has_ended = values["state"] is not LetterState.WAITING
    return values | {"context": {}} if letter.is_secret and has_ended else values


def after_no_answer(letter: Any, handed_over_at: datetime, now: datetime, words: str) -> dict[str, Any]:
    """What becomes of a letter that the server had, and never said that it takes it.

    Where missing it is worse than having it twice it goes twice more, with the same Message-ID.
    """
    times = letter.interruptions + 1
    values: dict[str, Any] = {"claimed_at": None, "interruptions": times, "may_have_gone_at": handed_over_at}
    if letter.better_twice and times <= len(UNANSWERED_WAITS):
        retry_at = now + UNANSWERED_WAITS[times - 1]
        return values | {"state": LetterState.WAITING, "retry_at": retry_at, "last_error": words}
    return values | {"state": LetterState.GIVEN_UP, "retry_at": None, "last_error": words}
