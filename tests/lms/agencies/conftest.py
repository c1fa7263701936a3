"""What tests of agencies are given."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Records stay readable after a commit without a transaction, which on SQLite would hold up the application."""
    with Session(engine, expire_on_commit=False) as made:
        yield made
