"""People who work with reviews, and Work as each of them has it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lms.frame.access import Actor, Role
from lms.frame.site import Site, assemble
from lms.frame.work import Work
from lms.people.models import Person
from reviews.plugin import PLUGIN as REVIEWS
from tests.databases import NoSite
from tests.make import Make


@pytest.fixture(scope="session")
def reviews_site() -> Site:
    """The host and reviews, nothing above them."""
    from lms.hosting import host  # noqa: PLC0415

    return assemble(NoSite.settings, [*host.PLUGINS, REVIEWS])


@pytest.fixture
def acting(work: Work, reviews_site: Site) -> Callable[[Person], Work]:
    """The same Work, with this person asking."""

    def acting(person: Person) -> Work:
        roles = frozenset({Role.DELEGATE, *(grant.role for grant in person.roles)})
        leads = frozenset(grant.agency_id for grant in person.roles if grant.agency_id is not None)
        actor = Actor(person.name, person.id, roles, reviews_site.permissions_of(roles), leads)
        return replace(work, actor=actor, site=reviews_site)

    return acting


@pytest.fixture
def officer(make: Make) -> Person:
    return make.person("Imogen Thackeray-Lunn", roles=(Role.REVIEW_OFFICER,))


@pytest.fixture
def manager(make: Make) -> Person:
    return make.person("Bertrand Oyelaran", roles=(Role.BUSINESS_MANAGER,))


@pytest.fixture
def program_work(work: Work, reviews_site: Site) -> Work:
    """A command's or a job's Work."""
    return replace(work, site=reviews_site)
