"""A row in any table, made from the tables themselves, and every row of all of them. A new table is like any other."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base
from tests.moments import NOW

HISTORY = {"audit_entry", "person_merge", "sign_in_session"}
_checker = sqlite3.connect(":memory:", check_same_thread=False)
_LITERAL = re.compile(r"'([^']*)'")


@dataclass
class Rows:
    """Makes rows in one session. What they point at is made with them; each number, name and mark comes once."""

    session: Session
    numbers: Iterator[int] = field(default_factory=lambda: count(1001))

    def row(self, table: sa.Table, **fixed: Any) -> dict[str, Any]:
        """Insert a row that every constraint of its table allows, with these values. Answers all of its values.

        A column of `fixed` may be a list: the first of its values that the checks allow is taken.
        """
        values = {name: value for name, value in fixed.items() if not isinstance(value, list)}
        wanted = {name: value for name, value in fixed.items() if isinstance(value, list)}
        for key in sorted(table.foreign_key_constraints, key=lambda key: (-len(key.columns), str(key.name))):
            self._point(table, key, values, wanted)
        number = next(self.numbers)
        chosen = {name: [value] for name, value in values.items()} | wanted
        offered = {
            column.name: [each for each in chosen[column.name] if each is not None or column.nullable]
            if column.name in chosen
            else candidates(column, number)
            for column in table.columns
            if column.name in chosen or not _is_given(column)
        }
        taken = _allowed(table, offered)
        for key in table.foreign_key_constraints:
            self._fill(key, taken)
        done = self.session.execute(sa.insert(table).values(taken).returning(*table.columns))
        return dict(zip(table.columns.keys(), done.one(), strict=True))

    def _point(
        self, table: sa.Table, key: sa.ForeignKeyConstraint, values: dict[str, Any], wanted: Mapping[str, Any]
    ) -> None:
        """Make what a key points at, unless it may be empty or its values are chosen already."""
        pairs = [(each.parent, each.column) for each in key.elements]
        if any(mine.name in wanted for mine, _ in pairs) or all(mine.name in values for mine, _ in pairs):
            return
        if any(mine.nullable and mine.name not in values for mine, _ in pairs):
            return
        self._make(key, values)

    def _fill(self, key: sa.ForeignKeyConstraint, chosen: dict[str, Any]) -> None:
        """A key that may be empty, and that a check wants all the same."""
        if any(chosen.get(each.parent.name) is TO_MAKE for each in key.elements):
            for each in key.elements:
                if chosen[each.parent.name] is TO_MAKE:
                    del chosen[each.parent.name]
            self._make(key, chosen)

    def _make(self, key: sa.ForeignKeyConstraint, values: dict[str, Any]) -> None:
        pairs = [(each.parent, each.column) for each in key.elements]
        known = {theirs.name: values[mine.name] for mine, theirs in pairs if mine.name in values}
        made = self.row(key.referred_table, **known)
        values |= {mine.name: made[theirs.name] for mine, theirs in pairs}


def _is_given(column: sa.Column[Any]) -> bool:
    """The database numbers these itself."""
    return column is column.table.autoincrement_column and not column.foreign_keys


TO_MAKE = "a row to be made"


def candidates(column: sa.Column[Any], number: int) -> list[Any]:
    """Values of a column's type, the likeliest first; none at all where it may be empty."""
    empty = [None] if column.nullable else []
    if column.foreign_keys:
        return [*empty, TO_MAKE]
    return [*empty, *(value for value in _values(column, number) if value is not None)]


def _values(column: sa.Column[Any], number: int) -> Sequence[Any]:  # noqa: PLR0911  (a value for each type)
    kind = column.type.impl_instance if isinstance(column.type, sa.TypeDecorator) else column.type
    match kind:
        case sa.Enum() as kinds:
            return [kinds.python_type(each) if kinds.enum_class else each for each in kinds.enums]
        case sa.JSON():
            return [{}]
        case sa.Boolean():
            return [False, True]
        case sa.Integer():
            return [number, 1, 0, 2]
        case sa.Float() | sa.Numeric():
            return [1.0]
        case sa.LargeBinary():
            return [b"x"]
        case sa.DateTime():
            return [NOW + timedelta(minutes=number), NOW, NOW + timedelta(days=number)]
        case sa.Date():
            return [NOW.date() + timedelta(days=number), NOW.date()]
        case _:
            return [f"{column.name} {number}", "", *_literals(column)]


def _literals(column: sa.Column[Any]) -> list[str]:
    """Words that a check of the table names."""
    said = " ".join(str(each.sqltext) for each in column.table.constraints if isinstance(each, sa.CheckConstraint))
    return _LITERAL.findall(said) if re.search(rf"\b{column.name}\b", said) else []


def _checks(table: sa.Table) -> list[tuple[str, frozenset[str]]]:
    """Each check with the columns that it is about. Those of a type are kept by offering only what it allows."""
    texts = [
        str(each.sqltext) for each in table.constraints if isinstance(each, sa.CheckConstraint) and not each._type_bound
    ]
    return [
        (text, frozenset(each.name for each in table.columns if re.search(rf"\b{each.name}\b", text))) for text in texts
    ]


def _allowed(table: sa.Table, offered: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The first combination of what is offered that every check allows."""
    checks = _checks(table)
    names = sorted({name for _, about in checks for name in about if name in offered})

    def choose(chosen: dict[str, Any], left: Sequence[str]) -> dict[str, Any] | None:
        if not left:
            return chosen
        name, *others = left
        for value in offered[name]:
            tried = {**chosen, name: value}
            if all(_holds(table, text, tried, about) for text, about in checks if name in about <= tried.keys()):
                found = choose(tried, others)
                if found is not None:
                    return found
        return None

    chosen = choose({}, names)
    assert chosen is not None, f"Nothing that is offered is allowed in {table.name}: {offered}"
    return {name: values[0] for name, values in offered.items()} | chosen


def _holds(table: sa.Table, check: str, values: Mapping[str, Any], about: frozenset[str]) -> bool:
    named = ", ".join(f"? AS {name}" for name in sorted(about))
    told = [_plain(values[name]) for name in sorted(about)]
    answer = _checker.execute(f"SELECT ({check}) FROM (SELECT {named})", told).fetchone()[0]
    return answer is None or bool(answer)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return "{}" if isinstance(value, dict) else value


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the history, the letters that tell of it, and the sessions that end by it."""
    session.flush()
    return {
        table.name: sorted((tuple(map(repr, row)) for row in session.execute(_rows(table))), key=str)
        for table in Base.metadata.sorted_tables
        if table.name not in HISTORY
    }


def _rows(table: sa.Table) -> sa.Select[Any]:
    rows = sa.select(table).order_by(None)
    return rows.where(table.c.kind != "people.access_changed") if table.name == "outbox" else rows
