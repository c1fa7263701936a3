"""Users and groups as RFC 7643 has them: what of these is kept here, and no more. What else is sent is passed over."""

from typing import Annotated, Any, ClassVar

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    GroupMembership,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
    User,
)

from lms.in_step.scim.rules import MOST_RESULTS


class ScimNames(ComplexAttribute):
    """A name in parts."""

    given_name: str | None = None
    family_name: str | None = None


class ScimAddress(ComplexAttribute):
    """The one address that is kept: the primary one, else that of work, else the first."""

    value: str | None = None
    type: str | None = Field(None, examples=["work"])
    primary: bool | None = None


class ScimPerson(Resource[Any]):
    """Somebody: SCIM's user. `active` is being here: false says that they have left."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    display_name: str | None = None
    name: ScimNames | None = None
    Name: ClassVar[type[ComplexAttribute]] = ScimNames
    active: bool | None = None
    emails: list[ScimAddress] | None = None
    Emails: ClassVar[type[ComplexAttribute]] = ScimAddress
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class Employment(Extension):
    """The enterprise extension: the employee number is the reference, which stays once it is given."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: Annotated[str | None, Mutability.immutable, CaseExact.true] = None


class ScimMember(ComplexAttribute):
    """Somebody of a group, by the id of the user."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User[Any]] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class ScimGroup(Resource[Any]):
    """An agency or a kind of work, with the people who are here. Its name is the office's."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Mutability.immutable] = None
    members: list[ScimMember] | None = None
    Members: ClassVar[type[ComplexAttribute]] = ScimMember


ScimPerson.__name__, ScimGroup.__name__ = "User", "Group"  # by which /Schemas calls them
PERSON: type[ScimPerson] = ScimPerson[Employment]  # type: ignore[misc]

PROVIDER = ScimProvider(
    models=[ScimPerson, Employment, ScimGroup],
    resource_types=[ResourceType.from_resource(PERSON), ResourceType.from_resource(ScimGroup)],
    config=ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=False),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Token",
                description="A token that was given the power to provision: Authorization: Bearer gt_...",
                primary=True,
            )
        ],
    ),
    policy=ScimPolicy(
        unknown=ScimPolicy.Unknown.ignore,
        remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
    ),
)
"""What is announced, and what is let pass beyond the RFCs because Microsoft Entra ID and others send it."""
