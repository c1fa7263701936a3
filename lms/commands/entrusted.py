"""Commands by which whoever runs the server decides about people: where there is no (other) business manager.

Each writes the same audit lines and letters as the pages do, with the command as who did it.
"""

from collections.abc import Callable

import click
import sqlalchemy as sa

from lms.agencies.models import Agency
from lms.commands.personal_data import person
from lms.commands.units import command_work, in_one_unit
from lms.entrusting.queries import open_requests
from lms.entrusting.services import agree, refuse
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Invalid, Refused
from lms.kit.words import moment
from lms.people.accounts.queries import account_of
from lms.people.models import Person
from lms.people.queries import person_by_ref
from lms.people.services import change_address, grant_role, revoke_role
from lms.signin.resets.services import invite, reset_second_factor

ROLES = click.Choice([role.value for role in Role if role is not Role.DELEGATE])
AGENCY = click.option("--agency", "agency_code", default="", help="For an agency lead: the agency's code.")


def _do(name: str, ref: str, change: Callable[[Work, Person], object], done: str) -> None:
    """One change to one person, saved; what is refused is said in words."""

    def do(work: Work) -> str:
        found = person_by_ref(work.session, ref)
        change(work, found)
        return f"{found.name}, {found.ref}"

    try:
        who = in_one_unit(f"lms person {name}", do)
    except Refused as refusal:
        raise click.ClickException(refusal.words) from refusal
    click.echo(f"{who}: {done}. An email tells them.")


@person.command("grant")
@click.argument("ref")
@click.argument("role", type=ROLES)
@AGENCY
def grant(ref: str, role: str, agency_code: str) -> None:
    """Give the person with this reference a role."""
    _do(
        "grant",
        ref,
        lambda work, found: grant_role(work, found, Role(role), agency_id=_agency_id(work, agency_code)),
        f"is {role} now",
    )


@person.command("revoke")
@click.argument("ref")
@click.argument("role", type=ROLES)
@AGENCY
def revoke(ref: str, role: str, agency_code: str) -> None:
    """Take a role away from the person with this reference."""

    def take_away(work: Work, found: Person) -> None:
        agency_id = _agency_id(work, agency_code)
        held = [each for each in found.roles if each.role.value == role and each.agency_id == agency_id]
        if not held:
            raise Invalid(f"{found.name} is not {role}{f' for {agency_code}' if agency_code else ''}.")
        revoke_role(work, found, held[0].id)

    _do("revoke", ref, take_away, f"is not {role} any more")


@person.command("address")
@click.argument("ref")
@click.argument("email")
def address(ref: str, email: str) -> None:
    """Change the email address of the person with this reference. The old and the new one get a letter."""
    _do("address", ref, lambda work, found: change_address(work, found, email), "the address is changed")


@person.command("reset-second-factor")
@click.argument("ref")
@click.option(
    "--reason", default="Asked of the person who runs the server.", help="How you know that it is really them."
)
def reset(ref: str, reason: str) -> None:
    """Take the second factor away, if there is one, and invite the person to set up another where the role needs it."""

    def reset_or_invite(work: Work, found: Person) -> None:
        account = account_of(work.session, found.id)
        if account is not None and account.tf_totp_secret is not None:
            reset_second_factor(work, found, reason=reason)
        else:
            invite(work, found)

    _do("reset-second-factor", ref, reset_or_invite, "can set up a second factor within 14 days")


@person.command("requests")
def requests() -> None:
    """What waits for a business manager: a number, what is asked, about whom, by whom."""
    work = command_work("lms person requests")
    for each in open_requests(work.session):
        about = " and ".join(f"{who.name} ({who.ref})" for who in (each.person, each.other) if who is not None)
        click.echo(f"{each.id:5}  {each.details.words}. {about}; by {each.asked_by.name}, {moment(each.asked_at)}")
    work.session.rollback()


@person.command("decide")
@click.argument("number", type=int)
@click.option("--agree/--refuse", "is_agreed", required=True, help="Do what is asked, or leave everything as it is.")
@click.option("--words", default="", help="Why not. The person who asked will read this.")
def decide(number: int, is_agreed: bool, words: str) -> None:
    """Decide a request, where no business manager can. `lms person requests` lists them."""

    def do(work: Work) -> str:
        request = agree(work, number) if is_agreed else refuse(work, number, words)
        return f"Request {number} is {request.outcome}. {request.asked_by.name} is told by email."

    try:
        click.echo(in_one_unit("lms person decide", do))
    except Refused as refusal:
        raise click.ClickException(refusal.words) from refusal


def _agency_id(work: Work, code: str) -> int | None:
    if not code:
        return None
    found = work.session.scalar(sa.select(Agency.id).where(Agency.code == code))
    if found is None:
        raise Invalid(f"There is no agency with the code {code}.")
    return found


COMMANDS: tuple[click.Command, ...] = ()  # they are part of `lms person`
