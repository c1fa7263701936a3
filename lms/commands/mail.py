"""Commands for the outbox."""

import json
from collections.abc import Iterable
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from lms.commands.moments import read_moment
from lms.commands.units import command_work, in_one_unit
from lms.frame.db import begin_reading
from lms.jobs.worker import in_words
from lms.kit.errors import Refused
from lms.kit.words import count, moment
from lms.mail.delivery import deliver_due
from lms.mail.forms import in_words as tried_again
from lms.mail.holding.queries import held_kinds
from lms.mail.holding.services import end_hold, hold_mail, release_kinds, withdraw_kinds
from lms.mail.life import ENDED_BADLY
from lms.mail.previews import subject_of
from lms.mail.queries import LetterRow, every_letter
from lms.mail.rendering import Renderer, renderer_for
from lms.mail.rules import LetterState
from lms.mail.services import retry_letters

mail = AppGroup("mail", help="The outbox.")


@mail.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_mail(form: str) -> None:
    """Every letter: kind, person, address, subject, due_at, state, tries."""
    work = command_work("lms mail list")
    begin_reading(work.session)
    renderer = renderer_for(_app(), work.session)
    rows = every_letter(work.session)
    if form == "json":
        _print_json_list(_described(row, renderer) for row in rows)
        return
    for row in rows:
        subject = subject_of(renderer, row)
        click.echo(
            f"{moment(row.due_at)}  {row.state:13} {row.tries}  {row.kind}  {row.name} <{row.address}>  {subject}"
        )


@mail.command("deliver")
def deliver_mail() -> None:
    """Deliver what is due now."""
    click.echo(in_words(deliver_due(_app(), current_app.extensions["lms.clock"])).capitalize() + ".")


@mail.command("retry")
@click.option("--state", type=click.Choice([each.value for each in ENDED_BADLY]), help="Only those that ended so.")
@click.option("--since", metavar="ISO-MOMENT", help="Only those due since then (London time without an offset).")
def retry_mail(state: str | None, since: str | None) -> None:
    """Try letters again that did not go: all of them, or those that ended in one way, or since an outage."""
    states = [LetterState(state)] if state else list(ENDED_BADLY)
    from_at = read_moment(since, "--since") if since else None
    done = in_one_unit("lms mail retry", lambda work: retry_letters(work, states, since=from_at))
    click.echo(tried_again(done))


@mail.command("hold")
@click.option("--why", default="", help="Said on the page where the office sees it.")
def hold(why: str) -> None:
    """From now on let nothing leave but sign-in codes asked for since: after a restore, or to look into something."""
    since = in_one_unit("lms mail hold", lambda work: hold_mail(work, why).since)
    click.echo(f"Email is held since {moment(since)}.")
    _print_held()


@mail.command("release")
@click.option("--kind", "kinds", multiple=True, help="Only emails of this kind; may be said several times.")
@click.option("--withdraw", is_flag=True, help="Withdraw them instead of letting them go. Needs --kind.")
def release(kinds: tuple[str, ...], withdraw: bool) -> None:
    """Let everything go again; or let go, or withdraw, what is due by kind, and hold the rest."""
    if withdraw and not kinds:
        raise click.UsageError("Say by --kind which emails to withdraw. `lms mail hold` shows what there is.")
    try:
        if not kinds:
            in_one_unit("lms mail release", end_hold)
            click.echo("Email is no longer held.")
            return
        do = withdraw_kinds if withdraw else release_kinds
        number = in_one_unit("lms mail release", lambda work: do(work, kinds))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{count(number, 'letter')} {'withdrawn' if withdraw else 'let go'}.")
    _print_held()


def _print_held() -> None:
    work = command_work("lms mail")
    begin_reading(work.session)
    held = held_kinds(work.session, work.now)
    for each in held:
        click.echo(f"{each.number:7,}  {each.kind}, the oldest due {moment(each.oldest_due_at)}")
    if not held:
        click.echo("Nothing is held that is due.")
    work.session.rollback()


def _app() -> Any:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def _described(row: LetterRow, renderer: Renderer) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "person": row.name,
        "address": row.address,
        "subject": subject_of(renderer, row),
        "due_at": row.due_at.isoformat(),
        "state": row.state.value,
        "tries": row.tries,
        "key": row.key,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "last_error": row.last_error,
    }


def _print_json_list(rows: Iterable[dict[str, Any]]) -> None:
    """A list, one letter a line, without holding them all."""
    before = "["
    for row in rows:
        click.echo(before + "\n" + json.dumps(row, ensure_ascii=False), nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


COMMANDS = (mail,)
