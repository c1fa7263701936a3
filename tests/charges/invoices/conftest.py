"""What tests of invoices begin with: a site whose plugins listen, and a training office."""

import pytest
from sqlalchemy.orm import Session

from lms.frame.site import Site, assemble
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
