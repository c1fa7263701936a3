"""Commands for CSV files: bring a kind in, with a dry run first, and write it out."""

import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.commands.units import command_work, in_one_unit
from lms.frame.db import begin_reading
from lms.frame.plugins import Import
from lms.frame.web import site
from lms.kit.errors import Refused
from lms.kit.words import listed
from lms.tables.queries import export_table
from lms.tables.services import Imported, import_file, try_file


def _kind(name: str) -> Import:
    kinds = {each.kind: each for each in site().imports}
    if name not in kinds:
        raise click.UsageError(f"There is no kind {name}. Choose {listed(kinds, 'or')}.")
    return kinds[name]


@click.command("import")
@click.argument("name", metavar="KIND")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commit", is_flag=True, help="Save it when nothing is rejected. Without this, nothing is saved.")
@with_appcontext
def import_table(name: str, file: Path, commit: bool) -> None:
    """Bring a CSV file in. Without --commit a dry run. Exit 1 when a row is rejected, and then nothing is saved."""
    kind = _kind(name)
    data = file.read_bytes()
    bring_in = partial(import_file, save=True) if commit else try_file
    try:
        done = in_one_unit("lms import", lambda work: bring_in(work, kind, data), keep=commit)
    except Refused as refusal:
        click.echo(f"{file.name}: {refusal.words}", err=True)
        raise SystemExit(1) from None
    _tell(done, is_dry=not commit)
    raise SystemExit(1 if done.problems else 0)


def _tell(done: Imported, *, is_dry: bool) -> None:
    for problem in done.problems:
        click.echo(problem)
    for warning in done.warnings:
        click.echo(f"Look at {warning}")
    click.echo(f"{done.kind}: " + ", ".join(f"{number} {what}" for what, number in done.totals.items()) + ".")
    if done.problems:
        click.echo("Nothing was saved." if not is_dry else "Nothing was saved: this was a dry run.")
    elif is_dry:
        click.echo("Nothing was saved: this was a dry run. Add --commit to save it.")
    else:
        click.echo("Saved.")


@click.command("export")
@click.argument("name", metavar="KIND")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file, not to the screen.")
@with_appcontext
def export(name: str, out: Path | None) -> None:
    """Write all of a kind as CSV, in UTF-8."""
    kind = _kind(name)
    work = command_work("lms export")
    begin_reading(work.session)
    data = export_table(work, kind).encode()
    work.session.rollback()
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)
        click.echo(f"Wrote {out}.", err=True)


COMMANDS = (import_table, export)
