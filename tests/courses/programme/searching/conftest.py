"""A site in which coverage answers what courses teach."""

from dataclasses import replace

import pytest

from lms.frame.site import Site, assemble
from lms.frame.work import Work
from lms.hosting import host
from tests.built_in import BUILT_IN
from tests.databases import NoSite


@pytest.fixture(scope="session")
def the_site() -> Site:
    return assemble(NoSite.settings, [*host.PLUGINS, *BUILT_IN])


@pytest.fixture
def searching(work: Work, the_site: Site) -> Work:
    return replace(work, site=the_site)
