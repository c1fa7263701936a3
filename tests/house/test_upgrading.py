"""Upgrading does not stop the site, and going back loses nothing unasked."""

from pathlib import Path

import pytest

from lms.frame.settings import ROOT
from tests.house.reading_migrations import Migration

FROM = 23
"""The first migration that is read. Those before it were made before there was an installation with people in it."""
JUDGED: dict[str, str] = {}
"""Faults that were looked at and are none: the migration's number, and why."""

BAD = {
    "op.create_index('ix', 'person', ['name'])": "op.create_index",
    "op.add_column('person', sa.Column('x', sa.Text()))": "op.add_column",
    "op.create_foreign_key('fk', 'person', 'agency', ['a'], ['id'])": "op.create_foreign_key",
    "op.create_check_constraint('ck', 'person', 'a > 0')": "op.create_check_constraint",
    "op.create_unique_constraint('uq', 'person', ['a'])": "op.create_unique_constraint",
    "op.alter_column('person', 'x', nullable=False)": "op.alter_column",
    "with op.batch_alter_table('person') as batch: batch.add_column(1)": "op.batch_alter_table",
    "op.drop_table('person')": "takes away",
    "op.rename_table('person', 'human')": "takes away",
    "op.execute('UPDATE person SET x = 1')": "change_rows",
    "op.execute('INSERT INTO a SELECT 1 FROM person')": "change_rows",
    "op.execute(f'ALTER TABLE {person} ADD x int')": "by hand",
    "op.create_table('new'); change_rows('person', 'UPDATE person SET x = 1 WHERE id > :above AND id <= :upto')": (
        "if_not_exists"
    ),
    "t.add_column(sa.Column('x', sa.Text())); t.never_empty('x', sa.Text())": "server_default",
}
GOOD = """
def upgrade():
    op.create_table("new", if_not_exists=True)
    op.create_index("ix_new", "new", ["a"], if_not_exists=True)
    with change_table("person") as person:
        person.add_column(sa.Column("x", sa.Text(), nullable=False, server_default=""))
        person.add_index("ix", ["x"])
        person.add_check("ck", "x <> ''")
    change_rows("person", "UPDATE person SET x = name WHERE id > :above AND id <= :upto")

def downgrade():
    op.drop_table("new")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("x")
"""


def _migrations() -> list[Path]:
    return sorted((ROOT / "lms" / "migrations" / "versions").glob("[0-9]*.py"))


def test_no_new_migration_stops_the_site_or_loses_what_is_there() -> None:
    faults = {
        path.name: found
        for path in _migrations()
        if int(path.name[:4]) >= FROM and path.name[:4] not in JUDGED
        if (found := Migration(path.read_text(encoding="utf-8")).faults)
    }
    assert faults == {}


@pytest.mark.parametrize(("line", "says"), BAD.items())
def test_a_bad_migration_is_found(line: str, says: str) -> None:
    (fault,) = Migration(f"def upgrade():\n    {line}\n\ndef downgrade():\n    pass\n").faults
    assert says in fault


@pytest.mark.parametrize("line", ["op.execute('DROP TABLE person')", "op.execute('DELETE FROM person')"])
def test_going_back_by_hand_is_found(line: str) -> None:
    (fault,) = Migration(f"def upgrade():\n    pass\n\ndef downgrade():\n    {line}\n").faults
    assert "unasked" in fault


def test_a_good_migration_is_let_through() -> None:
    assert Migration(GOOD).faults == []
