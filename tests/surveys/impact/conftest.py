"""What tests of impact begin with."""

import pytest
from sqlalchemy.orm import Session

from tests.make import Make
from tests.surveys.people import Asked


@pytest.fixture
def asked(session: Session, make: Make) -> Asked:
    return Asked(session, make)
