"""Where rows of two records cannot both belong to one, and where two must stay two."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.tables_there import tables_there
from lms.frame.together import keys_together
from lms.merging.queries import Pointer, RowKey, pointers, said_table

STAYS_ON_CLASH = frozenset({"person_address"})
"""What both may have: the duplicate's stays with the duplicate, and nothing is lost by it.

A table of a plugin says so of itself: `{"info": {"stays_on_clash": True}}` in its `__table_args__`, or in SQL which of
its rows may (`"event_id IN (SELECT ...)"`). `"clash_words"` say what to do about rows that may not.
"""


@dataclass(frozen=True)
class Clash:
    """Rows of both people that cannot both belong to one. `row_keys` are the duplicate's.

    They stay where they are if they may; otherwise somebody must sort it out first.
    """

    pointer: Pointer
    others: tuple[str, ...]
    row_keys: frozenset[RowKey]
    may_stay: bool

    @property
    def words(self) -> str:
        table = self.pointer.table
        same = " and ".join(name.removesuffix("_id").replace("_", " ") for name in self.others)
        shared = f" for the same {same}" if same else ""
        what_to_do = table.info.get("clash_words", "Cancel or remove the one that should go, then merge.")
        return f"Both have one {said_table(table.name)}{shared}. {what_to_do}"


def clashes(session: Session, kept_id: int, duplicate_id: int) -> list[Clash]:
    """Where a unique index does not let rows of both belong to one person."""
    found = []
    for pointer in pointers(tables_there(session)):
        for columns, where in _unique_with(pointer):
            others = [column for column in columns if column is not pointer.column]
            kept = _values(session, pointer, others, where, kept_id)
            duplicates = _values(session, pointer, others, where, duplicate_id)
            keys = frozenset(key for value in kept.keys() & duplicates.keys() for key in duplicates[value])
            found += _clashes_of(session, pointer, tuple(column.name for column in others), keys, duplicate_id)
    return found


def rows_staying(
    session: Session, found: Sequence[Pointer], clash: Sequence[Clash], duplicate_id: int
) -> dict[str, frozenset[RowKey]]:
    """The duplicate's rows that stay, by the column that points: those that clash, and those that belong to them.

    A certificate names the person of its booking, in one key. Where one of the two stays, the other does.
    """
    stays = {str(each.column): frozenset[RowKey]() for each in found}
    for each in clash:
        stays[str(each.pointer.column)] |= each.row_keys
    joined = list(_joined(session, found, duplicate_id))
    while True:
        before = dict(stays)
        for one, other, pairs in joined:
            stays[one] |= {mine for mine, its in pairs if its in stays[other]}
            stays[other] |= {its for mine, its in pairs if mine in stays[one]}
        if stays == before:
            return stays


def _joined(
    session: Session, found: Sequence[Pointer], duplicate_id: int
) -> Iterator[tuple[str, str, list[tuple[RowKey, RowKey]]]]:
    """For each key of two columns, one of which points at people: which rows it joins."""
    by_column = {str(each.column): each for each in found}
    for key in (
        key for table in {each.table.name: each.table for each in found}.values() for key in keys_together(table)
    ):
        for pair in key.elements:
            one, other = by_column.get(str(pair.parent)), by_column.get(str(pair.column))
            if one is not None and other is not None:
                on = sa.and_(*(each.parent == each.column for each in key.elements))
                rows = session.execute(
                    sa.select(*one.key, *other.key)
                    .join_from(one.table, other.table, on)
                    .where(one.column == duplicate_id)
                )
                size = len(one.key)
                yield str(one.column), str(other.column), [(tuple(row[:size]), tuple(row[size:])) for row in rows]


def _clashes_of(
    session: Session, pointer: Pointer, others: tuple[str, ...], keys: frozenset[RowKey], duplicate_id: int
) -> list[Clash]:
    """Those that may stay, and those that may not."""
    if not keys:
        return []
    may_stay = sa.select(*pointer.key).where(pointer.column == duplicate_id, _may_stay(pointer.table))
    staying = keys & {tuple(row) for row in session.execute(may_stay.order_by(*pointer.key))}
    return [Clash(pointer, others, some, some is staying) for some in (staying, keys - staying) if some]


def _may_stay(table: sa.Table) -> sa.ColumnElement[bool]:
    told = table.info.get("stays_on_clash", table.name in STAYS_ON_CLASH)
    return sa.literal_column(f"({told})", sa.Boolean) if isinstance(told, str) else sa.literal(told)


MUST_BE_TWO = (
    "One of these two checked or decided what the other did, which must be two people. If they are two, leave both "
    "records. If they are one, someone else must do one of the two steps again before you merge."
)


_NO_BRACKETS = str.maketrans("", "", "()")


_TWO_PEOPLE = re.compile(r"(?:\w+ IS NULL OR )?(\w+) <> (\w+)")


def rules_of_two(
    tables: Sequence[sa.Table] | None = None,
) -> Iterator[tuple[sa.Table, sa.Column[int], sa.Column[int]]]:
    """Each CHECK that two columns are two people: "a_id <> b_id" or "a_id IS NULL OR a_id <> b_id"."""
    people = {(pointer.table.name, pointer.column.name) for pointer in pointers(tables)}
    for table in Base.metadata.sorted_tables if tables is None else tables:
        for check in table.constraints:
            said = str(check.sqltext) if isinstance(check, sa.CheckConstraint) else ""
            rule = _TWO_PEOPLE.fullmatch(said.translate(_NO_BRACKETS))
            if rule is not None and all((table.name, name) in people for name in rule.groups()):
                yield table, table.c[rule[1]], table.c[rule[2]]


def must_stay_two(session: Session, kept_id: int, duplicate_id: int) -> list[str]:
    """Why these two must be two people, in words: one did a step and the other was the second pair of eyes.

    It does not say of what: that could be under an embargo.
    """
    for table, one, other in rules_of_two(tables_there(session)):
        both = sa.or_(sa.and_(one == kept_id, other == duplicate_id), sa.and_(one == duplicate_id, other == kept_id))
        if session.scalar(sa.select(sa.func.count()).select_from(table).where(both)):
            return [MUST_BE_TWO]
    return []


Unique = tuple[list[sa.Column[int]], sa.ColumnElement[bool] | None]


def _unique_with(pointer: Pointer) -> Iterator[Unique]:
    """The columns of each unique index, constraint and key that the pointer is part of, with a partial one's WHERE.

    One that holds the row's own key besides is there for others to point at: no two rows ever meet in it.
    """
    table, column = pointer.table, pointer.column
    key = set(table.primary_key.columns) - {column}
    if column.primary_key:
        yield list(table.primary_key.columns), None
    for constraint in table.constraints:
        columns: set[sa.Column[Any]] = set()
        if isinstance(constraint, sa.UniqueConstraint):
            columns = set(constraint.columns)
        if column in columns and not (key and key <= columns):
            yield sorted(columns, key=lambda each: each.name), None
    for index in table.indexes:
        if index.unique and column in list(index.columns):
            yield list(index.columns), _where(index)


def _where(index: sa.Index) -> sa.ColumnElement[bool] | None:
    """The condition of a partial index, as a model says it or as a database tells it."""
    told = (index.dialect_options[kind].get("where") for kind in ("postgresql", "sqlite"))
    found = next((each for each in told if each is not None), None)
    return sa.literal_column(f"({found})", sa.Boolean) if isinstance(found, str) else found


def _values(
    session: Session,
    pointer: Pointer,
    others: list[sa.Column[int]],
    where: sa.ColumnElement[bool] | None,
    person_id: int,
) -> dict[RowKey, list[RowKey]]:
    """The keys of a person's rows by the values of the other unique columns; an empty value is like no other."""
    query = sa.select(*others, *pointer.key).where(pointer.column == person_id)
    query = query.where(*(column.is_not(None) for column in others))
    if where is not None:
        query = query.where(where)
    found: dict[RowKey, list[RowKey]] = {}
    for row in session.execute(query.order_by(*pointer.key)):
        found.setdefault(tuple(row[: len(others)]), []).append(tuple(row[len(others) :]))
    return found
