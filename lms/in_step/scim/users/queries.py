"""Users: people as far as a token may see them, but not those whom the identity provider deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from scim2_models import GroupMembership, Meta, Reference
from sqlalchemy.orm import Session, aliased, joinedload

from lms.frame.access import Actor
from lms.in_step.people.queries import kept_by
from lms.in_step.scim.models import ProvisionedPerson
from lms.in_step.scim.resources.rules import PERSON, Employment, ScimAddress, ScimNames, ScimPerson
from lms.in_step.scim.rules import key_of
from lms.kit.errors import NotFound
from lms.people.models import Person

NOBODY = "There is no user with this id among those of the token."
LARGEST_ID = 2**31 - 1
PersonNamed = tuple[Person, ProvisionedPerson | None, str]


def _address_alone() -> sa.ColumnElement[bool]:
    """Whether nobody else has a person's address, so that it names them."""
    other, named = aliased(Person), aliased(ProvisionedPerson)
    shares = sa.exists().where(
        other.email == Person.email, other.id != Person.id, other.merged_into_id.is_(None), other.erased_at.is_(None)
    )
    taken = sa.exists().where(named.user_name_key == Person.email, named.gone_at.is_(None))
    return sa.and_(Person.email != "", sa.not_(shares), sa.not_(taken))


def name_here() -> sa.ColumnElement[str]:
    """The userName of somebody whom no identity provider has named: the address, where it is theirs alone."""
    return sa.case((_address_alone(), Person.email), else_=Person.ref)


def users(actor: Actor) -> sa.Select[Person, ProvisionedPerson, str]:
    """Each with what the identity provider calls them, to be narrowed and ordered."""
    return (
        sa.select(Person, ProvisionedPerson, sa.func.coalesce(ProvisionedPerson.user_name, name_here()))
        .outerjoin(ProvisionedPerson, ProvisionedPerson.person_id == Person.id)
        .where(kept_by(actor), Person.merged_into_id.is_(None), ProvisionedPerson.gone_at.is_(None))
        .options(joinedload(Person.agency), joinedload(Person.role_group))
    )


def has_name(user_name: str) -> sa.ColumnElement[bool]:
    """Whether this is somebody's userName. What can be looked up comes first: nobody's is worked out in vain."""
    key = key_of(user_name)
    may_be = sa.or_(Person.email == key, Person.ref == user_name.strip())
    unnamed = sa.and_(ProvisionedPerson.id.is_(None), may_be, sa.func.lower(name_here()) == key)
    named = sa.and_(ProvisionedPerson.id.is_not(None), ProvisionedPerson.user_name_key == key)
    return sa.or_(named, unnamed)


def user_row(session: Session, actor: Actor, user_id: str) -> PersonNamed:
    """One of them. Raises NotFound."""
    number = number_of(user_id)
    found = session.execute(users(actor).where(Person.id == number)).one_or_none() if number else None
    if found is None:
        raise NotFound(NOBODY)
    person, named, user_name = found
    return person, named, user_name


def number_of(user_id: str) -> int | None:
    """The number of a record in an id; None for what is no such id."""
    if not (user_id.isascii() and user_id.isdigit() and len(user_id) <= 10):
        return None
    return int(user_id) if 0 < int(user_id) <= LARGEST_ID else None


def named_live(session: Session, user_name: str) -> ProvisionedPerson | None:
    """Whom an identity provider calls so, whoever may see them."""
    named = ProvisionedPerson.user_name_key == key_of(user_name)
    return session.scalar(sa.select(ProvisionedPerson).where(named, ProvisionedPerson.gone_at.is_(None)))


def gone_person(session: Session, actor: Actor, *which: sa.ColumnElement[bool]) -> Person | None:
    """Somebody of these whom the identity provider deleted, who comes back as the same person."""
    asked = (
        sa.select(Person)
        .join(ProvisionedPerson, ProvisionedPerson.person_id == Person.id)
        .where(ProvisionedPerson.gone_at.is_not(None), Person.merged_into_id.is_(None), kept_by(actor), *which)
        .order_by(ProvisionedPerson.gone_at.desc(), Person.id.desc())
        .limit(1)
    )
    return session.scalar(asked)


def provisioned(session: Session, person_id: int) -> ProvisionedPerson | None:
    """What an identity provider calls a person, also one whom it deleted."""
    return session.scalar(sa.select(ProvisionedPerson).where(ProvisionedPerson.person_id == person_id))


def refs_of(session: Session, actor: Actor, user_ids: Collection[int]) -> dict[int, str]:
    """The references of those of these users whom the token may see."""
    rows = session.execute(users(actor).where(Person.id.in_(user_ids)).order_by(Person.id))
    return {person.id: person.ref for person, _, _ in rows}


def user_of(person: Person, named: ProvisionedPerson | None, user_name: str) -> ScimPerson:
    """A user as RFC 7643 has them."""
    parts = named is not None and (named.given_name or named.family_name)
    user = PERSON(
        id=str(person.id),
        external_id=(named.external_id if named else "") or None,
        user_name=user_name,
        display_name=person.name,
        name=ScimNames(given_name=named.given_name or None, family_name=named.family_name or None)
        if named is not None and parts
        else None,
        active=person.left_on is None,
        emails=[ScimAddress(value=person.email, type="work", primary=True)] if person.email else None,
        groups=_memberships(person) or None,
        meta=Meta(
            resource_type="User",
            created=person.created_at,
            last_modified=_latest(person.created_at, person.changed_at, named.changed_at if named else None),
        ),
    )
    user[Employment] = Employment(employee_number=person.ref)
    return user


def _memberships(person: Person) -> list[GroupMembership]:
    """Whoever has left belongs to no group any more, though their record says where they were."""
    if person.left_on is not None:
        return []
    of = [("agency", person.agency), ("work", person.role_group)]
    return [
        GroupMembership(
            value=f"{kind}-{group.id}",
            ref=Reference(f"Groups/{kind}-{group.id}"),
            display=group.name,
            type="direct",
        )
        for kind, group in of
        if group is not None
    ]


def _latest(*moments: datetime | None) -> datetime:
    return max(each for each in moments if each is not None)


def users_found(session: Session, asked: sa.Select[Person, ProvisionedPerson, str]) -> Sequence[ScimPerson]:
    """Users of a page."""
    return [user_of(person, named, user_name) for person, named, user_name in session.execute(asked)]
