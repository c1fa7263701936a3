"""Columns that keep a name folded (`lms.kit.folding`), and searches by them: the same on both databases."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column

from lms.frame.db import Base
from lms.kit.folding import folded

FOLDED_FROM = "folded_from"


def kept_folded(source: str) -> MappedColumn[str]:
    """A column that holds another one of its row folded. Nobody sets it: it follows what is written."""

    def fold(context: DefaultExecutionContext) -> str:
        written = context.get_current_parameters()  # type: ignore[no-untyped-call]
        return folded(written.get(source) or "")

    return mapped_column(sa.Text, default=fold, server_default="", info={FOLDED_FROM: source})


def folded_columns(table: sa.FromClause) -> dict[str, str]:
    """The columns of a table that hold another folded, each with the name of that one."""
    return {each.name: each.info[FOLDED_FROM] for each in table.columns if FOLDED_FROM in each.info}


def folded_with(table: sa.FromClause, values: dict[str, Any]) -> dict[str, Any]:
    """What an UPDATE writes, with what follows from it: for those that go past the records themselves."""
    follow = {name: folded(values[source]) for name, source in folded_columns(table).items() if source in values}
    return values | follow


@cache
def _columns_of(model: type[Base]) -> dict[str, str]:
    return folded_columns(model.__table__)


@event.listens_for(Base, "before_update", propagate=True)
def _keep_in_step(_mapper: object, _connection: object, record: Base) -> None:
    for name, source in _columns_of(type(record)).items():
        if sa.inspect(record).attrs[source].history.has_changes():
            setattr(record, name, folded(getattr(record, source)))


def finds(word: str, *columns: sa.ColumnElement[str] | InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Whether one of these columns, which are kept folded, has a word that somebody typed."""
    parts = folded(word).split()
    if not parts:
        return sa.false()
    return sa.or_(*(sa.and_(*(each.contains(part, autoescape=True) for part in parts)) for each in columns))


def bears(word: str, *columns: sa.ColumnElement[str] | InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Whether one of these columns has a word as it was typed: references, codes and addresses, never names."""
    return sa.or_(*(each.icontains(word, autoescape=True) for each in columns))
