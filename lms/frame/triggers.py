"""The triggers of both kinds of database, made from what tables say (`lms.frame.keeping`) and from columns' types.

They are no part of migrations: after each upgrade, and when tables are made, those that are there are compared with
those that should be, and only what differs is changed. SQLite loses a table's triggers when a migration makes it anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

from lms.frame.db import Base
from lms.frame.doors import DOOR, SETTING, SINCE
from lms.frame.keeping import ERASE, FORGET, MERGE, MustBe, Rule, Stays, Then, rules_of
from lms.frame.sqlite_types import type_triggers

PREFIX = "keep_"


@dataclass(frozen=True)
class DatabaseTrigger:
    """One trigger of one database. `body` is PostgreSQL's function; SQLite has none."""

    name: str
    table: str
    sql: str
    body: str = ""


def wanted_triggers(tables: Sequence[sa.Table], dialect: str) -> dict[str, DatabaseTrigger]:
    """Every trigger that these tables want, by name."""
    make = _sqlite if dialect == "sqlite" else _postgresql
    return {each.name: each for table in tables for each in make(table)}


def fit_triggers(connection: Connection) -> None:
    """Make the triggers those that should be, on every table that is as its model says."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {DOOR} (purpose TEXT NOT NULL, at TEXT NOT NULL)")
    there, wanted = triggers_there(connection), wanted_triggers(_tables_there(connection), connection.dialect.name)
    for name, each in there.items():
        if wanted.get(name) != each:
            _drop(connection, each)
    for name, each in wanted.items():
        if there.get(name) != each:
            _create(connection, each)


def drop_triggers(connection: Connection) -> None:
    """Take all of them away: SQLite cannot make a table anew while others' triggers name it."""
    for each in triggers_there(connection).values():
        _drop(connection, each)


def missing_triggers(connection: Connection) -> list[str]:
    """The tables whose triggers are not those that should be."""
    there, wanted = triggers_there(connection), wanted_triggers(_tables_there(connection), connection.dialect.name)
    return sorted({each.table for name, each in wanted.items() if there.get(name) != each})


def triggers_there(connection: Connection) -> dict[str, DatabaseTrigger]:
    """Those of ours that the database has. One that was switched off is as good as none."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            sa.text(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 5) = 'keep_'"
            )
        )
        return {name: DatabaseTrigger(name, table, sql) for name, table, sql in rows}
    rows = connection.execute(
        sa.text(
            "SELECT t.tgname, c.relname, p.prosrc, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND n.nspname = current_schema() AND left(t.tgname, 5) = 'keep_'"
        )
    )
    return {name: _told(name, table, body, enabled) for name, table, body, enabled in rows}


def _told(name: str, table: str, body: str, enabled: str) -> DatabaseTrigger:
    """The body begins with how its trigger is made, in a comment, so that both are compared at once."""
    sql = body.split("\n", maxsplit=2)[1].removeprefix("-- ") if enabled == "O" else ""
    return DatabaseTrigger(name, table, sql, body)


def _tables_there(connection: Connection) -> list[sa.Table]:
    """The tables that have each column of their model: a plugin's line may lag behind."""
    told = {
        name: {column["name"] for column in columns}
        for (_, name), columns in sa.inspect(connection).get_multi_columns().items()
    }
    return [table for table in Base.metadata.sorted_tables if set(table.columns.keys()) <= told.get(table.name, set())]


def _drop(connection: Connection, trigger: DatabaseTrigger) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{trigger.name}"')
    else:
        connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{trigger.name}" ON "{trigger.table}"')
        connection.exec_driver_sql(f'DROP FUNCTION IF EXISTS "{trigger.name}"()')


def _create(connection: Connection, trigger: DatabaseTrigger) -> None:
    if trigger.body:
        made = f'CREATE OR REPLACE FUNCTION "{trigger.name}"() RETURNS trigger LANGUAGE plpgsql AS'
        connection.exec_driver_sql(f"{made} $keep${trigger.body}$keep$")
    connection.exec_driver_sql(trigger.sql)


MIGRATE = "migrate"


@contextmanager
def migrations_let_in(connection: Connection) -> Iterator[None]:
    """On PostgreSQL migrations may change what is kept, as long as this connection is theirs."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql(f"SET {SETTING} = '{MIGRATE}'")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"RESET {SETTING}")
        connection.commit()


def is_open(dialect: str, *purposes: str) -> str:
    """SQL that tells whether the door is open for one of these. While PostgreSQL's tables are migrated, it is."""
    named = ", ".join(map(repr, purposes if dialect == "sqlite" else (*purposes, MIGRATE)))
    if dialect == "sqlite":
        return f"EXISTS (SELECT 1 FROM {DOOR} WHERE purpose IN ({named}))"  # noqa: S608  (our own words)
    return f"coalesce(current_setting('{SETTING}', true), '') IN ({named})"


# What each kind of rule becomes


def _sqlite(table: sa.Table) -> Iterator[DatabaseTrigger]:
    for name, sql in type_triggers(table):
        yield DatabaseTrigger(name, table.name, sql)
    for then in (each for each in rules_of(table) if isinstance(each, Then)):
        does = then.does.format(moment=f"(SELECT at FROM {DOOR})")  # noqa: S608  (our own words)
        sql = (
            f'CREATE TRIGGER "{_name(table, then, "UPDATE")}" AFTER UPDATE OF {", ".join(then.columns)} '
            f'ON "{table.name}" FOR EACH ROW WHEN {_any_differs(table, then)} '
            f"BEGIN {does}; END"
        )
        yield DatabaseTrigger(_name(table, then, "UPDATE"), table.name, sql)
    for rule in (each for each in rules_of(table) if not isinstance(each, Then)):
        for moment, refused_when in _refused(table, rule, "sqlite"):
            name = _name(table, rule, moment)
            words = _words(table, rule)
            sql = (
                f'CREATE TRIGGER "{name}" BEFORE {moment} ON "{table.name}" FOR EACH ROW WHEN {refused_when} '
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
            yield DatabaseTrigger(name, table.name, sql)


def _postgresql(table: sa.Table) -> Iterator[DatabaseTrigger]:
    for then in (each for each in rules_of(table) if isinstance(each, Then)):
        name = _name(table, then, "UPDATE")
        sql = (
            f'CREATE TRIGGER "{name}" AFTER UPDATE OF {", ".join(then.columns)} ON "{table.name}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{name}"()'
        )
        does = then.does.format(moment=f"nullif(current_setting('{SINCE}', true), '')::timestamptz")
        yield DatabaseTrigger(name, table.name, sql, f"\n-- {sql}\nBEGIN\n  {does};\n  RETURN NULL;\nEND\n")
    for rule in (each for each in rules_of(table) if not isinstance(each, Then)):
        for moment, refused_when in _refused(table, rule, "postgresql"):
            name, row = _name(table, rule, moment), "STATEMENT" if moment == "TRUNCATE" else "ROW"
            sql = (
                f'CREATE TRIGGER "{name}" BEFORE {moment} ON "{table.name}" FOR EACH {row} EXECUTE FUNCTION "{name}"()'
            )
            answer = {"DELETE": "old", "TRUNCATE": "NULL"}.get(moment, "new")
            refuse = f"RAISE EXCEPTION USING MESSAGE = '{_words(table, rule)}', ERRCODE = '23000'"
            body = f"\n-- {sql}\nBEGIN\n  IF {refused_when} THEN {refuse}; END IF;\n  RETURN {answer};\nEND\n"
            yield DatabaseTrigger(name, table.name, sql, body)


def _any_differs(table: sa.Table, then: Then) -> str:
    return " OR ".join(_differs(table.c[name], "sqlite") for name in then.columns)


def _name(table: sa.Table, rule: Rule, moment: str) -> str:
    said = "stays" if isinstance(rule, Stays) else rule.name
    return f"{PREFIX}{table.name}_{said}_{moment.split(maxsplit=1)[0].lower()}"


def _words(table: sa.Table, rule: MustBe | Stays) -> str:
    """No values: errors go to logs."""
    said = f"{table.name}: " + (rule.words if isinstance(rule, MustBe) else f"{rule.what} stays as it is.")
    return said.replace("'", "''")


def _refused(table: sa.Table, rule: MustBe | Stays, dialect: str) -> Iterator[tuple[str, str]]:
    """Before what a rule asks, and the condition by which it refuses."""
    if isinstance(rule, MustBe):
        yield "INSERT", f"NOT ({rule.holds})"
        yield f"UPDATE OF {', '.join(rule.columns)}", f"NOT ({rule.holds})"
        return
    since = f"({rule.since}) AND " if rule.since else ""
    yield "UPDATE", f"{since}({_changes(table, rule, dialect)})"
    shut = f"NOT {is_open(dialect, FORGET)}" if rule.may_go else _shut(dialect)
    yield "DELETE", f"{since}{shut}" if shut else rule.since or "true"
    if dialect != "sqlite":
        yield "TRUNCATE", _shut(dialect) or "true"


def _shut(dialect: str) -> str:
    """While a migration goes on, PostgreSQL's triggers look away; SQLite's are not there."""
    return "1 = 1" if dialect == "sqlite" else f"NOT {is_open(dialect)}"


def _changes(table: sa.Table, rule: Stays, dialect: str) -> str:
    """Some column is another than it was, and may not be."""
    groups: Mapping[str, list[str]] = {"": [], "words": [], "people": []}
    for column in table.columns:
        if column.name in rule.may_change:
            continue
        points = any(key.target_fullname == "person.id" for key in column.foreign_keys)
        kind = "words" if column.name in rule.words else "people" if points else ""
        groups[kind].append(_differs(column, dialect))
    doors = {"": _shut(dialect), "words": f"NOT {is_open(dialect, ERASE, FORGET)}"}
    doors["people"] = f"NOT {is_open(dialect, ERASE, FORGET, MERGE)}"
    return " OR ".join(f"(({' OR '.join(those)}) AND {doors[kind]})" for kind, those in groups.items() if those)


def _differs(column: sa.Column[object], dialect: str) -> str:
    name = f'"{column.name}"'
    if dialect == "sqlite":
        return f"new.{name} IS NOT old.{name}"
    as_text = "::text" if isinstance(column.type, sa.JSON) else ""  # which has no equality of its own
    return f"new.{name}{as_text} IS DISTINCT FROM old.{name}{as_text}"


@event.listens_for(Base.metadata, "after_create")
def _fit_when_made(_metadata: sa.MetaData, connection: Connection, **_: object) -> None:
    fit_triggers(connection)
