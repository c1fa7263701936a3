"""People and groups as scim2-server asks for them: its protocol above, our services below."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sa
from scim2_models import (
    ForbiddenException,
    MutabilityException,
    NotFoundException,
    NotImplementedException,
    PatchOp,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    ScimFilter,
    SearchRequest,
    UniquenessException,
)
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService
from scim2_server.storage import ScimStorage, SearchPage

from lms.frame.work import Work
from lms.in_step.scim.filtering.queries import FilterOfPeople
from lms.in_step.scim.groups.queries import GroupHere, group_here, group_of, groups_here, members_of
from lms.in_step.scim.groups.services import change_group
from lms.in_step.scim.resources.rules import PROVIDER, Employment, ScimGroup, ScimPerson
from lms.in_step.scim.rules import KEPT_BY_OFFICE, NAMED_BY_OFFICE, ScimCall, ScimReply
from lms.in_step.scim.users.queries import user_of, user_row, users, users_found
from lms.in_step.scim.users.services import HadByAnother, add_user, change_user, delete_user
from lms.kit.errors import NotFound
from lms.people.models import Person

ONE_KIND = "Ask for users or for groups: they are not found together."


class PeopleAndGroups(ScimStorage):
    """Users and groups as one token may see them."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        try:
            if _is_user(resource_type):
                return user_of(*user_row(self.work.session, self.work.actor, resource_id))
            here = group_here(self.work.session, self.work.actor, resource_id)
        except NotFound as refusal:
            raise NotFoundException(detail=refusal.words) from refusal
        return self._with_members([here])[0]

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        if len(resource_types) != 1:
            raise NotImplementedException(detail=ONE_KIND)
        if _is_user(resource_types[0]):
            return self._users(search_request)
        return self._groups(search_request)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if not _is_user(resource_type):
            raise ForbiddenException(detail=KEPT_BY_OFFICE)
        try:
            user_id = add_user(self.work, cast(ScimPerson, resource))
        except HadByAnother as refusal:
            raise UniquenessException(detail=refusal.words) from refusal
        return self.get(resource_type, str(user_id))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        try:
            if _is_user(resource_type):
                change_user(self.work, cast(ScimPerson, resource))
            else:
                change_group(self.work, cast(ScimGroup, resource))
        except HadByAnother as refusal:
            raise UniquenessException(detail=refusal.words) from refusal
        return self.get(resource_type, resource.id or "")

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        if not _is_user(resource_type):
            raise ForbiddenException(detail=KEPT_BY_OFFICE)
        delete_user(self.work, resource_id)

    def _users(self, wanted: SearchRequest[Any]) -> SearchPage:
        session, asked = self.work.session, users(self.work.actor)
        if wanted.filter is not None:
            asked = asked.where(FilterOfPeople().visit(wanted.filter.ast))
        total = session.scalar(sa.select(sa.func.count()).select_from(asked.with_only_columns(Person.id).subquery()))
        page = asked.order_by(Person.id).offset(min(wanted.start_index_0 or 0, 2**31)).limit(wanted.count)
        return SearchPage(total or 0, list(users_found(session, page)) if wanted.count else [])

    def _groups(self, wanted: SearchRequest[Any]) -> SearchPage:
        """There are few: each is compared as the protocol has it."""
        here = groups_here(self.work.session, self.work.actor)
        if wanted.filter is not None:
            meant = ScimFilter[ScimGroup](str(wanted.filter))
            asks_members = "members" in str(wanted.filter).casefold()
            groups = self._with_members(here) if asks_members else [group_of(each, ()) for each in here]
            here = [each for each, group in zip(here, groups, strict=True) if meant.match(group)]
        start = wanted.start_index_0 or 0
        page = here[start : start + (wanted.count or 0)]
        if "members" in {str(each).casefold() for each in wanted.excluded_attributes or ()}:
            return SearchPage(len(here), [group_of(each, ()) for each in page])
        return SearchPage(len(here), list(self._with_members(page)))

    def _with_members(self, groups: Sequence[GroupHere]) -> list[ScimGroup]:
        members = members_of(self.work.session, self.work.actor, groups)
        return [group_of(each, members.get(each.id, ())) for each in groups]


class Provisioning(ScimService):
    """The protocol, but a reference once given stays, whatever employee number is sent: nothing else waits for it."""

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        if isinstance(replacement, ScimPerson):
            replacement[Employment] = current[Employment]
        with _named_by_office():
            return super().apply_replacement(current, replacement, conditions)

    def apply_patch(
        self, current: Resource[Any], patch_op: "PatchOp[Any]", conditions: Conditions
    ) -> Resource[Any] | None:
        if not isinstance(current, ScimPerson):
            with _named_by_office():
                return super().apply_patch(current, patch_op, conditions)
        employment, current[Employment] = current[Employment], None
        patched = super().apply_patch(current, patch_op, conditions)
        current[Employment] = employment
        return patched

    @staticmethod
    def error_of(exception: Exception) -> Any:
        """What a checker of values says on several lines, for programmers, in one."""
        error = ScimService.error_of(exception)
        lines = [each.strip() for each in (error.detail or "").splitlines()]
        if isinstance(exception, SCIMException) and len(lines) > 2:
            error.detail = f"{lines[1]}: {lines[2].partition(' [type=')[0]}"
        return error


@contextmanager
def _named_by_office() -> Iterator[None]:
    """What may not be changed of a group is its name; the sentence says whose it is."""
    try:
        yield
    except MutabilityException as refusal:
        raise MutabilityException(detail=NAMED_BY_OFFICE) from refusal


def _is_user(resource_type: ResourceType) -> bool:
    return resource_type.name == "User"


SERVICE = Provisioning(PROVIDER)
Refused = SCIMException


def handled(work: Work, asked: ScimCall) -> ScimReply:
    """The answer to whatever is asked of users and groups. Raises Refused where nothing may be kept."""
    return _said(ScimHandler(SERVICE, PeopleAndGroups(work)).handle(_request(asked)))


def refusal_of(refusal: SCIMException) -> ScimReply:
    """The same as a refusal."""
    return _said(SERVICE.error_response(refusal))


def spoken_here(asked: ScimCall) -> ScimReply:
    """What of the protocol is spoken here."""
    return _said(SERVICE.service_provider_config(_request(asked).url, {}))


def _request(asked: ScimCall) -> ScimRequest:
    return ScimRequest(
        method=asked.method,
        base_url=asked.base_url,
        path=asked.path,
        query=dict(asked.query),
        headers=list(asked.headers),
        body=asked.body,
    )


def _said(answer: ScimResponse) -> ScimReply:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    return ScimReply(int(answer.status), answer.headers, body)
