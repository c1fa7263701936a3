"""What migrations change filled tables with, so that people read and write meanwhile, and nothing is dropped unasked.

On PostgreSQL each step is a transaction of its own that waits for a lock no longer than `LONGEST_WAIT`: whoever wants
to read behind it waits no longer either. A migration that did not get its lock runs again from its beginning, so each
step finds by itself what is there already. SQLite has one writer at a time: there the steps are one transaction,
readers go on, and writers wait for it. `docs/migrations.md` tells how to write one.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import BatchOperations, Operations, ops, toimpl
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from lms.frame.again import met_others
from lms.kit.folding import folded

logger = logging.getLogger("alembic")

LONGEST_WAIT = "1s"
MOST_TRIES, PAUSE_SECONDS = 120, 0.5
A_PORTION = 1000
LOSE_ROWS = "lose-rows"
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class ChangingTable:
    """A table that has rows already. `batch` collects what SQLite makes the table anew with, once."""

    table: str
    batch: BatchOperations | None

    def add_column(self, column: "sa.Column[Any]") -> None:
        """One that may be empty, or has a server_default: rows stay as they are. Checks and keys come after."""
        if column.foreign_keys or column.constraints or getattr(column.type, "create_constraint", False):
            raise ValueError(f"Add {column.name} alone, then what it must be by add_check or add_foreign_key.")
        if not column.nullable and column.server_default is None:
            raise ValueError(f"{column.name} must be allowed to be empty, or have a server_default.")
        if self.batch:
            self.batch.add_column(column)
        else:
            with apart():
                op.add_column(self.table, column, if_not_exists=True)

    def add_index(self, name: str, columns: Sequence[str], *, unique: bool = False, where: str | None = None) -> None:
        """Made while others write."""
        only: dict[str, Any] = {f"{_kind()}_where": sa.text(where)} if where else {}
        if self.batch:
            self.batch.create_index(name, list(columns), unique=unique, **only)
        elif not _is_ready(name):
            with apart(waiting=True):
                op.drop_index(name, self.table, if_exists=True, postgresql_concurrently=True)  # one half made
                op.create_index(name, self.table, list(columns), unique=unique, postgresql_concurrently=True, **only)

    def drop_index(self, name: str) -> None:
        """One that another does the work of. Nobody who reads or writes waits for it."""
        if self.batch:
            self.batch.drop_index(name)
        else:
            with apart(waiting=True):
                op.drop_index(name, self.table, if_exists=True, postgresql_concurrently=True)

    def add_unique(self, name: str, columns: Sequence[str]) -> None:
        """Looked for while others write; then the index becomes the key."""
        if self.batch:
            self.batch.create_unique_constraint(op.f(name), list(columns))
        elif not self._has(name):
            self.add_index(name, columns, unique=True)
            self._alter(f'ADD CONSTRAINT "{name}" UNIQUE USING INDEX "{name}"')

    def add_check(self, name: str, rule: str) -> None:
        """True of what is written from now on; then what is there is looked through while others write."""
        if self.batch:
            self.batch.create_check_constraint(op.f(name), sa.text(rule))
            return
        if not self._has(name):
            self._alter(f'ADD CONSTRAINT "{name}" CHECK ({rule}) NOT VALID')
        self._look_through(name)

    def widen_check(self, name: str, rule: str) -> None:
        """A check that takes more than before: what is there holds it already, and is looked through all the same."""
        if self.batch:
            self.batch.drop_constraint(op.f(name), type_="check")
            self.batch.create_check_constraint(op.f(name), sa.text(rule))
            return
        self.add_check(f"{name}_wider", rule)
        with apart():
            op.execute(f'ALTER TABLE "{self.table}" DROP CONSTRAINT IF EXISTS "{name}"')
            op.execute(f'ALTER TABLE "{self.table}" RENAME CONSTRAINT "{name}_wider" TO "{name}"')

    def add_foreign_key(self, name: str, columns: Sequence[str], to: str, their: Sequence[str], **more: Any) -> None:
        """As `add_check`. `more` is what Alembic takes: `ondelete`, `deferrable`, `initially`."""
        if self.batch:
            self.batch.create_foreign_key(op.f(name), to, list(columns), list(their), **more)
            return
        if not self._has(name):
            with apart():
                op.create_foreign_key(
                    op.f(name), self.table, to, list(columns), list(their), postgresql_not_valid=True, **more
                )
        self._look_through(name)

    def never_empty(self, column: str, type_: Any) -> None:
        """NOT NULL. A check that was looked through spares PostgreSQL to look at each row with the table locked."""
        if self.batch:
            self.batch.alter_column(column, existing_type=type_, nullable=False)
            return
        said = f"{self.table}_{column}_said"
        self.add_check(said, f'"{column}" IS NOT NULL')
        self._alter(f'ALTER COLUMN "{column}" SET NOT NULL, DROP CONSTRAINT "{said}"')

    def _has(self, name: str) -> bool:
        there = "SELECT 1 FROM pg_constraint WHERE conname = :name AND conrelid = CAST(:table AS regclass)"
        return op.get_bind().scalar(sa.text(there), {"name": name, "table": f'"{self.table}"'}) is not None

    def _look_through(self, name: str) -> None:
        with apart(waiting=True):
            op.execute(f'ALTER TABLE "{self.table}" VALIDATE CONSTRAINT "{name}"')

    def _alter(self, how: str) -> None:
        with apart():
            op.execute(f'ALTER TABLE "{self.table}" {how}')


@contextmanager
def change_table(table: str) -> Iterator[ChangingTable]:
    """Change a table that has rows already."""
    if _kind() == "sqlite":
        with op.batch_alter_table(table) as batch:
            yield ChangingTable(table, batch)
    else:
        yield ChangingTable(table, None)


def change_rows(table: str, statement: str, *, key: str = "id", portion: int = A_PORTION) -> None:
    """Run a statement over the rows of a table, some at a time: those with `key > :above AND key <= :upto`.

    It runs again over what it has done already when the migration does, and must not mind.
    """
    number: sa.ColumnClause[int] = sa.column(key)
    ends = sa.select(sa.func.min(number), sa.func.max(number)).select_from(sa.table(table))
    first, last = op.get_bind().execute(ends).one()
    with apart() as connection:
        for above in range(first - 1, last, portion) if first is not None else ():
            connection.execute(sa.text(statement), {"above": above, "upto": above + portion})


def fold_rows(table: str, source: str, column: str, *, key: str = "id") -> None:
    """Fill a column that is kept folded (`lms.frame.folding`), some rows at a time. Rows filled already stay."""
    rows = sa.table(table, *(sa.column(each) for each in (key, source, column)))
    number = rows.c[key]
    last = 0
    unfilled = sa.select(number, rows.c[source]).where(rows.c[column] == "", rows.c[source] != "")
    with apart() as connection:
        while some := connection.execute(unfilled.where(number > last).order_by(number).limit(A_PORTION)).all():
            last = some[-1][0]
            changed = sa.update(rows).where(number == sa.bindparam("row")).values({column: sa.bindparam("folded")})
            connection.execute(changed, [{"row": row, "folded": folded(text)} for row, text in some])


def _kind() -> str:
    return op.get_bind().dialect.name


@contextmanager
def apart(*, waiting: bool = False) -> Iterator[Connection]:
    """On PostgreSQL each statement by itself, on SQLite nothing of the kind. Answers the connection for them.

    `waiting` is for what stands in nobody's way: it may wait for transactions that began before it.
    """
    if _kind() == "sqlite":
        yield op.get_bind()
        return
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{0 if waiting else LONGEST_WAIT}'")
        try:
            yield op.get_bind()
        finally:
            op.execute(f"SET lock_timeout = '{LONGEST_WAIT}'")


def _is_ready(index: str) -> bool:
    ready = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"
    return bool(op.get_bind().scalar(sa.text(ready), {"name": f'"{index}"'}))


def drop_rows(table: str, where: str) -> None:
    """Going back: rows of a kind that was not there before. As with tables and columns, never unasked."""
    rows, only = sa.table(table), sa.text(where)
    what = f"The table {table}, where {where},"
    _refuse_to_lose(op.get_context(), what, sa.select(sa.literal(1)).select_from(rows).where(only))
    op.execute(sa.delete(rows).where(only))


@contextmanager
def waiting_briefly(connection: Connection) -> Iterator[None]:
    """Let no statement of a migration wait long for a lock: everybody who comes after it waits behind it."""
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.exec_driver_sql(f"SET lock_timeout = '{LONGEST_WAIT}'")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("RESET lock_timeout")
        connection.commit()


def until_nobody_is_in_the_way(do: Callable[[], Answer], *, pause: float = PAUSE_SECONDS) -> Answer:
    """Run migrations; again after a while where somebody held what they wanted to change."""
    for tries in range(1, MOST_TRIES + 1):
        try:
            return do()
        except DBAPIError as error:
            if not met_others(error):
                raise
            logger.info("Someone is using what has to change; trying again, for the %s. time", tries)
            time.sleep(pause)
    raise CommandError(
        "Someone has kept a table busy all the time, so upgrading has stopped. What was done stays done. Look for a "
        "transaction that does not end, then run it again."
    )


def _refuse_to_lose(context: MigrationContext, what: str, filled: sa.Select[int]) -> None:
    """Going back never drops what is filled, unless it was asked to."""
    is_going_back = getattr(context.opts.get("fn"), "__name__", "") == "downgrade"
    if not is_going_back or context.opts.get("lose_rows") or context.connection is None:
        return
    if context.connection.scalar(filled.limit(1)) is not None:
        raise CommandError(
            f"{what} is filled, and going back would lose that. Nothing was dropped. Make a backup, then say that you "
            f"mean it: flask --app wsgi db downgrade -x {LOSE_ROWS}"
        )


@Operations.implementation_for(ops.DropTableOp, replace=True)
def _drop_table(operations: Operations, operation: ops.DropTableOp) -> None:
    name = operation.table_name
    _refuse_to_lose(
        operations.migration_context, f"The table {name}", sa.select(sa.literal(1)).select_from(sa.table(name))
    )
    toimpl.drop_table(operations, operation)


@Operations.implementation_for(ops.DropColumnOp, replace=True)
def _drop_column(operations: Operations, operation: ops.DropColumnOp) -> None:
    table, name = operation.table_name, operation.column_name
    column: sa.ColumnClause[object] = sa.column(name)
    filled = sa.select(sa.literal(1)).select_from(sa.table(table)).where(column.is_not(None))
    _refuse_to_lose(operations.migration_context, f"The column {table}.{name}", filled)
    toimpl.drop_column(operations, operation)
