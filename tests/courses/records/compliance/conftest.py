"""The same attenders as for certificates, of an event that is over."""

from datetime import timedelta

import pytest

from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from tests.courses.records.conftest import attend  # noqa: F401  (a fixture)
from tests.make import Make
from tests.moments import NOW


@pytest.fixture
def held(make: Make) -> Event:
    """Two days whose register is finalised."""
    course = make.course(refresher_months=36)
    return make.event(course, starts=NOW - timedelta(days=9), days=2, state=EventState.DELIVERED, finalised_at=NOW)
