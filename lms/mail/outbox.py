"""Into the outbox, once a key; and out of it again when the reason to write has gone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import insert_for, insert_new
from lms.kit.letters import Copy, ForMany, Letter
from lms.kit.portions import portions
from lms.mail.models import OutboxLetter, SharedLetter
from lms.mail.rules import LetterState, gathered_at, is_soon, leaves_at
from lms.mail.same import digest_of

ABOUT_SOMEBODY = (":manager", ":also")
"""Ends of keys of letters without a record that are about the person whom the key names: the copy for their manager,
and the one to another address of their own."""

_WAITS = OutboxLetter.state == LetterState.WAITING


def put_in_outbox(session: Session, letter: Letter, *, now: datetime) -> OutboxLetter | None:
    """Add the letter unless its key has been used; None then. Part of the caller's transaction.

    A key that somebody else uses at this very moment stops this letter, never the work that it belongs to.
    """
    if _is_used(session, letter.key):
        return None
    session.flush()
    added = insert_for(session, OutboxLetter).values(_row(letter, now)).on_conflict_do_nothing(index_elements=["key"])
    new_id = session.scalar(added.returning(OutboxLetter.id))
    return session.get_one(OutboxLetter, new_id) if new_id is not None else None


def _row(letter: Letter, now: datetime) -> dict[str, Any]:
    wanted = letter.due_at or now
    due_at, gathers = _when(letter, now)
    return {
        "key": letter.key,
        "kind": letter.kind,
        "person_id": letter.person_id,
        "to_name": letter.to_name,
        "to_address": letter.to_address,
        "context": letter.context,
        "says": "" if letter.secret else digest_of(letter.kind, letter.context, letter.calendar),
        "calendar_method": letter.calendar.method if letter.calendar else None,
        "calendar_text": letter.calendar.text if letter.calendar else None,
        "is_secret": letter.secret,
        "better_twice": letter.secret or (letter.better_twice and is_soon(letter.concerns_at, wanted)),
        "booking_id": letter.booking_id,
        "event_id": letter.event_id,
        "event_version": letter.event_version,
        "invitation_id": letter.invitation_id,
        "good_until": letter.good_until,
        "created_at": now,
        "due_at": due_at,
        "gathers": gathers,
    }


def _when(letter: Letter, now: datetime) -> tuple[datetime, str]:
    """When a letter is due, and the kind of letter that it is a line of then, if it can wait for that."""
    if letter.gathers and letter.can_wait and letter.due_at is None:
        morning = gathered_at(now, letter.concerns_at)
        return (now, "") if morning is None else (morning, letter.gathers)
    wanted = letter.due_at or now
    due_at = leaves_at(wanted, letter.concerns_at) if letter.can_wait else wanted
    return due_at, letter.gathers if letter.can_wait else ""


def rename_keys(session: Session, before: int, after: int, *, only: Sequence[int] | None = None) -> list[int]:
    """Let the keys of letters about one person's record name another's from now on; which letters these are.

    A key is `kind:person:object:occurrence`. After a merge the same reminder would have another key, and go again. A
    letter stays as it is when the other record has one with that key already.
    """
    about = sa.select(OutboxLetter).where(OutboxLetter.key.contains(f":{before}:"))
    if only is not None:
        about = about.where(OutboxLetter.id.in_(only))
    renamed = []
    for row in session.scalars(about.order_by(OutboxLetter.id)).all():
        kind, person, *rest = row.key.split(":")
        key = ":".join([kind, str(after), *rest])
        if person == str(before) and is_about(row, after, before) and not _is_used(session, key):
            row.key = key
            session.flush()
            renamed.append(row.id)
    return renamed


ALREADY_TOLD = "Not sent: the record that was kept has this email already."
ALREADY_TOLD_EVER = (ALREADY_TOLD, "Not sent: the record that was kept has this letter already.")
"""The same in every way it was ever written: letters keep it."""


def withdraw_doubles(session: Session, before: int, after: int) -> list[int]:
    """Letters that wait under the key of a record that was merged, because the one kept has them too; which ones."""
    about = sa.select(OutboxLetter).where(OutboxLetter.key.contains(f":{before}:"), _WAITS).order_by(OutboxLetter.id)
    doubles = [row.id for row in session.scalars(about) if _names(row, before) and is_about(row, after, before)]
    withdraw_letters(session, OutboxLetter.id.in_(doubles), why=ALREADY_TOLD)
    return doubles


def let_wait_again(session: Session, ids: Sequence[int], *, why: tuple[str, ...] = ALREADY_TOLD_EVER) -> None:
    """What was taken back for one of these reasons goes after all: as a double, or because somebody had left."""
    again = sa.update(OutboxLetter).where(OutboxLetter.id.in_(ids), OutboxLetter.last_error.in_(why))
    session.execute(again.values(state=LetterState.WAITING, last_error=""))


def _names(row: OutboxLetter, person_id: int) -> bool:
    return row.key.split(":")[1:2] == [str(person_id)]


def is_about(row: OutboxLetter, *person_ids: int) -> bool:
    """A letter to this person, or one that `ABOUT_SOMEBODY` ends: its key names them. No other key does."""
    if row.person_id is not None:
        return row.person_id in person_ids
    return row.key.endswith(ABOUT_SOMEBODY) and row.key.split(":")[1:2] in [[str(each)] for each in person_ids]


def _is_used(session: Session, key: str) -> bool:
    return session.scalar(sa.select(OutboxLetter.id).where(OutboxLetter.key == key)) is not None


def put_all_in_outbox(session: Session, letters: Sequence[Letter], *, now: datetime) -> dict[str, int]:
    """Add many letters in three statements; those whose key has been used stay as they are. Answers ids by key.

    For a few hundred at a time: whoever sends thousands does it in portions, so that memory does not grow.
    """
    ids = _ids_by_key(session, [letter.key for letter in letters])
    new = {letter.key: letter for letter in letters if letter.key not in ids}
    if new:
        insert_new(session, OutboxLetter, [_row(letter, now) for letter in new.values()], unique="key")
        ids |= _ids_by_key(session, list(new))
    return ids


def _ids_by_key(session: Session, keys: Sequence[str]) -> dict[str, int]:
    found = session.execute(sa.select(OutboxLetter.key, OutboxLetter.id).where(OutboxLetter.key.in_(keys)))
    return {row.key: row.id for row in found}


def withdraw_letters(session: Session, *which: sa.ColumnElement[bool], why: str) -> list[OutboxLetter]:
    """Take back those of these letters that still wait; which those were. What is on the wire just now goes.

    One statement: a letter that is claimed at the same moment is either withdrawn and not sent, or sent and not
    withdrawn, and neither undoes what else the caller does.
    """
    nothing = sa.case((OutboxLetter.is_secret, sa.literal({}, sa.JSON)), else_=OutboxLetter.context)
    withdrawn = {"state": LetterState.WITHDRAWN, "retry_at": None, "last_error": why, "context": nothing}
    taken_back = sa.update(OutboxLetter).where(OutboxLetter.state == LetterState.WAITING, *which).values(withdrawn)
    return list(session.scalars(taken_back.returning(OutboxLetter)))


def put_many_in_outbox(session: Session, letter: ForMany, copies: Iterable[Copy], *, now: datetime) -> int:
    """Add a copy for each, but for keys that have been used. How many are new. Part of the caller's transaction.

    `copies` may be a generator: never more than a portion of them is held. Raises ValueError for a copy that does not
    fill in what the letter leaves open.
    """
    shared = session.scalar(sa.select(SharedLetter).where(SharedLetter.key == letter.key))
    if shared is None:
        shared = SharedLetter(
            key=letter.key, kind=letter.kind, list_name=letter.list_name, context=letter.context, created_at=now
        )
        session.add(shared)
        session.flush()
    if shared.stopped_at is not None:
        return 0
    before = _copies_of(session, shared.id)
    for some in portions(copies):
        rows = [_copy_row(letter, shared, copy, now) for copy in some]
        insert_new(session, OutboxLetter, rows, unique="key")
    return _copies_of(session, shared.id) - before


def _copies_of(session: Session, shared_id: int) -> int:
    return session.scalar(sa.select(sa.func.count()).where(OutboxLetter.shared_id == shared_id)) or 0


def _copy_row(letter: ForMany, shared: SharedLetter, copy: Copy, now: datetime) -> dict[str, Any]:
    if copy.fills.keys() != letter.fills:
        raise ValueError(f"{letter.kind} leaves {sorted(letter.fills)} open; the copy fills {sorted(copy.fills)}.")
    wanted = copy.due_at or now
    return {
        "key": copy.key,
        "kind": letter.kind,
        "shared_id": shared.id,
        "person_id": copy.person_id,
        "to_name": copy.to_name,
        "to_address": copy.to_address,
        "context": dict(copy.fills),
        "says": digest_of(letter.kind, {**shared.context, **copy.fills}),
        "created_at": now,
        "due_at": leaves_at(wanted) if letter.can_wait else wanted,
    }


def stop_shared(session: Session, keys: Sequence[str], *, why: str, now: datetime, forget: bool = False) -> int:
    """Nothing more of these shared letters goes; how many copies that takes back. What is on the wire just now goes.

    Their copies that fail now are not tried again either. `forget` also wipes what they said, subjects of copies that
    went included, for those who see the outbox but may not see what is under embargo.
    """
    ids = list(session.scalars(sa.select(SharedLetter.id).where(SharedLetter.key.in_(keys)).order_by(SharedLetter.id)))
    stopped: dict[str, Any] = {"stopped_at": now, "stopped_why": why} | ({"context": {}} if forget else {})
    session.execute(sa.update(SharedLetter).where(SharedLetter.id.in_(ids)).values(stopped))
    waiting = (OutboxLetter.shared_id.in_(ids), OutboxLetter.state == LetterState.WAITING)
    withdrawn = {"state": LetterState.WITHDRAWN, "last_error": why, "retry_at": None}
    rows = session.execute(sa.update(OutboxLetter).where(*waiting).values(withdrawn).returning(OutboxLetter.id)).all()
    if forget:
        session.execute(
            sa.update(OutboxLetter).where(OutboxLetter.shared_id.in_(ids)).values(subject="", says="", forgotten_at=now)
        )
    return len(rows)
