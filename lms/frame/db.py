"""The database: one base class, aware moments, named constraints, and engines that behave alike on both kinds."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

READING = {"lms_reading": True, "postgresql_readonly": True}
"""Execution options of a transaction that may not write: a GET changes nothing, and the database sees to it."""

SQLITE_WAITS_SECONDS = 60
CONNECT_WITHIN_SECONDS = 10
"""A server that is away is told as away; one behind a firewall that says nothing would be waited for minutes."""


class UtcMoment(sa.TypeDecorator[datetime]):
    """An aware moment, kept in UTC to the microsecond; naive ones are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_with_check(kind: type[StrEnum], **called: str) -> sa.Enum:
    """A StrEnum as text with a CHECK, which is called as the class is; `name` where it was called otherwise before."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda kinds: [each.value for each in kinds],
        **called,
    )


class Base(DeclarativeBase):
    """Every table. StrEnum columns become text with a CHECK, moments are aware."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcMoment(),
            str: sa.Text(),
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
            StrEnum: text_with_check(StrEnum),
        },
    )


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs for this address, the same for the application, commands and tests.

    Values stay out of errors and logs: they may be what is under embargo, or somebody's needs.
    """
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": SQLITE_WAITS_SECONDS}}
    connecting = {"connect_timeout": CONNECT_WITHIN_SECONDS}
    return {
        "hide_parameters": True,
        "pool_size": 10,
        "max_overflow": 20,
        "pool_pre_ping": True,
        "connect_args": connecting,
    }


def make_engine(url: str) -> Engine:
    """An engine with this house's habits (see `prepare_engine`)."""
    return prepare_engine(sa.create_engine(url, **engine_options(url)))


def prepare_engine(engine: Engine) -> Engine:
    """SQLite: foreign keys, WAL, what is deleted overwritten, and a writer that takes the lock at BEGIN, so that no two
    both take the last place.

    PostgreSQL needs nothing: rows are locked with SELECT ... FOR UPDATE, which SQLite ignores.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", begin_sqlite)
    event.listen(engine, "handle_error", _leave_values_out)
    return engine


def _leave_values_out(context: ExceptionContext) -> None:
    """PostgreSQL says below an error which values were meant, and errors go to logs."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].split("\nDETAIL:")[0].split("\nCONTEXT:")[0], *error.args[1:])


def _prepare_sqlite_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """Say BEGIN: a transaction that reads can do nothing else, one that may write waits for its turn now."""
    reading = bool(connection.get_execution_options().get("lms_reading"))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def work_at(session: Session, now: datetime) -> None:
    """Say to a session what time it is for what is done in it."""
    session.info["now"] = now


def moment_of(session: Session) -> datetime | None:
    """What time it is for what is done in this session; None where nobody said."""
    now: datetime | None = session.info.get("now")
    return now


@event.listens_for(Session, "after_begin")
def _tell_connection(session: Session, _transaction: Any, connection: Connection) -> None:
    """What is said to a session is known to what is written through it, also after the transaction began."""
    connection.info["session"] = session.info


def _moment_of_writing(context: Any) -> datetime:
    """What time it is for what is being written; by the clock where nobody said."""
    said = context.root_connection.info.get("session", {})
    return cast(datetime, said.get("now") or datetime.now(UTC))


class Changing:
    """A table whose rows say when they last changed, whoever changed them: other systems ask what is new since then.

    Empty in rows from before this was kept.
    """

    changed_at: Mapped[datetime | None] = mapped_column(
        default=_moment_of_writing, onupdate=_moment_of_writing, index=True
    )


def begin_reading(session: Session) -> None:
    """Make this session's transaction one that the database lets only read."""
    session.connection(execution_options=READING)


def is_reading(session: Session) -> bool:
    """Whether this session's transaction is one that can only read."""
    return session.in_transaction() and bool(session.connection().get_execution_options().get("lms_reading"))


def without_values(error: BaseException) -> str:
    """What went wrong, without the values that PostgreSQL adds below it: they may be under embargo."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    lines = str(cause).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction of its own, committed at the end: for tests, threads and notes made while reading."""
    with Session(engine) as session, session.begin():
        yield session


@contextmanager
def writing_if_free(engine: Engine, *, wait: timedelta = timedelta(0)) -> Iterator[Session]:
    """As `writing`, for a note beside all else: raises OperationalError where another writes for longer than this."""
    milliseconds = int(wait.total_seconds() * 1000)
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            driver.execute(f"PRAGMA busy_timeout={milliseconds}")
        try:
            with Session(connection) as session, session.begin():
                if not is_sqlite:
                    session.execute(sa.text(f"SET LOCAL lock_timeout = {max(milliseconds, 50)}"))
                yield session
        finally:
            if is_sqlite:
                driver.execute(f"PRAGMA busy_timeout={SQLITE_WAITS_SECONDS * 1000}")


@contextmanager
def to_try_out(session: Session) -> Iterator[Session]:
    """A session whose writes nobody keeps and nobody waits for, on what is committed.

    SQLite lets one write at a time, also one who will roll back: so there it is a copy in memory, which is only read
    for. On PostgreSQL it is this session, and a savepoint that is rolled back gives its rows' locks back.
    """
    engine = session.get_bind().engine
    if engine.dialect.name != "sqlite":
        attempt = session.begin_nested()
        try:
            yield session
        finally:
            if attempt.is_active:
                attempt.rollback()
        return
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as copy:
        source = engine.raw_connection()
        try:
            cast(sqlite3.Connection, source.dbapi_connection).backup(copy)
        finally:
            source.close()
        private = prepare_engine(sa.create_engine("sqlite://", creator=lambda: copy, poolclass=sa.StaticPool))
        with Session(private) as trying:
            yield trying


def insert_for(session: Session, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this kind of database, which can say what to do where such a row is there already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(cast(sa.Table, model.__table__))


def truncate_log_after(session: Session) -> None:
    """Once this is committed, empty SQLite's write-ahead log: it holds pages as they were. A busy one stays a while."""
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        event.listen(session, "after_commit", lambda _: _truncate_log(engine), once=True)


def _truncate_log(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for pragma in ("busy_timeout=2000", "wal_checkpoint(TRUNCATE)", f"busy_timeout={SQLITE_WAITS_SECONDS * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    finally:
        connection.close()


def insert_new(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], *, unique: str) -> None:
    """Insert rows in one go, leaving out those whose `unique` columns ("a, b") are there already.

    How many are new is for the caller to count: not every database says it.
    """
    if not rows:
        return
    columns = [name.strip() for name in unique.split(",")]
    statement = insert_for(session, model).on_conflict_do_nothing(index_elements=columns)
    session.flush()
    session.connection().execute(statement, [dict(row) for row in rows])
