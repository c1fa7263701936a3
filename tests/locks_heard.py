"""Hears every lock that is taken while two units of work meet (`tests.at_once`), and remembers those out of order.

Requests and jobs beside them are heard too. A test that does several services' work in one transaction of its own takes
locks as nobody does, and is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import has_request_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from lms.frame.locks import ORDER, place_of

HEARD, MINE = "locks_heard", "locks_are_heard"
out_of_order: list[str] = []


@contextmanager
def listening() -> Iterator[list[str]]:
    """What was locked out of order meanwhile, in words."""
    out_of_order.clear()
    yield out_of_order


def is_heard(session: Session, table: str) -> bool:
    """Jobs lock their own row first."""
    if has_request_context() or session.info.get(MINE):
        return True
    return table == "job_state" or "job_state" in session.info.get(HEARD, ())


@event.listens_for(Session, "do_orm_execute")
def _hear(state: ORMExecuteState) -> None:
    asked: Any = getattr(state.statement, "_for_update_arg", None)
    if asked is None or asked.skip_locked:  # whoever skips waits for nobody
        return
    for table in sorted(_tables(state.statement, asked), key=place_of):
        note(state.session, table)


def note(session: Session, table: str) -> None:
    if table not in ORDER or not is_heard(session, table):
        return
    held: dict[str, None] = session.info.setdefault(HEARD, {})
    later = [name for name in held if place_of(name) > place_of(table)]
    if later and table not in held:
        out_of_order.append(f"{table} was locked after {', '.join(later)}")
    held[table] = None


def _tables(statement: Any, asked: Any) -> set[str]:
    if asked.of:
        named = [sa.inspect(each) for each in asked.of]
        return {getattr(getattr(each, "local_table", each), "name", "") for each in named}
    return {getattr(each, "name", "") for each in statement.get_final_froms() if isinstance(each, sa.Table)}


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(HEARD, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, _previous: SessionTransaction) -> None:
    session.info.pop(HEARD, None)
