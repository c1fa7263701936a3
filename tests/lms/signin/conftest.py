"""What tests of signing in are given: the letters that went out, and a browser that gets in by them."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import begin_reading
from lms.mail.models import OutboxLetter
from lms.signin.locks import Locks
from tests.providers import Provider, provider_served


class Post:
    """The outbox as a reader: nothing is held open between looks."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def all(self) -> list[OutboxLetter]:
        with Session(self.engine, expire_on_commit=False) as session:
            begin_reading(session)
            rows = list(session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id)))
            session.expunge_all()
            return rows

    def newest(self, kind: str) -> OutboxLetter:
        return [row for row in self.all() if row.kind == kind][-1]

    def code(self, kind: str = "signin.code") -> str:
        return str(self.newest(kind).context["code"])

    def count(self, table: str) -> int:
        with Session(self.engine) as session:
            begin_reading(session)
            return session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


@pytest.fixture
def locks(app: Flask) -> Locks:
    found: Locks = app.extensions["lms.locks"]
    return found


@pytest.fixture(scope="session")
def _provider() -> Iterator[Provider]:
    with provider_served() as made:
        yield made


@pytest.fixture
def provider(_provider: Provider) -> Provider:
    """A real OpenID provider, honest until a test spoils it."""
    _provider.forget()
    return _provider


@pytest.fixture
def ask(client: FlaskClient) -> Callable[[str], str]:
    """Ask for a code; answers the address of the page where it is typed."""

    def asked(identifier: str, browser: FlaskClient = client) -> str:
        answer = browser.post("/sign-in", data={"identifier": identifier})
        assert answer.status_code == 303, answer.text
        return answer.location

    return asked


def who(browser: FlaskClient) -> str:
    """The name on the account line; nothing when nobody is signed in."""
    page = browser.get("/sign-in/password").text
    return page.split("My account: </span>")[1].split("<")[0].split(",")[0] if "My account: </span>" in page else ""
