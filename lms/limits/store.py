"""Where tries are counted: on connections of their own, so that a count stands whatever becomes of the request.

With SQLite it is a file beside the database, `lms.sqlite3-limits`: counting never waits for the writer of the database,
works while a page is only read, and outlives a refusal that undoes all else. With PostgreSQL it is a table that the
store makes for itself. It is no record: no backup carries it, and nothing is lost with it but a few counts.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

WAITS_SECONDS = 5
MADE_BY_ONE = 7_205_759
"""A number of ours for PostgreSQL's advisory lock: two that make a table at once would both fail."""
Answer = TypeVar("Answer")

COUNTS = sa.Table(
    "limit_count",
    sa.MetaData(),
    sa.Column("counted", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("until", sa.Double, nullable=False, index=True),
)
"""`counted` is a digest of what and who with the secret key; `until` is when the count ends, in seconds since 1970."""


class Store:
    """The counts of one installation. Cheap to make: it holds no connection between two questions."""

    def __init__(self, engine: Engine, secret_key: str) -> None:
        self._engine = engine if engine.dialect.name == "postgresql" else _beside(f"{engine.url.database}-limits")
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._secret_key = secret_key.encode()

    def add(self, counted: str, *, per: timedelta, now: datetime, times: int = 1) -> int:
        """Count once more; how many there are now. The first one begins a window, and the count ends with it."""
        return self.add_until(counted, per=per, now=now, times=times)[0]

    def add_until(self, counted: str, *, per: timedelta, now: datetime, times: int = 1) -> tuple[int, float]:
        """Count once more; how many there are now, and when the window ends, in seconds since 1970."""
        at = now.timestamp()
        fresh = self._insert(COUNTS).values(counted=self._mark(counted), number=times, until=at + per.total_seconds())
        goes_on = COUNTS.c.until > at
        again = fresh.on_conflict_do_update(
            index_elements=[COUNTS.c.counted],
            set_={
                "number": sa.case((goes_on, COUNTS.c.number + times), else_=times),
                "until": sa.case((goes_on, COUNTS.c.until), else_=fresh.excluded.until),
            },
        ).returning(COUNTS.c.number, COUNTS.c.until)
        row = self._do(lambda connection: connection.execute(again).one())
        return row.number, row.until

    def number(self, counted: str, *, now: datetime) -> int:
        """How many there are in the window that runs."""
        return self._window(counted, now)[0]

    def until(self, counted: str, *, now: datetime) -> float:
        """When the window that runs ends, in seconds since 1970; now, when none runs."""
        return self._window(counted, now)[1]

    def forget(self, counted: str) -> None:
        """Begin to count afresh."""
        gone = sa.delete(COUNTS).where(COUNTS.c.counted == self._mark(counted))
        self._do(lambda connection: connection.execute(gone))

    def forget_all(self) -> int:
        """Begin everything afresh; how many counts there were."""
        return self._do(lambda connection: connection.execute(sa.delete(COUNTS)).rowcount)

    def sweep(self, *, now: datetime) -> int:
        """Take away what has ended; how many."""
        ended = sa.delete(COUNTS).where(COUNTS.c.until <= now.timestamp())
        return self._do(lambda connection: connection.execute(ended).rowcount)

    def _window(self, counted: str, now: datetime) -> tuple[int, float]:
        at = now.timestamp()
        asked = sa.select(COUNTS.c.number, COUNTS.c.until).where(
            COUNTS.c.counted == self._mark(counted), COUNTS.c.until > at
        )
        found = self._do(lambda connection: connection.execute(asked).one_or_none())
        return (found.number, found.until) if found else (0, at)

    def _mark(self, counted: str) -> str:
        """Addresses of the network and mailboxes are not to be read from here."""
        return hmac.digest(self._secret_key, b"limits\0" + counted.encode("utf-8", "replace"), hashlib.sha256).hex()

    def _do(self, ask: Callable[[Connection], Answer]) -> Answer:
        """Each question is a transaction of its own. Asked again once a table is made, where there was none."""
        try:
            with self._connected() as connection:
                return ask(connection)
        except (OperationalError, ProgrammingError):
            self._make_table()
            with self._connected() as connection:
                return ask(connection)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def _make_table(self) -> None:
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MADE_BY_ONE)))
            connection.execute(CreateTable(COUNTS, if_not_exists=True))
            for index in COUNTS.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))


@lru_cache(maxsize=8)
def _beside(path: str) -> Engine:
    """The file beside a SQLite database, which its owner alone can read."""
    Path(path).touch(mode=0o600)
    made = sa.create_engine(
        f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True, connect_args={"timeout": WAITS_SECONDS}
    )
    sa.event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return made
