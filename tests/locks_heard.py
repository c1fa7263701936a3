"""Hears every lock of a service that works as it does in production, and remembers those that were out of order.

That is in a request, a command, a job, and where two units of work meet (`tests.at_once`). Heard is what asks for rows
FOR UPDATE, row by row; and what changes or deletes rows, by table: whoever changes several of one has locked what they
belong to, as whoever changes letters has what they are about. A test that does the work of several services in one
transaction of its own locks as nobody does, and is not heard.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy.session import Session as SessionOfFlask
from sqlalchemy import event
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from lms.frame.db import Base
from lms.frame.locks import ORDER, place_of

HEARD, MADE, MINE = "locks_heard", "rows_made", "locks_are_heard"
out_of_order: list[str] = []

Key = Any
"""Of a row; None where only the table is known."""


def is_heard(session: Session, table: str) -> bool:
    """Requests and commands have Flask's session; a job locks its own row first."""
    if isinstance(session, SessionOfFlask) or session.info.get(MINE):
        return True
    return table == "job_state" or "job_state" in session.info.get(HEARD, ())


@event.listens_for(Session, "do_orm_execute")
def _hear(state: ORMExecuteState) -> Result[Any] | None:
    asked: Any = getattr(state.statement, "_for_update_arg", None)
    if asked is not None and not asked.skip_locked:  # whoever skips waits for nobody
        tables = _locked_by(state.statement, asked)
        return _hear_rows(state, tables) if any(is_heard(state.session, each) for each in tables) else None
    changed = getattr(getattr(state.statement, "table", None), "name", "")
    if (state.is_update or state.is_delete) and _is_told(changed) and is_heard(state.session, changed):
        done = state.invoke_statement()
        if getattr(done, "rowcount", 1):
            note(state.session, changed, [None], by_row=False)
        return done
    return None


def _hear_rows(state: ORMExecuteState, tables: Iterable[str]) -> Result[Any]:
    found = state.invoke_statement().freeze()
    rows = found().all()
    for table in sorted(tables, key=place_of):
        note(state.session, table, [_key(row, table) for row in rows])
    return found()


def _locked_by(statement: Any, asked: Any) -> set[str]:
    if asked.of:
        named = [sa.inspect(each) for each in asked.of]
        return {getattr(getattr(each, "local_table", each), "name", "") for each in named}
    return {getattr(each, "name", "") for each in statement.get_final_froms() if isinstance(each, sa.Table)}


def _key(row: Any, table: str) -> Key:
    """The key of a row of this table, where it is among what was asked for."""
    for each in row:
        if isinstance(each, Base) and each.__tablename__ == table:
            return _identity(each)
    return row[0] if row._fields == ("id",) else None


def _identity(thing: Base) -> Key:
    keys = sa.inspect(type(thing)).primary_key_from_instance(thing)
    return keys[0] if len(keys) == 1 else None


@event.listens_for(Session, "after_flush")
def _hear_changes(session: Session, _: UOWTransaction) -> None:
    session.info.setdefault(MADE, set()).update((each.__tablename__, _identity(each)) for each in session.new)
    changed = [each for each in session.dirty if session.is_modified(each)]
    found: dict[str, list[Key]] = {}
    for thing in (*changed, *session.deleted):
        if _is_told(thing.__tablename__) and is_heard(session, thing.__tablename__):
            found.setdefault(thing.__tablename__, []).append(_identity(thing))
    for table in sorted(found, key=place_of):
        note(session, table, found[table], by_row=False)


def _is_told(table: str) -> bool:
    return table in ORDER and table != "outbox"


def note(session: Session, table: str, keys: Iterable[Key], *, by_row: bool = True) -> None:
    """Rows of a table that this transaction has locked, one after another. Nobody waits for those that it made."""
    held: dict[str, dict[Key, None]] = session.info.setdefault(HEARD, {})
    made = session.info.get(MADE, ())
    for key in keys:
        mine = held.get(table, {})
        if key in mine or (table, key) in made:
            continue
        later = [each for each in held if place_of(table) < place_of(each)]
        if later and (by_row or not mine):
            out_of_order.append(f"{table} {key} was locked after {', '.join(sorted(later, key=place_of))}")
        last = next(reversed(mine), None)
        if by_row and table in ORDER and key is not None and last is not None and last > key:
            out_of_order.append(f"{table} {key} was locked after {table} {last}")
        held.setdefault(table, {})[key] = None


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(HEARD, None)
        session.info.pop(MADE, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, _previous: SessionTransaction) -> None:
    session.info.pop(HEARD, None)
