"""Commands for people: the first coordinator of a fresh installation."""

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from lms.agencies.models import Agency
from lms.commands.database import command_work
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Refused
from lms.people.models import Person
from lms.people.rules import PersonDetails
from lms.people.services import add_person as add_to_people
from lms.people.services import grant_role
from lms.signin.invitations.queries import open_invitation
from lms.signin.invitations.services import invite_if_needed


def add_person_with_role(work: Work, *, name: str, email: str, agency_code: str, role: Role) -> Person:
    """A person with a role; somebody who is known by that name and address gets the role. Safe to repeat."""
    agency = _agency(work, agency_code)
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


def _agency(work: Work, code: str) -> Agency:
    agency = work.session.scalar(sa.select(Agency).where(Agency.code == code))
    if agency is None:
        codes = work.session.scalars(sa.select(Agency.code).order_by(Agency.code).limit(20)).all()
        known = (
            f"Codes known: {', '.join(codes)}." if codes else "There are none yet: `lms import agencies FILE --commit`."
        )
        raise click.UsageError(f"There is no agency with the code {code}. {known}")
    return agency


@click.command("add-person")
@click.argument("name")
@click.argument("email")
@click.option("--agency", "agency_code", required=True, help="The agency's code.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@with_appcontext
def add_person(name: str, email: str, agency_code: str, role: str) -> None:
    """Add a person with a role: the first coordinator. They sign in with a code that is mailed to EMAIL, and whoever is
    entrusted with much sets up a second factor within 14 days."""
    work = command_work("lms add-person")
    try:
        person = add_person_with_role(work, name=name, email=email, agency_code=agency_code, role=Role(role))
    except Refused as refusal:
        raise click.UsageError(refusal.words) from refusal
    work.session.commit()
    click.echo(f"{person.name} is {person.ref}, {role}. They sign in with a code mailed to {person.email}.")


COMMANDS = (add_person,)
