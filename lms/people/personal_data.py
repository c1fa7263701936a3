"""What the record of a person itself holds, for a copy of it and for erasing them."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from lms.frame.access import ROLE_WORDS
from lms.frame.plugins import PersonalData
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.kit.working_days import london_date
from lms.people.affiliations.models import Affiliation
from lms.people.affiliations.queries import affiliations_of
from lms.people.models import Person, PersonAddress, PersonMerge, RoleGrant
from lms.people.services import check_not_last, why_needed


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    person = work.session.get_one(Person, person_id)
    return {
        "Your record": {
            "Reference": person.ref,
            "Name": person.name,
            "Email address": person.email,
            "Further addresses": [each.address for each in person.addresses],
            "Telephone": person.phone,
            "Agency": person.agency.name if person.agency else "",
            "Kind of work": person.role_group.name if person.role_group else "",
            "Job title": person.job_title,
            "Line manager": person.manager_name,
            "Line manager’s address": person.manager_email,
            "In our records since": person.created_at.isoformat(),
            "Left on": person.left_on.isoformat() if person.left_on else "",
        },
        "Agencies": [
            {
                "Agency": each.agency.name if each.agency else "",
                "Kind of work": each.role_group.name if each.role_group else "",
                "Job title": each.job_title,
                "Line manager": each.manager_name,
                "From": each.from_on.isoformat(),
                "Until": each.until_on.isoformat() if each.until_on else "",
                "Main agency": "yes" if each.is_main else "no",
            }
            for each in affiliations_of(work.session, person_id)
        ],
        "Roles": [
            {
                "Role": ROLE_WORDS[grant.role],
                "Agency": grant.agency.name if grant.agency else "",
                "Since": grant.granted_at.isoformat(),
            }
            for grant in person.roles
        ],
    }


def _prevents(work: Work, person_id: int) -> Iterator[str]:
    person = work.session.get_one(Person, person_id)
    if not person.is_here:
        return
    yield from filter(None, (why_needed(work, grant.role) for grant in person.roles))


def _erase(work: Work, person_id: int) -> None:
    """The record stays with its agency and kind of work, so that what is counted by them stays."""
    person = work.session.get_one(Person, person_id)
    for grant in person.roles if person.is_here else ():
        check_not_last(work, grant.role)
    work.session.execute(sa.delete(PersonAddress).where(PersonAddress.person_id == person_id))
    work.session.execute(sa.delete(RoleGrant).where(RoleGrant.person_id == person_id))
    either = sa.or_(PersonMerge.kept_id == person_id, PersonMerge.duplicate_id == person_id)
    for merge in work.session.scalars(sa.select(PersonMerge).where(either).order_by(PersonMerge.id)).all():
        merge.moved = {**merge.moved, "filled": {}}
    work.session.expire(person, ["addresses", "roles"])
    person.name, person.ref = ERASED_NAME, f"ERASED-{person_id}"
    person.email = person.phone = person.job_title = person.manager_name = person.manager_email = ""
    person.calendar_secret, person.erased_at = None, work.now
    person.left_on = person.left_on or london_date(work.now)
    work.session.flush()  # which ends what is open
    theirs = sa.update(Affiliation).where(Affiliation.person_id == person_id)
    work.session.execute(theirs.values(job_title="", manager_name="", manager_email=""))


PERSONAL_DATA = PersonalData(
    tables=("person", "person_address", "person_affiliation", "role_grant", "person_merge"),
    export=_export,
    erase=_erase,
    prevents=_prevents,
)
