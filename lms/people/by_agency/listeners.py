"""What becomes of the people of an agency that merged."""

import sqlalchemy as sa

from lms.agencies.facts import AgencyMerged
from lms.agencies.models import Agency
from lms.frame.work import Work
from lms.people.models import Person


def move_people(work: Work, fact: AgencyMerged) -> None:
    """Those who are here go to the successor, if that was wanted."""
    if not fact.moves_people:
        return
    agency, successor = (work.session.get_one(Agency, each) for each in (fact.agency_id, fact.successor_id))
    here = sa.select(Person).where(Person.agency_id == agency.id, Person.is_here).order_by(Person.id)
    for person in work.session.scalars(here).all():
        person.agency = successor
        work.record("person moved agency", person, was=agency.code, now=successor.code)
