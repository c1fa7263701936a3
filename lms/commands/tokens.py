"""Commands for tokens of the API."""

from datetime import datetime

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from lms.agencies.models import Agency
from lms.api.tokens.queries import TokenRow, token_by_start, token_rows
from lms.api.tokens.rules import ROLES, Power, TokenWanted
from lms.api.tokens.services import make_token, revoke_token
from lms.commands.units import command_work, in_one_unit
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.kit.words import moment
from lms.kit.working_days import london_date


@click.group("token")
def token() -> None:
    """Tokens by which other systems use the API."""


@token.command("create")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in ROLES]), help="What it may see.")
@click.option("--agency", "codes", multiple=True, help="For an agency lead: an agency's code. May be said again.")
@click.option("--write/--read-only", "may_write", default=True, help="Whether it may book, cancel and change.")
@click.option(
    "--may",
    "powers",
    multiple=True,
    type=click.Choice([each.value for each in Power]),
    help="people: keep people's records in step; tables: take downloads along. May be said again.",
)
@click.option("--ends-on", type=click.DateTime(["%Y-%m-%d"]), help="Its last day; without it, it has no end.")
@with_appcontext
def create(
    name: str, role: str, codes: tuple[str, ...], may_write: bool, powers: tuple[str, ...], ends_on: datetime | None
) -> None:
    """Make a token. Its secret is shown this once."""

    def do(work: Work) -> str:
        agency_id = work.session.scalar(sa.select(Agency.id).where(Agency.code == codes[0])) if codes else None
        if codes and agency_id is None:
            raise click.UsageError(f"There is no agency with the code {codes[0]}.")
        wanted = TokenWanted(
            name,
            Role(role),
            agency_id,
            may_write=may_write,
            ends_on=ends_on.date() if ends_on else None,
            powers=tuple(Power(each) for each in powers),
            further_codes=codes[1:],
        )
        return make_token(work, wanted)[1]

    try:
        click.echo(in_one_unit("lms token create", do))
    except Refused as refusal:
        raise click.UsageError(refusal.words) from refusal
    click.echo("Keep it now: it is shown this once and kept nowhere.", err=True)


@token.command("list")
@with_appcontext
def list_tokens() -> None:
    """Every token: what its secret begins with, what it may, when it was last used, and whether it is valid."""
    work = command_work("lms token list")
    for row in token_rows(work.session, london_date(work.now)):
        click.echo(_line(row))


def _line(row: TokenRow) -> str:
    used = f"last used {moment(row.last_used_at)}" if row.last_used_at else "never used"
    return "  ".join((f"{row.start}...", _state(row), row.name, row.scope, row.may, used))


def _state(row: TokenRow) -> str:
    if row.revoked_at is not None:
        return f"revoked {row.revoked_at:%Y-%m-%d}"
    if row.is_over:
        return f"over {row.ends_on}"
    return f"valid until {row.ends_on}" if row.ends_on else "valid"


@token.command("revoke")
@click.argument("start")
@with_appcontext
def revoke(start: str) -> None:
    """Revoke the token whose secret begins so, as `lms token list` shows it. It opens nothing from now on."""

    def do(work: Work) -> str:
        return revoke_token(work, token_by_start(work.session, start)).name

    try:
        name = in_one_unit("lms token revoke", do)
    except Refused as refusal:
        raise click.ClickException(refusal.words) from refusal
    click.echo(f"{name}: opens nothing any more.")


COMMANDS = (token,)
