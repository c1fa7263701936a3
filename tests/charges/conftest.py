"""What tests of charges begin with: a site whose plugins listen, and a training office."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from lms.frame.access import Actor
from lms.frame.site import Site, assemble
from lms.frame.work import Work
from lms.hosting import host
from tests.built_in import BUILT_IN
from tests.charges.office import Office
from tests.databases import NoSite
from tests.make import Make


@pytest.fixture(scope="session")
def the_site() -> Site:
    return assemble(NoSite.settings, [*host.PLUGINS, *BUILT_IN])


@pytest.fixture
def office(session: Session, make: Make, the_site: Site) -> Office:
    return Office(session, make, the_site)


@pytest.fixture
def as_program(office: Office) -> Callable[[], Work]:
    """Work by the system itself, which decides nothing about money."""
    return lambda: Work(office.session, Actor("a job", is_program=True), office.now, office.site)
