"""Two people who have a row in every table of every plugin become one, and two again. A new table is in it unasked."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import Base
from lms.frame.together import keys_together
from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.merging.clashes.queries import _unique_with, clashes
from lms.merging.queries import NEVER_MOVES, STAYS, Pointer, pointers
from lms.merging.services import merge_people, unmerge_people
from lms.people.models import Person
from tests.make import Make
from tests.rows import Rows, everything

ONE_OF_EACH = {"kept_needs", "own_copy", "provisioned_person", "survey_refusal"}
"""Of these nobody has two, so the duplicate's stays with the duplicate."""
FIRST_TO_BE_SORTED_OUT = {"booking", "event_trainer"}
"""Both have a place in an event, or train it: somebody decides which, unless it is over."""


def rows_everywhere(rows: Rows, person: Person, other: Person) -> None:
    """A row in each table that points at people: at this one by every column, where two may be the same."""
    for table in Base.metadata.sorted_tables:
        keys = [key for column in table.columns for key in column.foreign_keys if key.column.table.name == "person"]
        columns = [key.parent.name for key in keys]
        if columns and table.name not in STAYS | NEVER_MOVES:
            rows.row(table, **{name: [person.id, other.id] for name in columns})


def pointing(session: Session, pointer: Pointer, person: Person) -> int:
    return session.scalar(sa.select(sa.func.count()).where(pointer.column == person.id)) or 0


def check_deferred(session: Session) -> None:
    """What the database asks when a transaction ends, asked now."""
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    else:
        session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(sa.text("SET CONSTRAINTS ALL DEFERRED"))


def test_an_index_finds_the_rows_that_point_at_somebody() -> None:
    """Merging and erasing look in every one of these columns, also where a table is small today."""
    without = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys) and column not in _found_first(table)
    ]
    assert without == []


def _found_first(table: sa.Table) -> set[sa.Column[Any]]:
    """The columns with which an index or a key of this table begins."""
    keys = [each for each in table.constraints if isinstance(each, sa.PrimaryKeyConstraint | sa.UniqueConstraint)]
    return {next(iter(each.columns)) for each in (*keys, *table.indexes) if len(each.columns)}


def test_people_with_a_row_in_every_table_are_merged_and_unmerged(work: Work, make: Make, session: Session) -> None:
    kept, duplicate, other = make.person("Kept"), make.person("Duplicate"), make.person("Someone else")
    rows = Rows(session)
    for each in (kept, duplicate):
        rows_everywhere(rows, each, other)
    found = list(pointers())
    before = everything(session)
    had = {each: pointing(session, each, kept) + pointing(session, each, duplicate) for each in found}
    everywhere = {each.table.name for each in found}
    assert {each.table.name for each, number in had.items() if number >= 2} == everywhere
    assert everywhere > {"booking", "course_completion", "outbox", "charge_answer", "survey_invitation"}
    assert not everywhere & (STAYS | NEVER_MOVES)

    merge = merge_people(work, kept, duplicate)
    check_deferred(session)
    left = {each for each in found if pointing(session, each, duplicate)}
    assert {each.table.name for each in left} == ONE_OF_EACH
    assert {each for each in set(found) - left if pointing(session, each, kept) < had[each]} == set()

    unmerge_people(work, merge)
    assert everything(session) == before
    check_deferred(session)


@pytest.mark.slow
def test_what_both_have_the_same_stays_or_is_told(work: Work, make: Make, session: Session) -> None:
    """For every rule that something comes once: no merge ends in a fault, and few wait for somebody to choose."""
    other, rows = make.person("Someone else"), Rows(session)
    for pointer in pointers():
        for columns, _ in _unique_with(pointer):
            with session.begin_nested() as outer:
                kept, duplicate = make.person("Kept"), make.person("Duplicate")
                people = [each.column.name for each in pointers() if each.table is pointer.table]
                theirs = {name: [None, other.id] for name in people} | {pointer.column.name: kept.id}
                first = rows.row(pointer.table, **theirs)
                same = {each.name: first[each.name] for each in columns if each is not pointer.column}
                rows.row(pointer.table, **theirs | same | {pointer.column.name: duplicate.id})
                assert clashes(session, kept.id, duplicate.id), f"{pointer} is not met"
                if any(key.target == "booking" != pointer.table.name for key in keys_together(pointer.table)):
                    # whose bookings would be sorted out first, were the event not over
                    session.execute(sa.text("UPDATE event SET state = 'cancelled', cancelled_at = created_at"))
                _merge_and_unmerge(work, kept, duplicate, pointer.table.name)
                outer.rollback()


def _merge_and_unmerge(work: Work, kept: Person, duplicate: Person, name: str) -> None:
    before = everything(work.session)
    if name in FIRST_TO_BE_SORTED_OUT:
        with pytest.raises(Conflict, match="hen merge"):
            merge_people(work, kept, duplicate)
    else:
        merge = merge_people(work, kept, duplicate)
        check_deferred(work.session)
        unmerge_people(work, merge)
        check_deferred(work.session)
    assert everything(work.session) == before


@pytest.mark.parametrize("name", sorted(FIRST_TO_BE_SORTED_OUT))
def test_what_is_over_never_stops_a_merge(work: Work, make: Make, session: Session, name: str) -> None:
    """A register that is finalised, or an event that did not run: nobody can cancel or remove anything in it."""
    kept, duplicate, rows, table = make.person("Kept"), make.person("Duplicate"), Rows(session), Base.metadata.tables
    for state in ("delivered", "cancelled"):
        event = rows.row(table["event"], state=[state])
        for each in (kept, duplicate):
            rows.row(table[name], event_id=event["id"], person_id=each.id)
    unmerge_people(work, merge_people(work, kept, duplicate))
