"""The partnership through which house tests walk: made once, because they only look."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.frame.db import make_engine
from lms.frame.web import db
from lms.hosting.app import create_app
from lms.testing.databases import DatabaseKind
from tests.application import lent
from tests.built_in import BUILT_IN
from tests.house.fifty_four import FewAnswers, fill_partnership
from tests.house.partnerships import Partnership, partnership, world_settings
from tests.house.world import World
from tests.moments import NOW


@contextmanager
def opened_world(app: Flask, url: str, uniquifiers: dict[str, str]) -> Iterator[World]:
    """What `fill` made, seen through the application."""
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["lms.wake_mail"] = lambda: None
    engine = make_engine(url)
    yield World(app, engine, uniquifiers)
    engine.dispose()


@pytest.fixture(scope="session")
def partnerships() -> Iterator[Callable[[str, bool], Partnership]]:
    """A partnership on a kind of database, with the demonstration around it or without."""
    made: dict[tuple[str, bool], Partnership] = {}

    def found(kind: str, demonstration: bool) -> Partnership:
        if (kind, demonstration) not in made:
            made[kind, demonstration] = partnership(kind, demonstration=demonstration)
        return made[kind, demonstration]

    yield found
    for each in made.values():
        each.databases.stop()


@pytest.fixture(scope="session")
def _worlds(
    partnerships: Callable[[str, bool], Partnership], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], World]]:
    made: dict[str, World] = {}
    with ExitStack() as open_until_the_end:

        def world(kind: str) -> World:
            if kind not in made:
                large, folder = partnerships(kind, True), tmp_path_factory.mktemp("house")
                url = open_until_the_end.enter_context(large.copied(folder))
                app = create_app(world_settings(url, folder), BUILT_IN, clock=lambda: NOW)
                made[kind] = open_until_the_end.enter_context(opened_world(app, url, large.uniquifiers))
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
def fifty_four_postgresql(_few_answers: Callable[[str], FewAnswers]) -> World:
    """On the other kind of database."""
    return _few_answers("postgresql").world


@contextmanager
def copy_of(small: Partnership, folder: Path) -> Iterator[World]:
    """One that may be changed. One at a time: all of them are seen through one application."""
    with (
        small.copied(folder) as url,
        lent(world_settings(url, folder), lambda: NOW) as app,
        opened_world(app, url, small.uniquifiers) as made,
    ):
        yield made


@pytest.fixture
def own_world(partnerships: Callable[[str, bool], Partnership], tmp_path: Path) -> Iterator[World]:
    """A small one for a single test, which may change it."""
    with copy_of(partnerships("sqlite", False), tmp_path) as made:
        yield made


@pytest.fixture
def large_world(
    request: pytest.FixtureRequest, partnerships: Callable[[str, bool], Partnership], tmp_path: Path
) -> Iterator[World]:
    """A copy of that through which tests walk, for a single test to change: what was found on the walk fits it."""
    with copy_of(partnerships(getattr(request, "param", "sqlite"), True), tmp_path) as made:
        yield made


@pytest.fixture
def postgresql_world(partnerships: Callable[[str, bool], Partnership], tmp_path: Path) -> Iterator[World]:
    """Like `own_world`, on the other kind of database."""
    with copy_of(partnerships("postgresql", False), tmp_path) as made:
        yield made


@pytest.fixture
def kinds(_kinds: Callable[[str], DatabaseKind]) -> Callable[[str], DatabaseKind]:
    """Makes fresh databases of a kind."""
    return _kinds


@pytest.fixture
def worlds(request: pytest.FixtureRequest) -> Callable[[str], World]:
    """The two partnerships, by name: the demonstration, and the one with few answers."""
    names = {"demonstration": "sqlite_world", "fifty_four": "fifty_four", "postgresql": "fifty_four_postgresql"}
    return lambda name: request.getfixturevalue(names[name])
