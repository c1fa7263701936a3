"""What a plugin that is switched off keeps here, and what stands in the way of taking it away."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.lines import VERSIONS
from lms.frame.tables_there import tables_switched_off, tables_there
from lms.retention.models import Hold
from lms.strangers.rules import KeptTable


def tables_of(session: Session, plugin: str) -> list[sa.Table]:
    """Its tables, each after those that it points at."""
    return [table for table in tables_switched_off(session) if table.name.startswith(f"{plugin}_")]


def version_table(plugin: str) -> sa.TableClause:
    """Where Alembic notes how far its tables are."""
    return sa.table(f"{VERSIONS}_{plugin}", sa.column("version_num"))


def revision_of(session: Session, plugin: str) -> str:
    """How far they are."""
    return session.scalar(sa.select(version_table(plugin).c.version_num)) or ""


def kept_by(session: Session, tables: list[sa.Table]) -> list[KeptTable]:
    """All rows of these tables."""
    return [
        KeptTable(
            table.name,
            {column.name: str(column.type) for column in table.columns},
            tuple(dict(row._mapping) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))),
        )
        for table in tables
    ]


def in_the_way(session: Session, plugin: str, tables: list[sa.Table]) -> Iterator[str]:
    """Why it must not go yet, in sentences."""
    own = {table.name for table in tables}
    for other in tables_there(session):
        targets = {key.target_fullname.rpartition(".")[0] for key in other.foreign_keys}
        if other.name not in own and targets & own:
            yield f"{other.name} points at {sorted(targets & own)[0]}. Remove the plugin of that first."
    named = sa.or_(Hold.kept.startswith(f"{plugin}."), Hold.person_id.in_(_people_in(tables)))
    for hold in session.scalars(sa.select(Hold).where(Hold.lifted_at.is_(None), named).order_by(Hold.id)):
        yield f"A hold stands: {hold.reason}. Lift it first."


def _people_in(tables: list[sa.Table]) -> sa.Select[int | None]:
    """Everybody to who a row points."""
    nobody: sa.Select[int | None] = sa.select(sa.cast(sa.null(), sa.Integer))
    columns = [
        column
        for table in tables
        for column in table.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    ]
    return sa.select(sa.union_all(nobody, *(sa.select(column) for column in columns)).subquery().columns[0])
