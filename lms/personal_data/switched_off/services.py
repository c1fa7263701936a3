"""What plugins that are switched off keep of people: copied as it stands, and emptied, without asking the plugin.

By the contract a column `person_id` says whom a row is about. Everything else that tells of somebody is found as in
all tables, by their names and addresses.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.tables_there import tables_switched_off
from lms.kit.erased import ERASED_WORDS

ABOUT = "person_id"


def rows_kept(session: Session, ids: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """The rows about a person, as plain values, by heading."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in _about_people(session):
        rows = session.execute(sa.select(table).where(table.c[ABOUT].in_(ids)).order_by(*table.primary_key.columns))
        said = [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]
        if said:
            found[f"{table.name.replace('_', ' ').capitalize()} (switched off)"] = said
    return found


def empty_rows(session: Session, ids: Sequence[int]) -> int:
    """Take every text out of the rows about a person; the rows stay, and so does every count. How many there were."""
    emptied = 0
    for table in _about_people(session):
        values = {column.name: _nothing(table, column) for column in _texts(table)}
        if values:
            result = session.execute(
                sa.update(table).where(table.c[ABOUT].in_(ids)).values(values).returning(table.c[ABOUT])
            )
            emptied += len(result.all())
    return emptied


def _about_people(session: Session) -> Iterator[sa.Table]:
    for table in tables_switched_off(session):
        if ABOUT in table.c and table.c[ABOUT].foreign_keys:
            yield table


def _texts(table: sa.Table) -> list[sa.Column[Any]]:
    """What somebody wrote: not a key, and not a word out of a list that a CHECK holds."""
    checked = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, sa.CheckConstraint))
    return [
        column
        for column in table.columns
        if isinstance(column.type, (sa.String, sa.JSON))
        and not (column.primary_key or column.foreign_keys or column.name in checked)
    ]


def _nothing(table: sa.Table, column: sa.Column[Any]) -> Any:
    """What a column can hold that says nothing."""
    if column.nullable:
        return sa.null()
    if isinstance(column.type, sa.JSON):
        return {}
    if _is_unique(table, column):
        key, *_ = table.primary_key.columns
        return sa.literal(f"{ERASED_WORDS} ") + sa.cast(key, sa.Text)
    return ""


def _is_unique(table: sa.Table, column: sa.Column[Any]) -> bool:
    held = [index.columns for index in table.indexes if index.unique]
    held += [each.columns for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
    return any(column.name in columns for columns in held)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
