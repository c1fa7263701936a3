"""What tests are given: a fresh database of each kind, `work`, `make`, an application and people signed in to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.db import begin_sqlite, make_engine
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.people.models import Person
from lms.testing.browsers import browser_of
from lms.testing.databases import KINDS, DatabaseKind
from tests.application import lent
from tests.at_once import AtOnce
from tests.browser import chromium  # noqa: F401  (a fixture)
from tests.databases import NoSite, fill
from tests.everything import everything
from tests.hours import hours_heard
from tests.locks_heard import out_of_order
from tests.make import Make
from tests.moments import NOW, Clock


@pytest.fixture(scope="session", autouse=True)
def _hours() -> Iterator[None]:
    """Every letter goes at once or may wait, as `tests/hours.py` has decided."""
    with hours_heard():
        yield


@pytest.fixture(autouse=True)
def _one_lock_order() -> Iterator[None]:
    """What runs as in production, or meets another, locks in the one order (`lms.frame.locks`), or the test fails.

    Also what was done before the test, to prepare for it and others.
    """
    yield
    heard = list(out_of_order)
    out_of_order.clear()
    assert not heard, "\n".join(heard)


@pytest.fixture(scope="session")
def _kinds() -> Iterator[Callable[[str], DatabaseKind]]:
    made: dict[str, DatabaseKind] = {}

    def kind(name: str) -> DatabaseKind:
        if name not in made:
            made[name] = KINDS[name]("tests", fill)
        return made[name]

    yield kind
    for each in made.values():
        each.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, _kinds: Callable[[str], DatabaseKind]) -> Iterator[str]:
    """A fresh database with the tables, the partnership and policy version 1 in it."""
    with _kinds(request.param).fresh() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """The test's own session. Looking something up does not take SQLite's writer lock, which the application needs."""
    own = make_engine(database_url)
    if own.dialect.name == "sqlite":
        event.remove(own, "begin", begin_sqlite)
        event.listen(own, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with Session(own) as made:
        yield made
    own.dispose()


@pytest.fixture
def work(session: Session) -> Work:
    """A program's Work at NOW, without plugins listening."""
    return Work(session=session, actor=program("test"), now=NOW, site=NoSite())


@pytest.fixture
def make(session: Session) -> Make:
    """Records to begin with; `make.commit()` when an application shall see them."""
    return Make(session)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        secret_key="a key for tests, long enough",
        database_url=database_url,
        mail_url=f"file://{tmp_path / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=tmp_path,
    )


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The application as `wsgi.py` makes it, on the test's database; letters stay in the outbox."""
    with lent(settings, clock) as made:
        made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=True)
        made.extensions["lms.wake_mail"] = lambda: None
        yield made


@pytest.fixture
def demo_app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The application in demonstration mode."""
    with lent(replace(settings, is_demo=True), clock) as made:
        yield made


@pytest.fixture
def at_once(engine: Engine, app: Flask) -> AtOnce:
    """Two units of work that meet, in the application's site, by somebody who may do everything. On PostgreSQL."""
    site = app.extensions["lms"]
    return AtOnce(engine, site, NOW, everything(site))


@pytest.fixture
def prepared(at_once: AtOnce) -> Iterator[tuple[Make, Work]]:
    """Records to begin with, and services, in a session of their own: `make.commit()` before others meet."""
    with Session(at_once.engine, expire_on_commit=False) as session:
        yield Make(session), at_once.work_in(session)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser with nobody signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, make: Make) -> Callable[[Person], FlaskClient]:
    """A browser in which this person is signed in, second factor included. Commits what `make` has made so far.

    They stay signed in however far a test moves the clock.
    """

    def signed_in(person: Person) -> FlaskClient:
        make.commit()  # what was made before the application last wrote, and a new look at the database
        uniquifier = make.account(person).fs_uniquifier
        make.commit()
        return browser_of(app, uniquifier)

    return signed_in
