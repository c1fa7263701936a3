"""Everything in the database that points at a person, found from the tables themselves, so plugins need not say it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.tables_there import tables_there
from lms.kit.errors import NotFound
from lms.kit.words import count
from lms.people.models import Person, PersonMerge

STAYS = frozenset({"audit_entry", "person", "person_affiliation", "person_merge"})
"""History and the merge itself. The person's page shows the history of both, and agencies over time stay with the
record of which they were said."""

NEVER_MOVES = frozenset(
    {
        "account",
        "api_token",
        "change_request",
        "factor_invitation",
        "linked_account",
        "provider_round_trip",
        "role_grant.person_id",
        "sign_in_code",
        "sign_in_session",
    }
)
"""Tables, or single columns of one: what lets somebody in, or lets them do more. A merge makes nobody somebody else."""


WORDS = {"outbox": "email", "role_grant": "role", "person_address": "further address", "table_upload": "file"}


RowKey = tuple[Any, ...]
"""What identifies a row: numbers mostly, a day or a code in some."""


@dataclass(frozen=True)
class Pointer:
    """A column that points at a person, and the columns that name its row."""

    table: sa.Table
    column: sa.Column[int]

    @property
    def key(self) -> list[sa.Column[Any]]:
        return list(self.table.primary_key.columns)


@dataclass(frozen=True)
class MergeRow:
    """A merge as the person's page tells it."""

    id: int
    duplicate_ref: str
    duplicate_name: str
    merged_at: datetime
    undone_at: datetime | None


def pointers(tables: Sequence[sa.Table] | None = None) -> Iterator[Pointer]:
    """Every foreign key to a person of these tables, in a fixed order; without, of all that have a model."""
    for table in Base.metadata.sorted_tables if tables is None else tables:
        if table.name in STAYS | NEVER_MOVES:
            continue
        for column in table.columns:
            if str(column) not in NEVER_MOVES and any(key.column.table.name == "person" for key in column.foreign_keys):
                yield Pointer(table, column)


def said_table(name: str) -> str:
    """What the office calls a row of a table."""
    return WORDS.get(name, name.replace("_", " "))


def rows_pointing(session: Session, pointer: Pointer, person_id: int) -> list[RowKey]:
    """The keys of the rows that point at a person, locked until the merge is done."""
    found = session.execute(
        sa.select(*pointer.key)
        .where(pointer.column == person_id)
        .order_by(*pointer.key)
        .with_for_update(key_share=True)
    )
    return [tuple(row) for row in found]


def what_moves(session: Session, duplicate_id: int) -> list[str]:
    """What a merge would move, in words: "3 bookings"."""
    columns: dict[sa.Table, list[sa.Column[int]]] = {}
    for pointer in pointers(tables_there(session)):
        columns.setdefault(pointer.table, []).append(pointer.column)
    found = {}
    for table, those in columns.items():
        pointing = sa.or_(*(column == duplicate_id for column in those))
        found[said_table(table.name)] = session.scalar(sa.select(sa.func.count()).select_from(table).where(pointing))
    return [count(number, one, _many(one)) for one, number in sorted(found.items()) if number]


def _many(one: str) -> str:
    return one if one.endswith("s") and not one.endswith("ss") else one + ("es" if one.endswith("ss") else "s")


def roles_left_behind(kept: Person, duplicate: Person) -> list[str]:
    """The roles of the duplicate that the person kept does not have, in words: a merge gives nobody a role."""
    held = {(grant.role, grant.agency_id) for grant in kept.roles}
    return [grant.words for grant in duplicate.roles if (grant.role, grant.agency_id) not in held]


def merges_into(session: Session, person_id: int) -> list[MergeRow]:
    """What was merged into a person, the latest first."""
    rows = session.execute(
        sa.select(PersonMerge.id, Person.ref, Person.name, PersonMerge.merged_at, PersonMerge.undone_at)
        .join(Person, PersonMerge.duplicate_id == Person.id)
        .where(PersonMerge.kept_id == person_id)
        .order_by(PersonMerge.merged_at.desc(), PersonMerge.id.desc())
    )
    return [MergeRow(*row) for row in rows]


def merge_of(session: Session, merge_id: int) -> PersonMerge:
    """A merge by its id. Raises NotFound."""
    found = session.get(PersonMerge, merge_id)
    if found is None:
        raise NotFound("We cannot find that merge.")
    return found
