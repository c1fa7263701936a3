"""Every place in the database where a person may be named: their own rows, others' records, what is for everybody."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from lms.frame.keeping import Stays, rules_of
from lms.frame.plugins import Written
from lms.frame.tables_there import tables_there
from lms.frame.work import Work
from lms.personal_data.mentions.rules import Needles, as_in_json, is_written_as_name, plain, reads_as_name

THINGS = frozenset(
    {
        "agency",
        "agency_domain",
        "alembic_version",
        "former_agency_name",
        "partnership",
        "role_group",
        "sector",
        "learning_theme",
        "learning_theme_change",
        "venue",
    }
)
"""Tables of names of things. A village hall may be called like a person."""

MARKS = frozenset(
    {
        "client_key",
        "code",
        "counted_as",
        "days_attended",
        "digest",
        "facts_digest",
        "fs_uniquifier",
        "hash",
        "key",
        "kind",
        "number",
        "record_id",
        "record_type",
        "ref",
        "salt",
        "secret",
        "serial",
        "source",
        "token",
        "words_digest",
        "name_folded",
        "to_name_folded",
        "topic_folded",
    }
)
"""Columns that hold what a program made or compares, never what somebody wrote about a person."""

LIKE_MEANS, BACKSLASHED = re.compile(r"[\\%_]"), r"\\\g<0>"
"""What LIKE would read as something else than itself."""

TITLES = frozenset({"heading", "name", "title"})
"""Columns of what is written for everybody that are names of things."""


@dataclass(frozen=True)
class MentioningRow:
    """A row in which something of a person may stand. `is_own`: it is about the person. `by_them`: they did it."""

    table: sa.Table
    key: tuple[Any, ...]
    texts: Mapping[str, Any]
    is_own: bool
    by_them: bool


def text_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of a table in which somebody may be named."""
    return [] if table.name in THINGS else _texts(table)


def _texts(table: sa.Table) -> list[sa.Column[Any]]:
    return [
        column
        for column in table.columns
        if isinstance(column.type, sa.String | sa.JSON)
        and not isinstance(column.type, sa.Enum)
        and column.name not in MARKS
        and not column.primary_key
    ]


def written_columns(written: Collection[Written], table: sa.Table) -> list[sa.Column[Any]]:
    """Those that hold what is written for everybody, which erasing never changes."""
    here = [each.columns or [column.name for column in table.columns] for each in written if each.table == table.name]
    return [column for column in text_columns(table) if any(column.name in names for names in here)]


def kept_columns(written: Collection[Written], table: sa.Table) -> frozenset[str]:
    """Columns that erasing never changes: written for everybody, or issued or published and kept by the database."""
    stays = [each for each in rules_of(table) if isinstance(each, Stays)]
    frozen = {column.name for column in table.columns if any(column.name not in _may_go(rule) for rule in stays)}
    return frozenset(frozen | {column.name for column in written_columns(written, table)})


def _may_go(rule: Stays) -> tuple[str, ...]:
    return (*rule.words, *rule.may_change)


def is_link(column: str) -> bool:
    """An address of the web is whole or of no use, so nothing is taken out of it."""
    return column == "url" or column.endswith("_url")


def rows_naming(session: Session, table: sa.Table, needles: Needles, ids: Sequence[int]) -> list[MentioningRow]:
    """The rows of a table in which one of the texts may name the person of these records."""
    columns = text_columns(table)
    if not columns or not needles.parts:
        return []
    keys = list(table.primary_key.columns)
    own, by_them = about(table, ids), done_by(table, ids)
    named = any_contains(session, columns, needles.parts)
    found = session.execute(sa.select(*keys, own, by_them, *columns).where(named).order_by(*keys))
    names, number = [column.name for column in columns], len(keys)
    return [
        MentioningRow(
            table, tuple(row[:number]), dict(zip(names, row[number + 2 :], strict=True)), row[number], row[number + 1]
        )
        for row in found
    ]


def any_contains(session: Session, columns: Sequence[sa.Column[Any]], parts: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether one of these texts has one of these parts in it, in capitals or not, as the database knows them.

    PostgreSQL makes the small letters of a row once, of all its texts in a row. SQLite's LIKE needs none: it knows no
    other capitals than those of ASCII, and takes no notice of them.
    """
    texts = [sa.cast(each, sa.Text) if isinstance(each.type, sa.JSON) else each for each in columns]
    wanted = sorted({*parts, *map(as_in_json, parts)})
    if session.get_bind().dialect.name == "sqlite":
        return sa.or_(*(text.contains(each, autoescape=True) for text in texts for each in wanted))
    patterns = postgresql.array([sa.func.lower(f"%{LIKE_MEANS.sub(BACKSLASHED, each)}%") for each in wanted])
    return sa.func.lower(sa.func.concat_ws("\n", *texts)).like(sa.any_(patterns))


# Whose a row is


def about(table: sa.Table, ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether a row is about one of these people: it points at them, or at a booking or a charge of theirs."""
    return sa.or_(sa.false(), *_about(table, ids, frozenset()))


def _about(table: sa.Table, ids: Sequence[int], passed: frozenset[str]) -> Iterator[sa.ColumnElement[bool]]:
    if table.name == "person":
        yield table.c.id.in_(ids)
        return
    for column, target in _pointing(table):
        if target.table.name == "person":
            if not _is_of_doer(column):
                yield column.in_(ids)
        elif target.table.name not in passed and target.table is not table:
            theirs = list(_about(target.table, ids, passed | {table.name}))
            if theirs:
                yield column.in_(sa.select(target).where(sa.or_(*theirs)))


def done_by(table: sa.Table, ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether a row says that one of these people did something, to whoever."""
    columns = [column for column, target in _pointing(table) if target.table.name == "person" and _is_of_doer(column)]
    return sa.or_(sa.false(), *(column.in_(ids) for column in columns))


def _pointing(table: sa.Table) -> list[tuple[sa.Column[Any], sa.Column[Any]]]:
    return [(column, key.column) for column in table.columns for key in column.foreign_keys]


def _is_of_doer(column: sa.Column[Any]) -> bool:
    return column.name.endswith("by_id") or column.name == "actor_id"


# What a name stands for here


def phrases_among(work: Work, names: Collection[str]) -> frozenset[str]:
    """Those names that are words for something else here, in plain letters.

    A title, a theme or an agency has them; or a text that is written for everybody uses them without capitals.
    """
    several = Needles(frozenset(each for each in names if reads_as_name(each)), is_strict=False)
    one_word = Needles(frozenset(each for each in names if " " not in each and each.isalpha()), is_strict=False)
    found: set[str] = set()
    for table in tables_there(work.session):
        things = _texts(table) if table.name in THINGS else []
        columns = [*things, *written_columns(work.site.written, table)]
        for column, text in _texts_naming(work.session, columns, {*several.parts, *one_word.parts}):
            is_title = column in things or column.name in TITLES
            for needles in (several, one_word) if is_title else (several,):
                words = (text[start:end] for start, end in needles.spans(text))
                found |= {plain(each) for each in words if is_title or not is_written_as_name(each)}
    return frozenset(found)


def _texts_naming(
    session: Session, columns: list[sa.Column[Any]], parts: Collection[str]
) -> Iterator[tuple[sa.Column[Any], str]]:
    if not columns or not parts:
        return
    for row in session.execute(sa.select(*columns).where(any_contains(session, columns, parts))):
        for column, value in zip(columns, row, strict=True):
            for text in texts_in(value):
                yield column, text


def texts_in(value: Any) -> Iterator[str]:
    """Every text inside a value: itself, or what stands in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
