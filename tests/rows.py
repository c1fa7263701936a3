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
from lms.frame.together import Together, keys_together
from tests.moments import NOW

HISTORY = {"audit_entry", "person_merge", "sign_in_session"}
_checker = sqlite3.connect(":memory:", check_same_thread=False)
_LITERAL = re.compile(r"'([^']*)'")


Key = sa.ForeignKeyConstraint | Together

AS_ANOTHER_SAYS = {
    ("register_mark", "event_day_id"): ("event_id", "booking_id"),
    ("briefing_cascade_return", "version_id"): ("briefing_id", "cascade_id"),
}
"""What a trigger wants of two keys: a column of the row pointed at is as in the row that the other key points at."""


def _keys(table: sa.Table) -> list[Key]:
    return [*table.foreign_key_constraints, *keys_together(table)]


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
        for key in sorted(_keys(table), key=lambda key: (-len(key.columns), str(key.name))):
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
        for key in _keys(table):
            self._fill(table, key, taken)
        done = self.session.execute(sa.insert(table).values(taken).returning(*table.columns))
        return dict(zip(table.columns.keys(), done.one(), strict=True))

    def _point(self, table: sa.Table, key: Key, values: dict[str, Any], wanted: Mapping[str, Any]) -> None:
        """Make what a key points at, unless it may be empty or its values are chosen already."""
        names = [each.parent.name for each in key.elements]
        if names[0] in wanted or all(name in values for name in names):
            return
        if any(each.parent.nullable and each.parent.name not in values for each in key.elements):
            return
        first = {name: next(each for each in some if each is not None) for name, some in wanted.items() if any(some)}
        made = {**first, **values}
        self._make(table, key, made)
        values |= {name: value for name, value in made.items() if name not in wanted}

    def _fill(self, table: sa.Table, key: Key, chosen: dict[str, Any]) -> None:
        """A key that may be empty, and that a check wants all the same."""
        empty = [each.parent.name for each in key.elements if chosen.get(each.parent.name) is TO_MAKE]
        for name in empty:
            del chosen[name]
        if empty:
            self._make(table, key, chosen)

    def _make(self, table: sa.Table, key: Key, values: dict[str, Any]) -> None:
        """What a key points at, as all keys want it that point there by the same column."""
        pairs = {
            each.parent.name: each.column.name
            for other in _keys(table)
            if other.referred_table is key.referred_table and _shares_column(other, key)
            for each in other.elements
        }
        known = {its: values[mine] for mine, its in pairs.items() if mine in values}
        column, other = AS_ANOTHER_SAYS.get((table.name, key.elements[0].parent.name), ("", ""))
        if other:
            source = next(iter(table.c[other].foreign_keys)).column
            known[column] = self.session.scalar(sa.select(source.table.c[column]).where(source == values[other]))
        made = self._found(key, known) or self.row(key.referred_table, **known)
        values |= {mine: made[its] for mine, its in pairs.items() if mine not in values}

    def _found(self, key: Key, known: Mapping[str, Any]) -> dict[str, Any] | None:
        """One that is there already, where two keys must lead to the same: a version of this very briefing."""
        if not known or not isinstance(key, Together):
            return None
        table = key.referred_table
        found = self.session.execute(sa.select(table).where(*(table.c[name] == known[name] for name in known)))
        row = found.first()
        return dict(row._mapping) if row is not None else None


def _shares_column(one: Key, other: Key) -> bool:
    return bool({each.parent.name for each in one.elements} & {each.parent.name for each in other.elements})


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
    """Every row of every table but the history, the letters that tell of it, and the sessions that end by it.

    When a row last changed is left out: a merge is a change of what it moves, and undoing it is another.
    """
    session.flush()
    return {
        table.name: sorted((tuple(map(repr, row)) for row in session.execute(_rows(table))), key=str)
        for table in Base.metadata.sorted_tables
        if table.name not in HISTORY
    }


def _rows(table: sa.Table) -> sa.Select[Any]:
    rows = sa.select(*(column for column in table.columns if column.name != "changed_at")).order_by(None)
    return rows.where(table.c.kind != "people.access_changed") if table.name == "outbox" else rows
