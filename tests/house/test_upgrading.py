"""Upgrading does not stop the site, and going back loses nothing unasked."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from flask import Flask
from flask_migrate import stamp

from lms.frame.db import make_engine
from lms.frame.lines import HOST_LINE
from lms.frame.settings import ROOT, Settings
from lms.hosting.app import create_app
from tests.built_in import BUILT_IN
from tests.house.partnerships import Partnership
from tests.house.reading_migrations import Migration
from tests.house.traffic import Traffic

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


Partnerships = Callable[[str, bool], Partnership]
KINDS = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
LONGEST_SECONDS = 60


@contextmanager
def _filled(partnership: Partnership, folder: Path) -> Iterator[tuple[str, Flask]]:
    """A database in which a partnership works, and the application on it."""
    with partnership.copied(folder) as url:
        app = create_app(
            Settings("a key for tests, long enough", url, "file:///x", "a@b", "http://x", folder), BUILT_IN
        )
        with app.app_context():
            stamp()
            yield url, app
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.mark.slow
@KINDS
def test_the_newest_migration_runs_while_people_read_and_write(
    kind: str, partnerships: Partnerships, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are processes of before: what they read and write is there all the time, and after it too."""
    with _filled(partnerships(kind, True), tmp_path) as (url, _):
        HOST_LINE.downgrade("-1", lose_rows=True)
        traffic = Traffic(url)
        with traffic.going_on():
            HOST_LINE.upgrade()
        assert traffic.faults == []
        assert len(traffic.pages) > 2
    words = "longest wait of a page {:.2f} s of {}, of a change {:.2f} s of {}"
    waits = max(traffic.pages), len(traffic.pages), max(traffic.changes), len(traffic.changes)
    with capsys.disabled():
        sys.stdout.write(f"\nUpgrading to {HOST_LINE.head} under traffic on {kind}: {words.format(*waits)}\n")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_page_is_answered_while_a_migration_waits_for_somebody(
    kind: str, partnerships: Partnerships, tmp_path: Path
) -> None:
    """One writes to bookings and does not end; behind the migration that waits for it nobody waits for good."""
    with _filled(partnerships(kind, False), tmp_path) as (url, app):
        HOST_LINE.downgrade(BEFORE_A_COLUMN, lose_rows=True)
        engine, done = make_engine(url), threading.Event()

        def upgrade() -> None:
            with app.app_context():
                HOST_LINE.upgrade()
            done.set()

        with engine.connect() as writer:
            writer.execute(sa.text("UPDATE event SET ref = ref"))
            upgrading = threading.Thread(target=upgrade)
            upgrading.start()
            with engine.connect() as reader:
                _until_somebody_waits(reader)
                reader.execute(sa.text(f"SET statement_timeout = '{LONGEST_SECONDS}s'"))
                assert reader.scalar(sa.text("SELECT count(*) FROM event")), "it came behind the migration"
            assert not done.is_set()
            writer.commit()
        upgrading.join(LONGEST_SECONDS)
        assert done.is_set()
        engine.dispose()


BEFORE_A_COLUMN = "0022"
"""The next one adds a column to events."""
WAITS = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
    "WHERE datname = current_database() AND NOT granted AND mode = 'AccessExclusiveLock'"
)
"""In this database: others on the server are other tests'."""


def _until_somebody_waits(connection: sa.Connection) -> None:
    while not connection.scalar(WAITS):
        connection.rollback()
    connection.rollback()


def _with_rows(engine: sa.Engine) -> set[str]:
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {name for name in names if connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))}


@KINDS
@pytest.mark.slow
def test_going_back_drops_nothing_that_is_filled(kind: str, partnerships: Partnerships, tmp_path: Path) -> None:
    with _filled(partnerships(kind, False), tmp_path) as (url, _):
        engine = make_engine(url)
        filled = _with_rows(engine)
        with pytest.raises(CommandError, match=r"is filled, and going back would lose that"):
            HOST_LINE.downgrade("0001")
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM booking WHERE sector_id IS NOT NULL"))
        assert filled <= set(sa.inspect(engine).get_table_names())
        engine.dispose()
