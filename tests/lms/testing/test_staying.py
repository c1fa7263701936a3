"""Connections that stay from test to test: whoever comes next, or copies the file, finds a database as ever."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from lms.frame.db import make_engine
from lms.testing.databases import SqliteKind


def fill(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE child_of_nobody (id INTEGER PRIMARY KEY, said TEXT)")
    engine.dispose()


@pytest.fixture
def kind() -> Iterator[SqliteKind]:
    made = SqliteKind("staying", fill)
    yield made
    made.stop()


def say(url: str, *statements: str) -> list[sa.Row[tuple[object, ...]]]:
    engine = make_engine(url)
    with engine.begin() as connection:
        for each in statements:
            connection.exec_driver_sql(each)
        found = list(connection.exec_driver_sql("SELECT said FROM child_of_nobody"))
    engine.dispose()
    return found


def test_the_next_one_finds_nothing_of_the_last(kind: SqliteKind) -> None:
    with kind.fresh() as url:
        assert say(url, "INSERT INTO child_of_nobody (said) VALUES ('one')") == [("one",)]
        beside = Path(sa.make_url(url).database or "").with_suffix(".sqlite3-counts")
        beside.write_text("1")
    with kind.fresh() as again:
        assert again == url, "the connection stays because the file does"
        assert say(again) == []
        assert beside.read_text() == ""


def test_what_was_done_to_the_tables_is_undone_as_well(kind: SqliteKind) -> None:
    with kind.fresh() as url:
        say(url, "ALTER TABLE child_of_nobody ADD COLUMN more TEXT", "INSERT INTO child_of_nobody (more) VALUES ('x')")
    with kind.fresh() as url, pytest.raises(sa.exc.OperationalError, match="no column named more"):
        say(url, "INSERT INTO child_of_nobody (more) VALUES ('x')")


def test_a_file_that_somebody_still_has_is_given_to_nobody_else(kind: SqliteKind) -> None:
    with kind.fresh() as url:
        engine = make_engine(url)
        held = engine.connect()
    with kind.fresh() as another:
        assert another != url
    held.close()
    engine.dispose()


def test_two_at_once_have_a_file_each(kind: SqliteKind) -> None:
    with kind.fresh() as one, kind.fresh() as other:
        say(one, "INSERT INTO child_of_nobody (said) VALUES ('one')")
        assert say(other) == []


def test_all_is_in_the_file_once_everybody_has_closed_it(kind: SqliteKind, tmp_path: Path) -> None:
    with kind.fresh() as url:
        say(url, "INSERT INTO child_of_nobody (said) VALUES ('one')")
        copied = shutil.copy(sa.make_url(url).database or "", tmp_path)
    with sqlite3.connect(copied) as copy:
        assert copy.execute("SELECT said FROM child_of_nobody").fetchall() == [("one",)]
    copy.close()
