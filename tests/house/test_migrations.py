"""Migrations: one line, which makes exactly what the models say on both kinds of database."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import Base, make_engine
from lms.frame.doors import DOOR
from lms.frame.lines import BESIDE
from lms.frame.settings import ROOT, Settings
from lms.frame.together import autogenerate_sees
from lms.hosting.app import create_app
from lms.people.models import Person, PersonMerge
from lms.testing.databases import DatabaseKind
from lms.testing.storage import table_as_told
from tests.built_in import BUILT_IN
from tests.house.partnerships import Partnership
from tests.moments import NOW

KINDS = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "lms" / "migrations"))
    return ScriptDirectory.from_config(config)


def test_migrations_are_one_line() -> None:
    scripts = _scripts()
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    names = sorted(Path(script.path).name for script in scripts.walk_revisions())
    numbers = [name.split("_", maxsplit=1)[0] for name in names]
    assert numbers == [f"{number + 1:04}" for number in range(len(names))]


def test_no_index_is_the_beginning_of_another() -> None:
    """The longer one finds the same rows, and each is written with every row. Those of some rows only stand apart."""
    spare = [
        f"{index.name}, by {name}"
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if not index.unique and not _is_partial(index)
        for name, columns in _found_by(table)
        if name != index.name and columns[: len(index.expressions)] == _named(index.expressions)
    ]
    assert spare == []


def _is_partial(index: sa.Index) -> bool:
    return any(index.dialect_options[kind]["where"] is not None for kind in ("sqlite", "postgresql"))


def _named(columns: Iterable[Any]) -> list[str]:
    return [str(getattr(each, "name", each)) for each in columns]


def _found_by(table: sa.Table) -> Iterator[tuple[object, list[str]]]:
    """Every index of a table that has all rows, its keys included, with the columns in their order."""
    for index in table.indexes:
        if not _is_partial(index):
            yield index.name, _named(index.expressions)
    for key in table.constraints:
        if isinstance(key, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            yield key.name, _named(key.columns)


@pytest.mark.slow
@KINDS
def test_upgrading_from_nothing_makes_what_the_models_say(
    kind: str, kinds: Callable[[str], DatabaseKind], tmp_path: Path
) -> None:
    with kinds(kind).fresh() as by_models, kinds(kind).empty() as by_migrations:
        with _site_on(by_migrations, tmp_path):
            upgrade()
        assert _differences(by_migrations) == []
        assert _constraints(by_migrations) == _constraints(by_models)


@contextmanager
def _site_on(url: str, folder: Path) -> Iterator[None]:
    app = create_app(Settings("a key for tests, long enough", url, "file:///x", "a@b", "http://x", folder), BUILT_IN)
    with app.app_context():
        yield
        app.extensions["sqlalchemy"].engine.dispose()


@dataclass(frozen=True)
class ThereAndBack:
    """What a filled database held at its first migration and on the way there, and holds now."""

    first: dict[str, int]
    now: dict[str, int]
    merges_before_the_names: list[str]
    merges_now: list[str]
    constraints: dict[str, dict[str, Any]]
    as_the_models_say: dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def there_and_back(
    request: pytest.FixtureRequest,
    partnerships: Callable[[str, bool], Partnership],
    _kinds: Callable[[str], DatabaseKind],
    tmp_path_factory: pytest.TempPathFactory,
) -> ThereAndBack:
    """Goes back to the first migration and forward again, once. Somebody was merged before it did."""
    folder = tmp_path_factory.mktemp("there-and-back")
    with partnerships(request.param, False).copied(folder) as url, _kinds(request.param).fresh() as by_models:
        engine = make_engine(url)
        with Session(engine) as session, session.begin():
            kept, duplicate = session.scalars(sa.select(Person.id).order_by(Person.id).limit(2))
            rows = [{"table": "register_mark", "column": "marked_by_id", "keys": [[1]]}]
            session.add(PersonMerge(kept_id=kept, duplicate_id=duplicate, merged_at=NOW, moved={"rows": rows}))
        with _site_on(url, folder):
            stamp()
            downgrade(revision=BEFORE_THE_NAMES, x_arg=["lose-rows"])
            merges = _tables_of_merges(engine)
            downgrade(revision="0001", x_arg=["lose-rows"])
            first = _rows(engine)
            upgrade()
        merges_now, now = _tables_of_merges(engine), _rows(engine)
        engine.dispose()
        return ThereAndBack(first, now, merges, merges_now, _constraints(url), _constraints(by_models))


@pytest.mark.slow
def test_a_filled_database_goes_back_and_forward_without_losing_a_row(there_and_back: ThereAndBack) -> None:
    """SQLite makes tables anew to change them, to which others point by then."""
    first = there_and_back.first
    assert first["booking"] > 0
    assert {table: there_and_back.now.get(_now_called(table), 0) for table in first} == first  # empty ones may be gone
    assert there_and_back.constraints == there_and_back.as_the_models_say


BEFORE_THE_NAMES = "0020"


def _now_called(table: str) -> str:
    """What was a table's name before `0021` gave those with general names one of their own."""
    names: dict[str, str] = _scripts().get_revision("0021").module.NAMES
    return names.get(table, table)


def _rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
            for table in sa.inspect(engine).get_table_names()
        }


def _differences(url: str) -> list[Any]:
    """What autogenerate would put into a next migration."""
    engine = make_engine(url)
    with engine.connect() as connection:
        opts = {"compare_type": True, "render_as_batch": True, "include_object": _seen}
        context = MigrationContext.configure(connection, opts=opts)
        found = list(compare_metadata(context, Base.metadata))
    engine.dispose()
    return found


def _seen(thing: Any, name: str | None, kind: str, is_reflected: bool, other: Any) -> bool:
    return name not in BESIDE and autogenerate_sees(thing, name, kind, is_reflected, other)


def _constraints(url: str) -> dict[str, dict[str, Any]]:
    """Of every table the columns, checks, keys and indexes, as the database tells them."""
    engine = make_engine(url)
    told = {table: table_as_told(engine, table) for table in sorted(sa.inspect(engine).get_table_names())}
    engine.dispose()
    for name in ("alembic_version", *(BESIDE - {DOOR})):
        told.pop(name, None)
    return told


@pytest.mark.slow
def test_merges_know_the_tables_by_their_new_names(there_and_back: ThereAndBack) -> None:
    """A merge that was made before 0021 can be undone after it."""
    assert there_and_back.merges_before_the_names == ["mark"]
    assert there_and_back.merges_now == ["register_mark"]


def _tables_of_merges(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [each["table"] for moved in session.scalars(sa.select(PersonMerge.moved)) for each in moved["rows"]]
