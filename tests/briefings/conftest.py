"""People who write, check and approve briefings, and Work as each of them has it."""

from dataclasses import replace
from functools import cache

import pytest

from briefings.approving.services import approve_version, check_version, publish_version
from briefings.writing.models import BriefingVersion
from briefings.writing.rules import CHECKLIST, SHAPES, ApprovedAs, BriefingKind, Part
from briefings.writing.services import ask_for_check, write_briefing
from briefings.writing.written import VersionWritten
from lms.frame.access import Actor, Role
from lms.frame.site import Site, assemble
from lms.frame.work import Work
from lms.people.models import Person
from tests.built_in import BUILT_IN
from tests.databases import NoSite
from tests.make import Make

SEVEN = BriefingKind.SEVEN_MINUTE
QUESTIONS = ("Who lives there?", "Where did you write it down?", "Whom would you call?")


@cache
def whole_site() -> Site:
    from lms.hosting import host  # noqa: PLC0415

    return assemble(NoSite.settings, [*host.PLUGINS, *BUILT_IN])


class Office:
    """Four people, and a briefing taken as far as a test wants it."""

    def __init__(self, make: Make, work: Work) -> None:
        self.make, self.work = make, work
        self.writer = make.person("Priyanka Hallowdale", roles=(Role.COORDINATOR,))
        self.second = make.person("Tudor Linacre", roles=(Role.COORDINATOR,))
        self.officer = make.person("Imogen Thackeray-Lunn", roles=(Role.REVIEW_OFFICER,))
        self.manager = make.person("Bertrand Oyelaran", roles=(Role.BUSINESS_MANAGER,))
        self.chair = make.person("Odette Marlingford", roles=(Role.CHAIR,))
        make.commit()

    def acting(self, person: Person | None) -> Work:
        """The Work of somebody, or of a delegate who is nobody here."""
        if person is None:
            person = self.make.person("Amara Fenwick-Osei")
        roles = frozenset({Role.DELEGATE, *(grant.role for grant in person.roles)})
        site = whole_site()
        actor = Actor(person.name, person.id, roles, site.permissions_of(roles))
        return replace(self.work, actor=actor, site=site)

    def written(self, title: str = "Every adult in a baby’s life", **other: object) -> VersionWritten:
        parts = tuple(Part(each, f"Some words on {each.lower()}.") for each in SHAPES[SEVEN].titles)
        return VersionWritten(**{"title": title, "parts": parts, "questions": QUESTIONS, **other})  # type: ignore[arg-type]

    def draft(self, by: Person | None = None, **other: object) -> BriefingVersion:
        return write_briefing(self.acting(by or self.writer), SEVEN, self.written(**other))  # type: ignore[arg-type]

    def approved(self, version: BriefingVersion | None = None, **other: object) -> BriefingVersion:
        version = version or self.draft(**other)
        ask_for_check(self.acting(self.writer), version.id)
        check_version(self.acting(self.officer), version.id, CHECKLIST)
        return approve_version(self.acting(self.manager), version.id, ApprovedAs.BUSINESS_MANAGER)

    def published(self, version: BriefingVersion | None = None, **other: object) -> BriefingVersion:
        return publish_version(self.acting(self.writer), self.approved(version, **other).id)


@pytest.fixture
def office(make: Make, work: Work) -> Office:
    return Office(make, work)
