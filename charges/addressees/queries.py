"""Whom an agency's letters about charges reach, and who decides an appeal."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.frame.access import Role
from lms.people.by_agency.queries import leads_of
from lms.people.models import Person, RoleGrant


@dataclass(frozen=True)
class Addressee:
    """Somebody who reads an agency's letters: a lead, or the address for charges."""

    name: str
    person_id: int | None = None
    address: str = ""


def who_answers(agency: Agency) -> Agency:
    """The agency that speaks for it now: itself, or the one that it was merged into."""
    seen = {agency.id}
    while agency.successor is not None and agency.successor.id not in seen:
        agency = agency.successor
        seen.add(agency.id)
    return agency


def recipients(session: Session, agency: Agency) -> list[Addressee]:
    """The agency's leads and its address for charges; nobody twice."""
    now = who_answers(agency)
    leads = leads_of(session, now)
    found = [Addressee(lead.name, person_id=lead.person_id) for lead in leads]
    if now.charge_email and now.charge_email not in {lead.email for lead in leads}:
        found.append(Addressee(now.name, address=now.charge_email))
    return found


def business_managers(session: Session) -> list[Person]:
    """Who can decide an appeal."""
    return list(
        session.scalars(
            sa.select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == Role.BUSINESS_MANAGER, Person.is_here)
            .order_by(Person.name, Person.id)
        )
    )
