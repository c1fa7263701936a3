"""Groups: the agencies that are open, for a limited token its own, and the kinds of work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from scim2_models import Meta, Reference
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, RoleGroup
from lms.frame.access import Actor
from lms.in_step.people.queries import MANAGE
from lms.in_step.scim.models import ProvisionedGroup
from lms.in_step.scim.resources.rules import ScimGroup, ScimMember
from lms.in_step.scim.users.queries import number_of, users
from lms.kit.errors import NotFound
from lms.people.models import Person

NO_GROUP = "There is no group with this id among those of the token."


@dataclass(frozen=True)
class GroupHere:
    """An agency or a kind of work. `column` and `value` are how a row of the file of people says it."""

    kind: str
    row_id: int
    name: str
    value: str
    external_id: str
    changed_at: datetime | None

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.row_id}"

    @property
    def column(self) -> str:
        return "agency_code" if self.kind == "agency" else "role_group"


def of_kind(kind: str) -> sa.ColumnElement[int | None]:
    """The column of a person that says which group of a kind they belong to."""
    return sa.type_coerce(Person.agency_id if kind == "agency" else Person.role_group_id, sa.Integer())


def groups_here(session: Session, actor: Actor) -> list[GroupHere]:
    """All of them, agencies first, in the order in which they were added."""
    agencies = (
        sa.select(Agency.id, Agency.name, Agency.code, ProvisionedGroup.external_id, Agency.changed_at)
        .outerjoin(ProvisionedGroup, ProvisionedGroup.agency_id == Agency.id)
        .where(Agency.closed_on.is_(None))
        .order_by(Agency.id)
    )
    if not actor.may(MANAGE):
        agencies = agencies.where(Agency.id.in_(actor.leads_agency_ids))
    work = (
        sa.select(RoleGroup.id, RoleGroup.name, RoleGroup.name, ProvisionedGroup.external_id, sa.null())
        .outerjoin(ProvisionedGroup, ProvisionedGroup.role_group_id == RoleGroup.id)
        .order_by(RoleGroup.id)
    )
    return [
        GroupHere(kind, row_id, name, value, external_id or "", changed_at)
        for kind, asked in (("agency", agencies), ("work", work))
        for row_id, name, value, external_id, changed_at in session.execute(asked)
    ]


def group_here(session: Session, actor: Actor, group_id: str) -> GroupHere:
    """One of them. Raises NotFound."""
    found = next((each for each in groups_here(session, actor) if each.id == group_id), None)
    if found is None:
        raise NotFound(NO_GROUP)
    return found


def members_of(session: Session, actor: Actor, groups: Sequence[GroupHere]) -> dict[str, list[ScimMember]]:
    """Who is here of each of these groups, in a query for each kind."""
    found: dict[str, list[ScimMember]] = {}
    for kind in sorted({each.kind for each in groups}):
        column = of_kind(kind)
        ids = [each.row_id for each in groups if each.kind == kind]
        asked = users(actor).where(column.in_(ids), Person.is_here).order_by(Person.id)
        for row_id, person_id in session.execute(
            asked.with_only_columns(column, Person.id, maintain_column_froms=True)
        ):
            member = ScimMember(value=str(person_id), ref=Reference(f"Users/{person_id}"), type="User")
            found.setdefault(f"{kind}-{row_id}", []).append(member)
    return found


def ids_of_members(members: Iterable[ScimMember]) -> Iterator[tuple[str, int | None]]:
    """The ids that were sent, each with the number of the record that it could be."""
    return ((each.value or "", number_of(each.value or "")) for each in members)


def group_of(here: GroupHere, members: Sequence[ScimMember]) -> ScimGroup:
    """A group as RFC 7643 has them."""
    return ScimGroup(
        id=here.id,
        external_id=here.external_id or None,
        display_name=here.name,
        members=list(members) or None,
        meta=Meta(resource_type="Group", last_modified=here.changed_at),
    )
