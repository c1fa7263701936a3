"""Keys of two columns: what a row points at belongs to the same event, person or briefing as the row itself.

They stand beside the plain key of the first column, for the database alone: a join or a relationship goes by the plain
one, and would not know which to take if SQLAlchemy saw both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.sql.schema import ColumnCollectionConstraint


@dataclass(frozen=True)
class Pair:
    """A column, and the one whose value it has."""

    parent: sa.Column[Any]
    column: sa.Column[Any]


class Together(ColumnCollectionConstraint):
    """FOREIGN KEY (columns) REFERENCES target, as "booking.id, booking.event_id".

    `deferred`: asked when the transaction ends, for what moves one row after the other.
    """

    __visit_name__ = "together"
    inherit_cache = False

    def __init__(self, columns: str, target: str, *, deferred: bool = False) -> None:
        self.own = [each.strip() for each in columns.split(",")]
        self.target, theirs = target.split("(", maxsplit=1)[0].strip(), target.partition("(")[2].rstrip(") ")
        self.theirs = [each.strip() for each in theirs.split(",")]
        self.deferred = deferred
        super().__init__(*self.own)

    def _set_parent(self, parent: Any, **kw: Any) -> None:
        super()._set_parent(parent, **kw)
        self.name = f"fk_{parent.name}_{'_'.join(self.own)}"

    def _copy(self, **_kw: Any) -> "Together":
        return Together(", ".join(self.own), f"{self.target}({', '.join(self.theirs)})", deferred=self.deferred)

    @property
    def referred_table(self) -> sa.Table:
        table: sa.Table = self.table
        return table.metadata.tables[self.target]

    @property
    def elements(self) -> list[Pair]:
        """As of a ForeignKeyConstraint."""
        table: sa.Table = self.table
        pairs = zip(self.own, self.theirs, strict=True)
        return [Pair(table.c[mine], self.referred_table.c[its]) for mine, its in pairs]


@compiles(Together)
def _as_ddl(element: Together, compiler: DDLCompiler, **_: Any) -> str:
    quote = compiler.preparer.quote
    own, theirs = (", ".join(map(quote, names)) for names in (element.own, element.theirs))
    said = f"CONSTRAINT {quote(str(element.name))} FOREIGN KEY({own}) REFERENCES {quote(element.target)} ({theirs})"
    return said + (" DEFERRABLE INITIALLY DEFERRED" if element.deferred else "")


def keys_together(table: sa.Table) -> Iterator[Together]:
    """Those of a table, in a fixed order."""
    found = [each for each in table.constraints if isinstance(each, Together)]
    yield from sorted(found, key=lambda key: str(key.name))


def autogenerate_sees(thing: Any, _name: str | None, kind: str, is_reflected: bool, _other: Any) -> bool:
    """For Alembic: a key of several columns that the database tells has no counterpart that it would find."""
    return not (kind == "foreign_key_constraint" and is_reflected and len(thing.elements) > 1)
