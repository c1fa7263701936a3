"""The narrow door through which alone rows that stay as they are can be changed, inside one transaction.

PostgreSQL: a setting of the transaction, which ends with it. SQLite: a row of the table `open_door`, which is gone
again before anybody else can see it, because one writes at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import UtcMoment

DOOR = "open_door"
SETTING, SINCE = "golden_thread.door", "golden_thread.door_at"

open_door = sa.table(DOOR, sa.column("purpose", sa.Text()), sa.column("at", UtcMoment()))


@contextmanager
def door(session: Session, purpose: str, *, now: datetime) -> Iterator[None]:
    """Let what is kept be changed for one purpose. Whatever waits in the session is written before the door closes."""
    session.flush()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    was: str = session.info.get(DOOR, "")
    session.info[DOOR] = purpose
    (_open_sqlite if is_sqlite else _open)(session, purpose, now)
    try:
        yield
        session.flush()
        (_open_sqlite if is_sqlite else _open)(session, was, now)
    finally:
        session.info[DOOR] = was


def _open(session: Session, purpose: str, now: datetime) -> None:
    said = sa.func.set_config(SETTING, purpose, True), sa.func.set_config(SINCE, now.isoformat(), True)
    session.execute(sa.select(*said))


def _open_sqlite(session: Session, purpose: str, now: datetime) -> None:
    session.execute(sa.delete(open_door))
    if purpose:
        session.execute(sa.insert(open_door).values(purpose=purpose, at=now))
