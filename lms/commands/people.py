"""Commands for people: the first coordinator of a fresh installation, and their agency."""

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from lms.agencies.models import Agency, Sector
from lms.agencies.queries import agency_by_code
from lms.agencies.services import AgencyDetails
from lms.agencies.services import add_agency as add_to_agencies
from lms.commands.units import in_one_unit
from lms.frame.access import Role
from lms.frame.work import Work
from lms.groups.services import add_group
from lms.kit.addresses import clean_address
from lms.kit.errors import Refused
from lms.people.invitations.queries import open_invitation
from lms.people.invitations.services import invite_if_needed
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person as add_to_people
from lms.people.services import grant_role

NO_SECTOR = "Other"
"""Of an agency that somebody adds with its first person; its page says another one."""


def add_person_with_role(
    work: Work, *, name: str, email: str, agency_code: str, role: Role, new_agency: str = ""
) -> Person:
    """A person with a role; somebody who is known by that name and address gets the role. Safe to repeat.

    `new_agency` is the name of their agency, which is added when there is none with that code.
    """
    agency = _new_agency(work, agency_code, new_agency) if new_agency else _agency(work, agency_code)
    address = clean_address(email)
    asked = sa.select(Person).where(Person.email == address, Person.name == name.strip(), Person.is_here)
    person = work.session.scalar(asked.order_by(Person.id).limit(1))
    if person is None:
        person = add_to_people(work, PersonDetails(name, address, agency_id=agency.id), shares_address=True)
    leads_id = agency.id if role is Role.AGENCY_LEAD else None
    has_it = any(grant.role is role and grant.agency_id == leads_id for grant in person.roles)
    if role is not Role.DELEGATE and not has_it:
        grant_role(work, person, role, agency_id=leads_id)
    elif open_invitation(work.session, person, work.now) is None:
        invite_if_needed(work, person)
    return person


def _new_agency(work: Work, code: str, name: str) -> Agency:
    """An agency by this code and name, added when there is none. The code is the name's capitals unless it is said."""
    code = code or "".join(each for each in name if each.isupper()) or name[:4].upper()
    agency = agency_by_code(work.session, code)
    if agency is None:
        wanted = sa.select(Sector).where(Sector.name == NO_SECTOR)
        if work.session.scalar(wanted) is None:
            add_group(work, Sector, NO_SECTOR)
        return add_to_agencies(work, code, AgencyDetails(name, work.session.scalars(wanted).one()))
    if agency.name != name.strip():
        raise click.UsageError(f"{code} is {agency.name}. Say another code by --agency, or leave --new-agency out.")
    return agency


def _agency(work: Work, code: str) -> Agency:
    agency = agency_by_code(work.session, code)
    if agency is None:
        codes = work.session.scalars(sa.select(Agency.code).order_by(Agency.code).limit(20)).all()
        known = f"Codes known: {', '.join(codes)}." if codes else "There are none yet: --new-agency NAME adds one."
        raise click.UsageError(f"There is no agency with the code {code}. {known}")
    return agency


@click.command("add-person")
@click.argument("name")
@click.argument("email")
@click.option("--agency", "agency_code", default="", help="The agency's code.")
@click.option("--new-agency", default="", help="The name of an agency that is not there yet.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@with_appcontext
def add_person(name: str, email: str, agency_code: str, new_agency: str, role: str) -> None:
    """Add a person with a role, and their agency by --new-agency: the first coordinator. They sign in with a code that
    is mailed to EMAIL, and whoever is entrusted with much sets up a second factor within 14 days."""
    if not (agency_code or new_agency):
        raise click.UsageError("Say their agency: --agency CODE, or --new-agency NAME for one that is not there yet.")

    def do(work: Work) -> str:
        person = add_person_with_role(
            work, name=name, email=email, agency_code=agency_code, role=Role(role), new_agency=new_agency
        )
        of = f" of {person.agency.name} ({person.agency.code})" if person.agency else ""
        return f"{person.name}{of} is {person.ref}, {role}. They sign in with a code emailed to {person.email}."

    try:
        click.echo(in_one_unit("lms add-person", do))
    except Refused as refusal:
        raise click.UsageError(refusal.words) from refusal


COMMANDS = (add_person,)
