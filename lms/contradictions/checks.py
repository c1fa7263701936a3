"""What must be true of the database itself, for `lms check`. Rows are named by number only."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.constraints import said_of_missing
from lms.frame.db import Base
from lms.frame.doors import DOOR
from lms.frame.keeping import musts_of
from lms.frame.sqlite_types import wrong_type
from lms.frame.triggers import missing_triggers
from lms.frame.work import Work

ROWS_SHOWN = 20


def constraints_missing(work: Work) -> Iterator[str]:
    """Every key, check and unique of the models is there. One that rows contradict was left out when it came."""
    yield from said_of_missing(work.session.connection())


def triggers_missing(work: Work) -> Iterator[str]:
    """What keeps rows as they are, and rules between tables, is there and switched on, and no door stands open."""
    for table in missing_triggers(work.session.connection()):
        yield f"{table}: a trigger is missing, switched off or another than it should be. Run lms init."
    if _is_sqlite(work) and work.session.scalar(sa.select(sa.func.count()).select_from(sa.table(DOOR))):
        yield f"The door to what stays as it is was left open. Delete the rows of {DOOR}."


def rows_against_rules(work: Work) -> Iterator[str]:
    """No row contradicts a rule between tables, from before there was one or past its trigger."""
    for table, rules in musts_of(Base.metadata).items():
        for rule in rules:
            for row in _rows(work, table, f"NOT ({rule.holds})"):
                yield f"{table.name} {row}: {rule.words}"


def values_of_another_type(work: Work) -> Iterator[str]:
    """SQLite alone takes a word for a number."""
    for table in Base.metadata.sorted_tables if _is_sqlite(work) else ():
        for column in table.columns:
            if said := wrong_type(column):
                for row in _rows(work, table, said):
                    yield f"{table.name} {row}: {column.name} is not of its type."


def _rows(work: Work, table: sa.Table, where: str) -> Iterator[str]:
    """The keys of the first rows (called `new`) of which this is true."""
    keys = ", ".join(f'new."{column.name}"' for column in table.primary_key.columns)
    found = work.session.execute(
        sa.text(f'SELECT {keys} FROM "{table.name}" AS new WHERE {where} ORDER BY {keys} LIMIT {ROWS_SHOWN}')  # noqa: S608
    )
    for row in found:
        yield "/".join(map(str, row))


def _is_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"
