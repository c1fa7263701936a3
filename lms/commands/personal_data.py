"""Commands for data protection: a copy of what is held about somebody, erasing somebody, and retention."""

from functools import partial
from pathlib import Path

import click
from flask import current_app, render_template
from flask.cli import AppGroup

from lms.commands.units import in_one_unit
from lms.frame.web import site
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.people.models import Person
from lms.people.queries import person_by_ref
from lms.personal_data.documents import as_json, as_page
from lms.personal_data.mentions.rules import LOOK_TWICE_ABOVE, Piece, gathered
from lms.personal_data.queries import Mentions, mentions_of
from lms.personal_data.services import erase_person, export_person, what_prevents
from lms.retention.models import RetentionRun
from lms.retention.queries import RemovedLine, lines_of
from lms.retention.services import begin_run, remove_by, remove_what_is_past

person = AppGroup("person", help="What is held about a person.")
retention = AppGroup("retention", help="What is kept only for a time.")


@person.command("export")
@click.argument("ref")
@click.option("--format", "form", type=click.Choice(["json", "html"]), default="json")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; otherwise it is printed.")
def export(ref: str, form: str, out: Path | None) -> None:
    """A copy of everything we hold about the person with this reference, as JSON or as a page to read."""
    try:
        data = in_one_unit("lms person export", lambda work: export_person(work, _find(work, ref)))
    except Refused as refusal:
        raise click.UsageError(refusal.words) from refusal
    with current_app.test_request_context():
        text = as_json(data) if form == "json" else as_page(data, render_template)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.touch(mode=0o600)
        out.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {out}. It holds personal data: give it to this person only.")


@person.command("erase")
@click.argument("ref")
@click.option("--reason", required=True, help="Who asked, and when. Kept in the audit, without the name.")
@click.option("--yes-texts", type=int, help="How many texts of others you looked at, when they are more than a few.")
@click.option("--leave", multiple=True, help="A name or address that stays in texts of others, where it means another.")
@click.option("--commit", is_flag=True, help="Do it. Without this, only say what it would do.")
def erase(ref: str, reason: str, yes_texts: int | None, leave: tuple[str, ...], commit: bool) -> None:
    """Erase the person with this reference for good: every count stays. Exit 1 when something must be done first.

    Every text of others that loses words is printed with them, and every place to look at that keeps them.
    """
    try:
        number = in_one_unit("lms person erase", partial(_shown_before, ref=ref), keep=False)
        if commit and number > LOOK_TWICE_ABOVE and yes_texts != number:
            click.echo(f"Look at each of these {number:,} texts of others. Then add --yes-texts {number}.")
            raise SystemExit(1)
        done = in_one_unit(
            "lms person erase",
            lambda work: erase_person(work, _find(work, ref), reason=reason, texts_seen=number, leave=leave),
            keep=commit,
        )
    except Refused as refusal:
        raise click.UsageError(refusal.words) from refusal
    click.echo(f"{ref} is person {done.person_id}. Texts of others that {_did(commit)} changed: {done.texts}.")
    if done.left:
        click.echo(f"Left in texts about others, because someone else has it too: {len(done.left)}.")
    _say_if_nothing(commit)


def _shown_before(work: Work, *, ref: str) -> int:
    """What prevents it, or the texts of others that would lose words; how many those are. It only reads."""
    found = _find(work, ref)
    hindrances = what_prevents(work, found)
    for words in hindrances:
        click.echo(words)
    if hindrances:
        raise SystemExit(1)
    mentions = mentions_of(work, found.id)
    _print_mentions(mentions)
    return len(mentions.texts)


def _print_mentions(mentions: Mentions) -> None:
    for words, some in (("Loses words", mentions.texts), ("Stays, look at it", mentions.places)):
        for alike in gathered(some):
            where = f"{alike.first.place} {', '.join(alike.records)}"
            times = f" ({alike.number:,} times)" if alike.number > 1 else ""
            for excerpt in alike.first.excerpts:
                click.echo(f"{words}: {where}{times}: {''.join(_marked(piece) for piece in excerpt)}")


def _marked(piece: Piece) -> str:
    return f"[[{piece.words}]]" if piece.is_meant else piece.words.replace("\n", " ")


@retention.command("run")
@click.option("--commit", is_flag=True, help="Remove it. Without this, only say what would go.")
def run(commit: bool) -> None:
    """What is past its time, a line each. The nightly job removes the same. Exit 1 when one fails."""
    lines = _removed() if commit else in_one_unit("lms retention run", _would_go, keep=False)
    for line in lines:
        click.echo(f"{line.removed:8,}  {line.name}: {line.error or line.words}")
    _say_if_nothing(commit)
    raise SystemExit(1 if any(line.error for line in lines) else 0)


def _would_go(work: Work) -> list[RemovedLine]:
    return lines_of(remove_what_is_past(work, site().retention))


def _removed() -> list[RemovedLine]:
    """As the nightly job does: one retention after another, each saved by itself."""
    run_id = in_one_unit("lms retention run", lambda work: begin_run(work).id)
    for each in site().retention:
        in_one_unit("lms retention run", partial(remove_by, retention=each, run_id=run_id))
    return in_one_unit("lms retention run", lambda work: lines_of(work.session.get_one(RetentionRun, run_id)))


def _find(work: Work, ref: str) -> Person:
    return person_by_ref(work.session, ref)


def _did(commit: bool) -> str:
    return "were" if commit else "would be"


def _say_if_nothing(commit: bool) -> None:
    if not commit:
        click.echo("Nothing was changed. Add --commit to do it.")


COMMANDS = (person, retention)
