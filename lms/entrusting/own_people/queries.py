"""A lead's own people, and no others."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from lms.frame.access import Actor, Role
from lms.kit.errors import NotFound
from lms.kit.folding import folded
from lms.people.models import Person, PersonAddress

NO_SUCH = "We cannot find that person among those of your agency."


def is_own(actor: Actor) -> sa.ColumnElement[bool]:
    """Records of the agencies that somebody leads, also of those who have left."""
    is_a_record = sa.and_(Person.merged_into_id.is_(None), Person.erased_at.is_(None))
    return sa.and_(Person.agency_id.in_(actor.leads_agency_ids), is_a_record)


def own_person(session: Session, actor: Actor, person_id: int) -> Person:
    """Somebody of the agencies that the actor leads, here or gone. Raises NotFound for everybody else."""
    found = session.scalar(
        sa.select(Person)
        .where(Person.id == person_id, is_own(actor))
        .options(joinedload(Person.role_group), joinedload(Person.agency), selectinload(Person.roles))
    )
    if found is None:
        raise NotFound(NO_SUCH)
    return found


@dataclass(frozen=True)
class KnownAddress:
    """Who has an address: one of the lead's own people, or nobody of theirs (`is_elsewhere`: somebody else has it)."""

    own: Person | None
    is_elsewhere: bool


def known_with(session: Session, actor: Actor, address: str) -> KnownAddress:
    """Who is written to or known by an address. Of others than the lead's own people, only that there is one."""
    further = sa.select(PersonAddress.person_id).where(PersonAddress.address == address)
    has_it = sa.or_(Person.email == address, Person.id.in_(further)), Person.merged_into_id.is_(None)
    own = session.scalars(sa.select(Person).where(*has_it, is_own(actor)).order_by(Person.id).limit(1)).first()
    anybody = session.scalar(sa.select(Person.id).where(*has_it).order_by(Person.id).limit(1))
    return KnownAddress(own, own is None and anybody is not None)


def namesake(session: Session, agency_id: int, name: str) -> Person | None:
    """Somebody who is at the agency under this name."""
    same = Person.name_folded == folded(name), Person.agency_id == agency_id, Person.is_here
    return session.scalars(sa.select(Person).where(*same).order_by(Person.id).limit(1)).first()


def leads_too(person: Person) -> bool:
    """Whether somebody leads an agency themselves."""
    return any(grant.role is Role.AGENCY_LEAD for grant in person.roles)
