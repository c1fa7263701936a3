"""Who may do what: roles, permissions, and the person who is asking. No Flask, no database."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the partnership; one person may be several."""

    DELEGATE = "delegate"
    TRAINER = "trainer"
    AGENCY_LEAD = "agency_lead"
    COORDINATOR = "coordinator"
    BUSINESS_MANAGER = "business_manager"
    REVIEW_OFFICER = "review_officer"
    CHAIR = "chair"
    MEMBER = "member"
    FINANCE = "finance"
    SCRUTINEER = "scrutineer"


ROLE_WORDS = {
    Role.DELEGATE: "delegate",
    Role.TRAINER: "trainer",
    Role.AGENCY_LEAD: "agency lead",
    Role.COORDINATOR: "L&D coordinator",
    Role.BUSINESS_MANAGER: "business manager",
    Role.REVIEW_OFFICER: "review officer",
    Role.CHAIR: "L&D sub-group chair",
    Role.MEMBER: "L&D sub-group member",
    Role.FINANCE: "finance",
    Role.SCRUTINEER: "scrutineer",
}

ENTRUSTED_ROLES = frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER, Role.REVIEW_OFFICER, Role.FINANCE})
"""They hold much: everybody's records, embargoed reviews, policy, money. What concerns a record with one of them is
decided by a business manager, and it takes a second factor to be one."""
SECOND_FACTOR_ROLES = ENTRUSTED_ROLES
EVERYONE_SIGNED_IN = frozenset(Role)


@dataclass(frozen=True)
class Actor:
    """The one who is asking: a person with roles, the public, or a program on the partnership's behalf.

    `address` is where they read letters, also of whoever has no record and came by a link.
    """

    name: str
    person_id: int | None = None
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[str] = frozenset()
    leads_agency_ids: frozenset[int] = field(default=frozenset())
    is_program: bool = False
    address: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def may(self, permission: str) -> bool:
        """Programs (jobs, commands) may do everything; people what their roles allow."""
        return self.is_program or permission in self.permissions


PUBLIC = Actor(name="someone not signed in")


def program(name: str) -> Actor:
    """A job or a command, named as the audit shall show it."""
    return Actor(name=name, is_program=True)
