"""Who leads an agency, and how many of its people are here."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.agencies.questions import AgencyLead, LeadsOf, PeopleHere
from lms.frame.work import Work
from lms.people.models import Person, RoleGrant


def leads_of(session: Session, agency: Agency) -> list[AgencyLead]:
    """Who leads an agency."""
    return _leads(session, agency.id)


def _leads(session: Session, agency_id: int) -> list[AgencyLead]:
    rows = session.execute(
        sa.select(Person.id, Person.name, Person.email)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.agency_id == agency_id, Person.is_here)
        .order_by(Person.name)
    )
    return [AgencyLead(*row) for row in rows]


def people_here(session: Session, agency_ids: Collection[int]) -> dict[int, int]:
    """How many people of each of these agencies are here."""
    counted = session.execute(
        sa.select(Person.agency_id, sa.func.count())
        .where(Person.agency_id.in_(agency_ids), Person.is_here)
        .group_by(Person.agency_id)
        .order_by(Person.agency_id)
    )
    return {**dict.fromkeys(agency_ids, 0), **{agency_id: number for agency_id, number in counted if agency_id}}


def say_leads(work: Work, asked: LeadsOf) -> list[AgencyLead]:
    """For pages of agencies."""
    return _leads(work.session, asked.agency_id)


def say_people(work: Work, asked: PeopleHere) -> dict[int, int]:
    """For pages of agencies."""
    return people_here(work.session, asked.agency_ids)
