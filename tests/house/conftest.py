"""The partnership through which house tests walk: made once, because they only look."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from lms.frame.db import make_engine
from lms.frame.settings import Settings
from lms.frame.web import db
from lms.hosting.app import create_app
from lms.kit.providers import OidcProvider
from lms.mail.delivery import deliver_due
from lms.testing.databases import DatabaseKind
from tests.application import lent
from tests.built_in import BUILT_IN
from tests.house.fifty_four import FewAnswers, fill_partnership
from tests.house.records import fill
from tests.house.world import World
from tests.moments import NOW


def world_settings(url: str, folder: Path) -> Settings:
    """Demonstration mode, with a provider of accounts at work that nobody asks."""
    return Settings(
        secret_key="a key for tests, long enough",
        database_url=url,
        mail_url=f"file://{folder / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=folder,
        is_demo=True,
        providers=(OidcProvider("work", "Work", "https://login.work.example", "id", "secret", ("work.example",)),),
    )


@contextmanager
def opened_world(app: Flask, url: str, uniquifiers: dict[str, str]) -> Iterator[World]:
    """What `fill` made, seen through the application."""
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["lms.wake_mail"] = lambda: None
    engine = make_engine(url)
    yield World(app, engine, uniquifiers)
    engine.dispose()


def filled(app: Flask, url: str, *, demonstration: bool) -> dict[str, str]:
    """Somebody in every role and what they did, the first letters of it sent. Answers how their sessions are known."""
    engine = make_engine(url)
    with Session(engine) as session:
        uniquifiers = fill(session, app.extensions["lms"], demonstration=demonstration)
    engine.dispose()
    deliver_due(app, lambda: NOW, most=3)
    return uniquifiers


@pytest.fixture(scope="session")
def _worlds(
    _kinds: Callable[[str], DatabaseKind], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], World]]:
    made: dict[str, World] = {}
    with ExitStack() as open_until_the_end:

        def world(kind: str) -> World:
            if kind not in made:
                url = open_until_the_end.enter_context(_kinds(kind).fresh())
                app = create_app(world_settings(url, tmp_path_factory.mktemp("house")), BUILT_IN, clock=lambda: NOW)
                uniquifiers = filled(app, url, demonstration=True)
                made[kind] = open_until_the_end.enter_context(opened_world(app, url, uniquifiers))
            return made[kind]

        yield world
        for each in made.values():
            with each.app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, _worlds: Callable[[str], World]) -> World:
    """On each kind of database."""
    return _worlds(request.param)


@pytest.fixture(scope="session")
def sqlite_world(_worlds: Callable[[str], World]) -> World:
    """On one, where the kind of database makes no difference."""
    return _worlds("sqlite")


@pytest.fixture(scope="session")
def _few_answers(
    _kinds: Callable[[str], DatabaseKind], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], FewAnswers]]:
    made: dict[str, FewAnswers] = {}
    with ExitStack() as open_until_the_end:

        def world(kind: str) -> FewAnswers:
            if kind not in made:
                url = open_until_the_end.enter_context(_kinds(kind).fresh())
                app = create_app(world_settings(url, tmp_path_factory.mktemp("few")), BUILT_IN, clock=lambda: NOW)
                engine = make_engine(url)
                with Session(engine) as session:
                    filled = fill_partnership(session, app.extensions["lms"])
                engine.dispose()
                seen = open_until_the_end.enter_context(opened_world(app, url, filled.uniquifiers))
                made[kind] = FewAnswers(seen, filled)
            return made[kind]

        yield world
        for each in made.values():
            with each.world.app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="session")
def few_answers(_few_answers: Callable[[str], FewAnswers]) -> FewAnswers:
    """A partnership of 54 events whose people answer seldom: made once, because tests only look."""
    return _few_answers("sqlite")


@pytest.fixture(scope="session")
def fifty_four(few_answers: FewAnswers) -> World:
    """The same, seen through the application."""
    return few_answers.world


@pytest.fixture(scope="session")
def _small_world(
    _kinds: Callable[[str], DatabaseKind], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, dict[str, str]]:
    """A database without the demonstration, the folder of its letters, and how sessions are known: to be copied."""
    folder = tmp_path_factory.mktemp("small")
    with _kinds("sqlite").fresh() as url:
        with lent(world_settings(url, folder), lambda: NOW) as app:
            uniquifiers = filled(app, url, demonstration=False)
        shutil.copy(sa.make_url(url).database or "", folder / "filled.sqlite3")
    return folder / "filled.sqlite3", folder / "mailbox", uniquifiers


@contextmanager
def copy_of(small: tuple[Path, Path, dict[str, str]], folder: Path) -> Iterator[World]:
    """One that may be changed. One at a time: all of them are seen through one application."""
    filled_database, mailbox, uniquifiers = small
    url = f"sqlite:///{shutil.copy(filled_database, folder / 'own.sqlite3')}"
    shutil.copytree(mailbox, folder / "mailbox")
    with lent(world_settings(url, folder), lambda: NOW) as app, opened_world(app, url, uniquifiers) as made:
        yield made


@pytest.fixture
def own_world(_small_world: tuple[Path, Path, dict[str, str]], tmp_path: Path) -> Iterator[World]:
    """A small one for a single test, which may change it."""
    with copy_of(_small_world, tmp_path) as made:
        yield made


@pytest.fixture
def postgresql_world(kinds: Callable[[str], DatabaseKind], tmp_path: Path) -> Iterator[World]:
    """Like `own_world`, on the other kind of database."""
    with kinds("postgresql").fresh() as url, lent(world_settings(url, tmp_path), lambda: NOW) as app:
        uniquifiers = filled(app, url, demonstration=False)
        with opened_world(app, url, uniquifiers) as made:
            yield made


@pytest.fixture
def kinds(_kinds: Callable[[str], DatabaseKind]) -> Callable[[str], DatabaseKind]:
    """Makes fresh databases of a kind."""
    return _kinds
