"""What tests of people are given."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Records stay readable after a commit without a transaction, which on SQLite would hold up the application."""
    with Session(engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Start writing down the application's queries, and get the list."""
    said: list[str] = []
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", hear)
    yield lambda: said
    sa.event.remove(engine, "before_cursor_execute", hear)
