"""People as another system may see them: all, or those of its agencies."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from lms.agencies.models import Agency
from lms.frame.access import Actor
from lms.kit.errors import NotFound
from lms.people.models import Person, RoleGrant

MANAGE = "people.manage"
NOBODY = "There is no one with this reference among those of the token."


def kept_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Whom this token's holder keeps in step: everybody, or the people of its agencies. Nobody who was erased."""
    there = Person.erased_at.is_(None)
    return there if actor.may(MANAGE) else sa.and_(there, Person.agency_id.in_(actor.leads_agency_ids))


def people_after(actor: Actor) -> sa.Select[Person, str | None]:
    """People with the reference of the record into which theirs was merged, to be narrowed and ordered."""
    kept = aliased(Person)
    return (
        sa.select(Person, kept.ref)
        .outerjoin(kept, kept.id == Person.merged_into_id)
        .where(kept_by(actor))
        .options(joinedload(Person.agency), joinedload(Person.role_group))
    )


def person_kept(session: Session, actor: Actor, ref: str) -> Person:
    """One of them by reference, here or left. Raises NotFound, also for a record that was merged into another."""
    found = session.scalar(
        sa.select(Person)
        .where(Person.ref == ref, Person.merged_into_id.is_(None), kept_by(actor))
        .options(joinedload(Person.agency), joinedload(Person.role_group))
    )
    if found is None:
        raise NotFound(NOBODY)
    return found


def agencies_by_ref(session: Session, refs: Sequence[str]) -> dict[str, int | None]:
    """The agency of each of these people who is there."""
    rows = session.execute(sa.select(Person.ref, Person.agency_id).where(Person.ref.in_(refs)).order_by(Person.id))
    return {row.ref: row.agency_id for row in rows}


def addresses_with_roles(session: Session, refs: Sequence[str]) -> dict[str, str]:
    """The addresses of those of these people who have a role here."""
    holds = sa.exists().where(RoleGrant.person_id == Person.id)
    rows = session.execute(sa.select(Person.ref, Person.email).where(Person.ref.in_(refs), holds).order_by(Person.id))
    return {row.ref: row.email for row in rows}


def codes_led(session: Session, actor: Actor) -> frozenset[str]:
    """The codes of the agencies of a token."""
    return frozenset(session.scalars(sa.select(Agency.code).where(Agency.id.in_(actor.leads_agency_ids))))
