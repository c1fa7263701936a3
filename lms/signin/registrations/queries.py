"""Which registrations wait, which agency an address belongs to, and who has the address already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, AgencyDomain
from lms.agencies.queries import role_groups
from lms.kit.lookalikes import imitated
from lms.people.models import Person, PersonAddress
from lms.people.rules import domain_of
from lms.signin.models import Registration

WAITS = sa.and_(Registration.confirmed_at.is_not(None), Registration.decided_at.is_(None))


@dataclass(frozen=True)
class WaitingRegistration:
    """A registration that a coordinator decides."""

    id: int
    name: str
    email: str
    job_title: str
    agency_words: str
    asked_at: datetime
    looks_like: str
    wants: str


def waiting_registrations(session: Session) -> list[WaitingRegistration]:
    """Those that wait, the oldest first."""
    rows = session.scalars(sa.select(Registration).where(WAITS).order_by(Registration.asked_at, Registration.id))
    known = _domains(session)
    return [
        WaitingRegistration(
            row.id,
            row.name,
            row.email,
            row.job_title,
            row.agency_words,
            row.asked_at,
            imitated(domain_of(row.email), known),
            row.wants,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Imitated:
    """An agency's domain for which an address could be taken."""

    domain: str
    agency: str


def imitated_by(session: Session, email: str) -> Imitated | None:
    """Whose domain an address imitates, if any."""
    known = _domains(session)
    domain = imitated(domain_of(email), known)
    return Imitated(domain, known[domain]) if domain else None


def _domains(session: Session) -> dict[str, str]:
    """Every agency's domains, with the agency's name."""
    asked = sa.select(AgencyDomain.domain, Agency.name).join(Agency, Agency.id == AgencyDomain.agency_id)
    return {row.domain: row.name for row in session.execute(asked.order_by(AgencyDomain.domain))}


def waiting_with_address(session: Session, email: str, *, besides: int) -> Registration | None:
    """One that waits already for the same address."""
    asked = sa.select(Registration).where(WAITS, Registration.email == email, Registration.id != besides)
    return session.scalar(asked.order_by(Registration.id).limit(1))


def people_with_address(session: Session, email: str) -> Sequence[Person]:
    """Everybody who has this address or had it when they left; not those merged into somebody else."""
    by_address = sa.select(PersonAddress.person_id).where(PersonAddress.address == email)
    has_it = sa.or_(Person.email == email, Person.id.in_(by_address))
    asked = sa.select(Person).where(has_it, Person.merged_into_id.is_(None))
    return session.scalars(asked.order_by(Person.name, Person.id)).all()


def agency_of_address(session: Session, email: str, *, on: date) -> Agency | None:
    """The agency whose domain it is, if that is open."""
    asked = sa.select(Agency).join(AgencyDomain, AgencyDomain.agency_id == Agency.id)
    return session.scalar(asked.where(AgencyDomain.domain == domain_of(email), _is_open(on)))


def open_agencies(session: Session, *, on: date) -> list[tuple[int, str]]:
    """Agencies to choose from: number and name."""
    rows = session.execute(sa.select(Agency.id, Agency.name).where(_is_open(on)).order_by(Agency.name, Agency.id))
    return [(row.id, row.name) for row in rows]


def role_groups_to_choose(session: Session) -> list[tuple[int, str]]:
    """Kinds of work: number and name."""
    return [(each.id, each.name) for each in role_groups(session)]


def _is_open(on: date) -> sa.ColumnElement[bool]:
    has_opened = sa.or_(Agency.opened_on.is_(None), Agency.opened_on <= on)
    return sa.and_(has_opened, sa.or_(Agency.closed_on.is_(None), Agency.closed_on > on))
