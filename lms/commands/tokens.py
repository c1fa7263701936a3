"""Commands for tokens of the API."""

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from lms.agencies.models import Agency
from lms.api.tokens.rules import ROLES, TokenWanted
from lms.api.tokens.services import make_token
from lms.commands.units import in_one_unit
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Refused


@click.group("token")
def token() -> None:
    """Tokens by which other systems use the API."""


@token.command("create")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in ROLES]), help="What it may see.")
@click.option("--agency", "agency_code", default="", help="For an agency lead: the agency's code.")
@click.option("--write/--read-only", "may_write", default=True, help="Whether it may book and cancel.")
@with_appcontext
def create(name: str, role: str, agency_code: str, may_write: bool) -> None:
    """Make a token. Its secret is shown this once."""

    def do(work: Work) -> str:
        agency_id = work.session.scalar(sa.select(Agency.id).where(Agency.code == agency_code)) if agency_code else None
        if agency_code and agency_id is None:
            raise click.UsageError(f"There is no agency with the code {agency_code}.")
        return make_token(work, TokenWanted(name, Role(role), agency_id, may_write=may_write))[1]

    try:
        click.echo(in_one_unit("lms token create", do))
    except Refused as refusal:
        raise click.UsageError(refusal.words) from refusal
    click.echo("Keep it now: it is shown this once and kept nowhere.", err=True)


COMMANDS = (token,)
