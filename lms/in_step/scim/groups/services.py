"""Who belongs to an agency or does a kind of work, as an identity provider says it."""

from collections.abc import Iterable

import sqlalchemy as sa

from lms.frame.work import Work
from lms.in_step.people.services import take_people
from lms.in_step.rules import RowResult
from lms.in_step.scim.groups.queries import GroupHere, group_here, ids_of_members, members_of
from lms.in_step.scim.models import ProvisionedGroup
from lms.in_step.scim.resources.rules import ScimGroup
from lms.in_step.scim.rules import NOT_A_MEMBER, check_text
from lms.in_step.scim.users.queries import refs_of
from lms.in_step.services import Row, refuse
from lms.kit.errors import Invalid


def change_group(work: Work, group: ScimGroup) -> None:
    """Its members, and what the provider calls it; all of it, or nothing.

    Raises Invalid for members that are not there, and what a row of people is refused for.
    """
    here = group_here(work.session, work.actor, group.id or "")
    _note_external_id(work, here, check_text(group.external_id or "", "externalId"))
    there = members_of(work.session, work.actor, [here]).get(here.id, [])
    was = {number for _, number in ids_of_members(there) if number is not None}
    wanted = _wanted(ids_of_members(group.members or []))
    refs = refs_of(work.session, work.actor, was ^ wanted)
    _take(work, here, {number: refs.get(number) for number in sorted(wanted - was)}, here.value)
    _take(work, here, {number: refs.get(number) for number in sorted(was - wanted)}, "")


def _wanted(sent: Iterable[tuple[str, int | None]]) -> set[int]:
    wanted = set()
    for said, number in sent:
        if number is None:
            raise Invalid(NOT_A_MEMBER.format(id=said[:80]), field="members")
        wanted.add(number)
    return wanted


def _take(work: Work, here: GroupHere, refs: dict[int, str | None], value: str) -> None:
    """The rows of these people say it; one that is refused undoes all."""
    rows: list[Row] = []
    for number, ref in refs.items():
        if ref is None:
            raise Invalid(NOT_A_MEMBER.format(id=number), field="members")
        rows.append({"ref": ref, here.column: value})
    for done in take_people(work, rows, save=True) if rows else ():
        if done.result is RowResult.REFUSED:
            refuse(done)


def _note_external_id(work: Work, here: GroupHere, external_id: str) -> None:
    if external_id == here.external_id:
        return
    is_agency = here.kind == "agency"
    column = ProvisionedGroup.agency_id if is_agency else ProvisionedGroup.role_group_id
    named = work.session.scalar(sa.select(ProvisionedGroup).where(column == here.row_id))
    if not external_id:
        work.session.delete(named)
    elif named is not None:
        named.external_id = external_id
    else:
        of = {"agency_id": here.row_id} if is_agency else {"role_group_id": here.row_id}
        work.session.add(ProvisionedGroup(external_id=external_id, **of))
