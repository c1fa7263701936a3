"""Locking rows until a unit of work ends: everybody in one order, rows of a table by id, and no row twice.

Two who lock the same rows in different orders wait for each other, and the database ends one of them. So what stands
first in `ORDER` is locked first. Whatever is decided on is read again under its lock, which these functions do.
`docs/decisions/0037-one-lock-order.md` says why it is this order.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from lms.frame.db import Base
from lms.kit.portions import portions

logger = logging.getLogger(__name__)

ORDER = (
    "job_state",
    "review",
    "briefing",
    "course",
    "event",
    "venue",
    "person",
    "reference_counter",
    "booking",
    "charge",
    "invoice",
    "invoice_number",
    "survey_invitation",
    "partnership",
    "outbox",
)
"""What is locked first comes first. Other tables belong to one of these, or to nobody else: they come after it."""


def place_of(table: str) -> int:
    """Where a table stands in the order."""
    return ORDER.index(table) if table in ORDER else len(ORDER)


HELD = "lms_locks"
Row = TypeVar("Row", bound=Base)
Query = TypeVar("Query", bound=sa.Select[*tuple[Any, ...]])


def lock_row(session: Session, model: type[Row], row_id: int) -> Row | None:
    """A row, ours until the end of the transaction, and as it is now. None when there is none."""
    found = lock_rows(session, model, [row_id])
    return found[0] if found else None


def lock_rows(session: Session, model: type[Row], ids: Iterable[int]) -> list[Row]:
    """Rows by id, ours until the end of the transaction, and as they are now."""
    wanted, held = sorted(set(ids)), held_by(session)
    name = model.__tablename__
    missing = [each for each in wanted if (name, each) not in held]
    found = dict(_locked_now(session, model, missing))
    note_locked(session, name, found)
    rows = (found.get(each) or session.get(model, each) for each in wanted)
    return [row for row in rows if row is not None]


def _locked_now(session: Session, model: type[Row], ids: list[int]) -> Iterator[tuple[int, Row]]:
    key: Any = sa.inspect(model).primary_key[0]
    for those in portions(ids):
        some = sa.select(model).where(key.in_(those)).order_by(key)
        for row in session.scalars(for_update(some, of=model)):
            yield getattr(row, key.name), row


def for_update(query: Query, *, of: type[Base] | None = None, skip_locked: bool = False) -> Query:
    """The query, whose rows are locked and read as they are now. `skip_locked` leaves out what somebody else has.

    A row whose key stays as it is can be pointed at meanwhile: FOR NO KEY UPDATE. SQLite has one writer at a time.
    """
    locked = query.with_for_update(key_share=True, of=of, skip_locked=skip_locked)
    return locked.execution_options(populate_existing=True)


def held_by(session: Session) -> set[tuple[str, int]]:
    """The rows that this transaction has locked by id, as (table, id)."""
    held: set[tuple[str, int]] = session.info.setdefault(HELD, set())
    return held


def note_locked(session: Session, table: str, ids: Collection[int]) -> None:
    """Remember rows that were locked by id, and say so in the log when that was out of order."""
    held = held_by(session)
    if table in ORDER:
        before = max(((ORDER.index(name), row_id) for name, row_id in held if name in ORDER), default=(-1, 0))
        for row_id in ids:
            if (ORDER.index(table), row_id) < before:
                logger.warning("Locked %s %s after %s %s", table, row_id, ORDER[before[0]], before[1])
    held |= {(table, row_id) for row_id in ids}


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """Locks end with the transaction."""
    if transaction.parent is None:
        session.info.pop(HELD, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, _previous: SessionTransaction) -> None:
    """Those taken in a savepoint are gone with it; asking for the others again does no harm."""
    session.info.pop(HELD, None)
