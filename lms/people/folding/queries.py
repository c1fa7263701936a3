"""Rows whose folded name is not that of their name."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.folding import folded_columns
from lms.kit.folding import folded


@dataclass(frozen=True)
class NotFoundByName:
    """A row that nobody finds by its name: `column` should hold `source` folded."""

    table: sa.Table
    row_id: int
    column: str
    source: str


def not_found_by_name(session: Session) -> Iterator[NotFoundByName]:
    """All of them, as they are read."""
    for table in Base.metadata.sorted_tables:
        for column, source in folded_columns(table).items():
            rows = session.execute(sa.select(table.c.id, table.c[source], table.c[column]).order_by(table.c.id))
            for row_id, text, kept in rows:
                if folded(text) != kept:
                    yield NotFoundByName(table, row_id, column, source)
