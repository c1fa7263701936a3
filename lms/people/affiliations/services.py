"""Further agencies: the main one is what the record of the person says."""

from datetime import date, timedelta

import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.names import read_name
from lms.kit.working_days import london_date
from lms.people.affiliations.models import Affiliation
from lms.people.affiliations.queries import further_agency
from lms.people.models import Person

LONGEST_WORK = timedelta(days=70 * 365)
"""A day from before is a slip of the keys."""


def add_further_agency(
    work: Work, person: Person, agency_id: int, *, since: date, role_group_id: int | None = None, job_title: str = ""
) -> Affiliation:
    """Somebody works for a second agency as well. Raises Invalid for one that they work for already."""
    lock_rows(work.session, Person, [person.id])
    if not person.is_here:
        raise Conflict(f"{person.name} is not here any more, so there is no agency to add.")
    today = london_date(work.now)
    if not today - LONGEST_WORK <= since <= today:
        raise Invalid("Enter the date it began: today or before, in the last 70 years.", field="since")
    agency = work.session.get(Agency, agency_id)
    if agency is None:
        raise Invalid("Choose the agency.", field="agency")
    is_there = sa.select(Affiliation.id).where(Affiliation.person_id == person.id, Affiliation.agency_id == agency_id)
    if work.session.scalar(is_there.where(Affiliation.until_on.is_(None))) is not None:
        raise Invalid(f"{person.name} already works for {agency.name}.", field="agency")
    made = Affiliation(
        person_id=person.id,
        agency=agency,
        role_group_id=role_group_id,
        job_title=read_name(job_title, field="job_title"),
        from_on=since,
        is_main=False,
    )
    work.session.add(made)
    work.record("further agency added", person, agency=agency.code, since=since)
    return made


def end_further_agency(work: Work, person: Person, affiliation_id: int) -> None:
    """Somebody works for a further agency no more, from today on."""
    lock_rows(work.session, Person, [person.id])
    ended = further_agency(work.session, person.id, affiliation_id)
    ended.until_on = max(ended.from_on, london_date(work.now))
    work.record("further agency ended", person, agency=ended.agency.code if ended.agency else "")
