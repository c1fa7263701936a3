"""Constraints that a database from before does not have yet: added where its rows allow it, and told where not.

A migration lists what it adds; `lms init` tries again whatever is missing, and `lms check` says which rows are in the
way. PostgreSQL reads rows without stopping anybody; SQLite makes a table anew, as its own text says, with more in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.schema import CheckConstraint, UniqueConstraint

from lms.frame.db import Base
from lms.frame.together import Together
from lms.frame.triggers import drop_triggers, fit_triggers, migrations_let_in
from lms.frame.upgrading import until_nobody_is_in_the_way, waiting_briefly
from lms.kit.words import count

NOT_LOOKED_THROUGH = sa.text(
    "SELECT r.relname, c.conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid "
    "WHERE NOT c.convalidated AND c.connamespace = CAST(current_schema() AS regnamespace) ORDER BY c.conname"
)


@dataclass(frozen=True)
class Wanted:
    """A constraint, as SQL. `against` selects from its table (called `t`) the rows that contradict it."""

    table: str
    name: str
    sql: str
    against: str

    @property
    def columns(self) -> str:
        """Of a unique one."""
        return self.sql.removeprefix("UNIQUE ")

    @property
    def is_unique(self) -> bool:
        return self.sql.startswith("UNIQUE ")


def check(table: str, name: str, sql: str) -> Wanted:
    """A CHECK."""
    return Wanted(table, f"ck_{table}_{name}", f"CHECK ({sql})", f"FROM {table} AS t WHERE NOT ({sql})")


def unique(table: str, *columns: str) -> Wanted:
    """Of several columns; one that holds the table's own key is never contradicted."""
    named = ", ".join(columns)
    twice = f"SELECT {named} FROM {table} GROUP BY {named} HAVING count(*) > 1"  # noqa: S608  (names of ours)
    name = f"uq_{table}_{'_'.join(columns)}"
    return Wanted(table, name, f"UNIQUE ({named})", f"FROM {table} AS t WHERE ({named}) IN ({twice})")


def together(table: str, columns: str, target: str, theirs: str, *, deferred: bool = False) -> Wanted:
    """A key of several columns."""
    own, its = ([each.strip() for each in names.split(",")] for names in (columns, theirs))
    is_there = " AND ".join(f"o.{other} = t.{mine}" for mine, other in zip(own, its, strict=True))
    filled = " AND ".join(f"t.{mine} IS NOT NULL" for mine in own)
    sql = f"FOREIGN KEY({', '.join(own)}) REFERENCES {target} ({', '.join(its)})"
    return Wanted(
        table,
        f"fk_{table}_{'_'.join(own)}",
        sql + (" DEFERRABLE INITIALLY DEFERRED" if deferred else ""),
        f"FROM {table} AS t WHERE {filled} AND NOT EXISTS (SELECT 1 FROM {target} AS o WHERE {is_there})",  # noqa: S608
    )


def in_the_way(connection: Connection, wanted: Wanted) -> int:
    """How many rows contradict it."""
    return connection.scalar(sa.text(f"SELECT count(*) {wanted.against}")) or 0


def add_where_rows_allow(connection: Connection, wanted: Iterable[Wanted]) -> list[str]:
    """Add each constraint that is not there and that every row keeps; a sentence for each of the others.

    SQLite: with foreign keys off and without triggers, as a migration has it. PostgreSQL: each statement by itself.
    """
    there, told, fitting = names_there(connection), [], []
    for each in wanted:
        if each.name in there.get(each.table, {each.name}):
            continue
        if number := in_the_way(connection, each):
            told.append(_said(each, number))
        else:
            fitting.append(each)
    _add = _add_in_sqlite if connection.dialect.name == "sqlite" else _add_in_postgresql
    _add(connection, fitting)
    return told


def missing(connection: Connection) -> list[Wanted]:
    """What the models want and the database does not have."""
    there = names_there(connection)
    return [each for each in _wanted() if each.name not in there.get(each.table, {each.name})]


def said_of_missing(connection: Connection) -> Iterator[str]:
    """A sentence for each constraint that is missing."""
    for each in missing(connection):
        yield _said(each, in_the_way(connection, each))


def fit_constraints(engine: Engine) -> list[str]:
    """Add what is missing where rows allow it by now; a sentence for each that still waits."""
    with engine.connect() as connection:
        if not (wanted := missing(connection)):
            return []
        connection.rollback()
        fit = _fit_in_sqlite if connection.dialect.name == "sqlite" else _fit_in_postgresql
        return fit(connection, wanted)


def _fit_in_sqlite(connection: Connection, wanted: Sequence[Wanted]) -> list[str]:
    connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            drop_triggers(connection)
            told = add_where_rows_allow(connection, wanted)
            fit_triggers(connection)
    finally:
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
    return told


def _fit_in_postgresql(connection: Connection, wanted: Sequence[Wanted]) -> list[str]:
    with waiting_briefly(connection), migrations_let_in(connection):
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        return until_nobody_is_in_the_way(lambda: add_where_rows_allow(alone, wanted))


def names_there(connection: Connection) -> dict[str, set[str]]:
    """The names of constraints of every table that there is."""
    inspector = sa.inspect(connection)
    told = (
        inspector.get_multi_check_constraints,
        inspector.get_multi_unique_constraints,
        inspector.get_multi_foreign_keys,
    )
    found: dict[str, set[str]] = {}
    for tell in told:
        for (_, table), constraints in tell().items():
            found.setdefault(table, set()).update(str(each["name"]) for each in constraints)
    return found


def _said(wanted: Wanted, number: int) -> str:
    rows = count(number, "row contradicts", "rows contradict")
    what = f"{rows} it" if number else "nothing contradicts it any more"
    return f"{wanted.table} does not keep {wanted.name}: {what}. Correct what is wrong, then run lms init."


def _wanted() -> Iterator[Wanted]:
    for table in Base.metadata.sorted_tables:
        for each in sorted(table.constraints, key=lambda each: str(each.name)):
            match each:
                case Together():
                    named = ", ".join(each.own), each.target, ", ".join(each.theirs)
                    yield together(table.name, *named, deferred=each.deferred)
                case UniqueConstraint() if len(each.columns) > 1:
                    yield unique(table.name, *(column.name for column in each.columns))
                case CheckConstraint() if each.name and not each._type_bound:
                    yield check(table.name, str(each.name).removeprefix(f"ck_{table.name}_"), str(each.sqltext))


def _add_in_postgresql(connection: Connection, wanted: Iterable[Wanted]) -> None:
    """Quickly, so that it binds what is written from now on; then the rows from before are read, and nobody waits.

    Each statement is a transaction of its own; where that was not to be had, the rest is added by the next try.
    """
    for each in wanted:
        add, how = f"ALTER TABLE {each.table} ADD CONSTRAINT {each.name}", f"{each.sql} NOT VALID"
        if each.is_unique:
            how = f"UNIQUE USING INDEX {each.name}"
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {each.name}")  # one half made
            connection.exec_driver_sql(f"CREATE UNIQUE INDEX CONCURRENTLY {each.name} ON {each.table} {each.columns}")
        connection.exec_driver_sql(f"{add} {how}")
    for table, name in connection.execute(NOT_LOOKED_THROUGH).all():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"')


def _add_in_sqlite(connection: Connection, wanted: Iterable[Wanted]) -> None:
    by_table: dict[str, list[Wanted]] = {}
    for each in wanted:
        by_table.setdefault(each.table, []).append(each)
    for table, those in by_table.items():
        remake_in_sqlite(connection, table, [f"CONSTRAINT {each.name} {each.sql}" for each in those])


def remake_in_sqlite(connection: Connection, table: str, more: Iterable[str]) -> None:
    """A table made anew with more constraints, and all else as it was: the order of rows, WITHOUT ROWID, indexes."""
    texts = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    _, _, columns = next(row.sql for row in texts if row.type == "table").partition("(")
    inside, _, tail = columns.rpartition(")")
    making = f"_making_{table}"
    made = ", \n\t".join([inside.rstrip(), *more])
    connection.exec_driver_sql(f'CREATE TABLE "{making}" ({made}\n){tail}')
    connection.exec_driver_sql(f'INSERT INTO "{making}" SELECT * FROM "{table}"')  # noqa: S608
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "{making}" RENAME TO "{table}"')
    for row in texts:
        if row.type == "index":
            connection.exec_driver_sql(row.sql)
