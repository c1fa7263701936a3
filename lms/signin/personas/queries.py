"""Invented people of the demonstration partnership, one for each kind of work; in demonstration mode only."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import ROLE_WORDS, Role
from lms.frame.settings import Settings
from lms.partnership.queries import is_marked
from lms.people.models import Person

REFS: Mapping[Role, str] = {
    Role.DELEGATE: "DEMO-DELEGATE",
    Role.TRAINER: "DEMO-TRAINER",
    Role.AGENCY_LEAD: "DEMO-AGENCY-LEAD",
    Role.COORDINATOR: "DEMO-COORDINATOR",
    Role.REVIEW_OFFICER: "DEMO-REVIEW-OFFICER",
    Role.BUSINESS_MANAGER: "DEMO-BUSINESS-MANAGER",
    Role.CHAIR: "DEMO-CHAIR",
}


@dataclass(frozen=True)
class Persona:
    """Somebody to be for a while."""

    role: str
    words: str
    name: str


def people(session: Session) -> list[Persona]:
    """Those who are in the database, in the order of `REFS`."""
    asked = sa.select(Person.ref, Person.name).where(Person.ref.in_(REFS.values())).order_by(Person.ref)
    names = {row.ref: row.name for row in session.execute(asked)}
    return [Persona(role.value, ROLE_WORDS[role], names[ref]) for role, ref in REFS.items() if ref in names]


def find(session: Session, role: str) -> Person | None:
    """The person to be; None for a role that has nobody."""
    refs = {known.value: ref for known, ref in REFS.items()}
    return session.scalar(sa.select(Person).where(Person.ref == refs[role])) if role in refs else None


def is_shut_out(session: Session, person: Person, settings: Settings) -> bool:
    """A persona of a database that is marked opens nothing outside demonstration mode, whatever lets them in."""
    return not settings.is_demo and person.ref in REFS.values() and is_marked(session)
