"""Fixtures for a plugin's own tests. In its `conftest.py`:

    pytest_plugins = ["lms.testing.fixtures"]

    @pytest.fixture(scope="session")
    def plugins_tried() -> tuple[str, ...]:
        return ("parking",)

Every test that asks for a database runs on SQLite, and on PostgreSQL where a server can be started.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.frame.access import Role, program
from lms.frame.db import begin_sqlite, make_engine
from lms.frame.found import installed_site
from lms.frame.plugins import Import
from lms.frame.work import Work
from lms.people.models import Person
from lms.tables.rules import write_csv
from lms.tables.services import import_file
from lms.testing.browsers import browser_of
from lms.testing.databases import KINDS, DatabaseKind, has_postgresql
from lms.testing.filling import LEADER, NOW, MakeSite, close_app, founded, make_app
from lms.testing.lending import compile_templates_once, lent
from lms.testing.sharing import shared_folder
from lms.testing.tryout import Tryout, person_in, tried

compile_templates_once()
_made: dict[tuple[MakeSite, tuple[str, ...]], Flask] = {}

Row = Mapping[str, str]
NO_SERVER = pytest.mark.skipif(not has_postgresql(), reason="pip install golden-thread[testing] brings a server")
BOTH = [pytest.param(kind, marks=NO_SERVER if kind == "postgresql" else ()) for kind in KINDS]


def pytest_configure() -> None:
    """What workers of this run share is made known to them before they begin."""
    shared_folder()


@pytest.fixture(scope="session", params=BOTH)
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def make_site() -> MakeSite:
    """The application in which the plugins are tried: the one whose `lms` is installed. Say your own to try in that."""
    return installed_site()


@pytest.fixture(scope="session")
def tryout(
    make_site: MakeSite, database_kind: str, plugins_tried: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tryout]:
    """The site with the plugins, filled by all demonstrations: to look at. What a test changes here stays."""
    with tried(make_site, plugins_tried, database_kind, tmp_path_factory.mktemp("tryout")) as found:
        yield found


@pytest.fixture(scope="session")
def _databases(
    make_site: MakeSite, database_kind: str, plugins_tried: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DatabaseKind]:
    kind = founded(make_site, plugins_tried, database_kind, tmp_path_factory.mktemp("site"))
    yield kind
    kind.stop()


@pytest.fixture
def database_url(_databases: DatabaseKind) -> Iterator[str]:
    """A fresh database: every table, the partnership, its first policy, and somebody in every role."""
    with _databases.fresh() as url:
        yield url


@pytest.fixture
def app(make_site: MakeSite, database_url: str, plugins_tried: tuple[str, ...], tmp_path: Path) -> Iterator[Flask]:
    """The site on the test's database. Letters stay in the outbox, and faults come out as what they are."""
    made = _made.get((make_site, plugins_tried))
    if made is None:
        made = _made[make_site, plugins_tried] = make_app(make_site, plugins_tried, database_url, tmp_path)
        made.config.update(PROPAGATE_EXCEPTIONS=True)
        close_app(made)
    own = {"database_url": database_url, "mail_url": f"file://{tmp_path / 'mailbox'}", "instance": tmp_path}
    with lent(made, replace(made.extensions["lms"].settings, **own), lambda: NOW) as site:
        yield site


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """The test's own session. Looking something up does not take SQLite's writer lock, which the site needs."""
    own = make_engine(database_url)
    if own.dialect.name == "sqlite":
        event.remove(own, "begin", begin_sqlite)
        event.listen(own, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with Session(own) as made:
        yield made
    own.dispose()


@pytest.fixture
def work(app: Flask, session: Session) -> Work:
    """A program's Work on Monday 16 March 2026, with every plugin listening. Commit its session for browsers to see."""
    return Work(session=session, actor=program("test"), now=NOW, site=app.extensions["lms"])


@pytest.fixture
def person(session: Session) -> Callable[[Role], Person]:
    """Somebody who has a role: `person(Role.COORDINATOR)`."""
    return lambda role: person_in(session, role)


@pytest.fixture
def browser(app: Flask, session: Session) -> Callable[[Role | None], FlaskClient]:
    """A browser in which somebody of a role is signed in, or nobody. Commits what the test's session wrote so far."""

    def open_for(role: Role | None) -> FlaskClient:
        session.commit()
        return app.test_client() if role is None else browser_of(app, f"{LEADER}{role.value}")

    return open_for


@pytest.fixture
def rows(work: Work) -> Callable[..., None]:
    """Records of others, by the CSV that they come in: `rows("courses", {"code": "NEG", "title": "Neglect", ...})`."""

    def bring(kind: str, *given: Row) -> None:
        kinds: dict[str, Import] = {each.kind: each for each in work.site.imports}  # type: ignore[attr-defined]
        columns = [column.name for column in kinds[kind].columns]
        text = write_csv(columns, [{name: row.get(name, "") for name in columns} for row in given])
        done = import_file(work, kinds[kind], text.encode(), save=True)
        assert done.is_saved, "\n".join(map(str, done.problems))

    return bring
