"""The partnership through which house tests walk: made once, because they only look."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lms.app import create_app
from lms.db import make_engine
from lms.mail.delivery import deliver_due
from lms.settings import Settings
from tests.built_in import BUILT_IN
from tests.databases import PostgresKind, SqliteKind
from tests.house.records import fill
from tests.house.world import World
from tests.moments import NOW


@contextmanager
def made_world(url: str, folder: Path, *, demonstration: bool) -> Iterator[World]:
    """The application, in demonstration mode, with somebody in every role."""
    settings = Settings(
        secret_key="a key for tests, long enough",
        database_url=url,
        mail_url=f"file://{folder / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=folder,
        is_demo=True,
    )
    app = create_app(settings, BUILT_IN, clock=lambda: NOW)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["lms.wake_mail"] = lambda: None
    engine = make_engine(url)
    with Session(engine) as session:
        uniquifiers = fill(session, app.extensions["lms"], demonstration=demonstration)
    deliver_due(app, lambda: NOW, most=3)
    yield World(app, engine, uniquifiers)
    engine.dispose()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def _worlds(
    _kinds: Callable[[str], SqliteKind | PostgresKind], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], World]]:
    made: dict[str, World] = {}
    with ExitStack() as open_until_the_end:

        def world(kind: str) -> World:
            if kind not in made:
                url = open_until_the_end.enter_context(_kinds(kind).fresh())
                folder = tmp_path_factory.mktemp("house")
                made[kind] = open_until_the_end.enter_context(made_world(url, folder, demonstration=True))
            return made[kind]

        yield world


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, _worlds: Callable[[str], World]) -> World:
    """On each kind of database."""
    return _worlds(request.param)


@pytest.fixture(scope="session")
def sqlite_world(_worlds: Callable[[str], World]) -> World:
    """On one, where the kind of database makes no difference."""
    return _worlds("sqlite")


@pytest.fixture
def own_world(_kinds: Callable[[str], SqliteKind | PostgresKind], tmp_path: Path) -> Iterator[World]:
    """A small one for a single test, which may change it."""
    with _kinds("sqlite").fresh() as url, made_world(url, tmp_path, demonstration=False) as made:
        yield made


@pytest.fixture
def kinds(_kinds: Callable[[str], SqliteKind | PostgresKind]) -> Callable[[str], SqliteKind | PostgresKind]:
    """Makes fresh databases of a kind."""
    return _kinds
