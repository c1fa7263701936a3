"""Commands for the database as a whole: make or upgrade it, and check what must be true."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.commands.units import command_work, in_one_unit
from lms.frame.again import again_when_met
from lms.frame.apart import Fault, apart
from lms.frame.constraints import fit_constraints
from lms.frame.db import begin_reading, to_try_out, without_values, writing
from lms.frame.lines import MigrationLine, lines_of
from lms.frame.plugins import Check, Mend, PersonalData, Plugin
from lms.frame.settings import HOME, keep_secret_key
from lms.frame.web import db, site
from lms.frame.work import Work
from lms.jobs.services import meet_jobs
from lms.keys.services import note_first_key
from lms.kit.errors import Refused
from lms.kit.words import count
from lms.partnership.services import found_partnership
from lms.personal_data.services import erase_again
from lms.policies.services import approve_first_policy

FAULTS_SHOWN = 50
"""Of one check: enough to see what is wrong, and few enough to read."""


def prepare_instance() -> None:
    """The instance folder and a secret key, before anything reads the settings."""
    instance = Path(os.environ.get("LMS_INSTANCE") or HOME / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    if not os.environ.get("LMS_SECRET_KEY") and keep_secret_key(instance):
        click.echo(f"Made a secret key in {instance / 'settings.env'}.")


@click.command("init")
@with_appcontext
def init() -> None:
    """Create or upgrade the database. Safe to repeat."""
    lines = lines_of(site().plugins)
    for line in lines:
        line.upgrade()
    for sentence in fit_constraints(db.engine):
        click.echo(sentence)
    in_one_unit("lms init", partial(_begin, lines=lines))
    meet_jobs(db.engine, site().jobs, command_work("lms init").now)
    click.echo("The database is ready.")


def _begin(work: Work, *, lines: Sequence[MigrationLine]) -> None:
    found_partnership(work)
    approve_first_policy(work)
    note_first_key(work)
    erase_again(work, [part for plugin in site().plugins for part in _kept_by(plugin, lines)])


@click.command("check")
@click.option("--repair", "kind", metavar="KIND", help="Mend what this check finds: a dry run, unless --yes.")
@click.option("--yes", is_flag=True, help="Save what --repair mends.")
@with_appcontext
def check(kind: str | None, yes: bool) -> None:
    """Check what must be true, changing nothing. Exit 2 when something is broken."""
    if kind is not None:
        _repair(kind, is_meant=yes)
        return
    work = command_work("lms check")
    begin_reading(work.session)
    broken = False
    for each in site().checks:
        faults = _find(work, each)
        broken = broken or bool(faults)
        click.echo(f"{'BROKEN' if faults else 'ok':7} {each.name}: {each.words}")
        for fault in faults[:FAULTS_SHOWN]:
            click.echo(f"        {fault}")
        if len(faults) > FAULTS_SHOWN:
            click.echo(f"        and {len(faults) - FAULTS_SHOWN:,} more")
    work.session.rollback()
    raise SystemExit(2 if broken else 0)


def _repair(kind: str, *, is_meant: bool) -> None:
    """Mend what one check finds, each thing in a unit of work of its own. Exit 1 when something could not be."""
    kinds = {each.name: each.repair for each in site().checks if each.repair is not None}
    repair = kinds.get(kind)
    if repair is None:
        raise click.UsageError(f"Nothing mends {kind}. What can be mended: {', '.join(sorted(kinds))}.")
    work, number, left = command_work("lms check --repair"), 0, 0
    mends = list(repair(work))
    work.session.rollback()
    with nullcontext() if is_meant else to_try_out(work.session) as trying:
        for mend in mends:
            try:
                said = again_when_met(partial(_saved, mend)) if trying is None else mend(replace(work, session=trying))
            except Refused as refusal:
                said, left = f"Left as it is: {refusal}", left + 1
            number += bool(said)
            click.echo(said, nl=bool(said))
    work.session.rollback()
    click.echo(f"{count(number, 'thing')} {'mended.' if is_meant else 'to mend. Say --yes to save that.'}")
    if left:
        raise SystemExit(1)


def _saved(mend: Mend) -> str:
    with writing(db.engine) as session:
        return mend(replace(command_work("lms check --repair"), session=session))


def _kept_by(plugin: Plugin, lines: Sequence[MigrationLine]) -> list[PersonalData]:
    """What a third party's plugin keeps of people: it may have been switched off while somebody was erased."""
    has_line = plugin.name in {line.plugin for line in lines}
    return [plugin.personal_data] if has_line and plugin.personal_data is not None else []


def _find(work: Work, check: Check) -> list[str]:
    """What breaks it. A check that itself fails is broken, and stops no other."""
    try:
        with apart(work.session, f"the check {check.name}"):
            return list(check.find(work))
    except Fault as fault:
        cause = fault.__cause__ or fault
        return [f"The check itself failed, so no one knows: {without_values(cause)}"]


COMMANDS = (init, check)
