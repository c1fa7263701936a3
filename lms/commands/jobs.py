"""Commands for recurring work, for those who prefer cron to the worker and for looking."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import click
from flask import current_app
from flask.cli import AppGroup

from lms.commands.moments import read_moment
from lms.commands.units import command_work
from lms.frame.db import begin_reading
from lms.frame.web import site
from lms.jobs.queries import job_rows
from lms.jobs.worker import do_round, in_words
from lms.kit.words import moment

jobs = AppGroup("jobs", help="Recurring work.")


@jobs.command("list")
def list_jobs() -> None:
    """Every job: what it does, when it last ran and runs next, and its last error."""
    work = command_work("lms jobs list")
    begin_reading(work.session)
    for row in job_rows(work.session, site().jobs, work.now):
        last = moment(row.last_at) if row.last_at else "never"
        click.echo(f"{row.name}: {row.words}\n    last {last}, next {moment(row.next_at)}")
        if row.last_error:
            click.echo(f"    failed: {row.last_error}")
    if not site().jobs:
        click.echo("No plugin has a job.")


@jobs.command("run-due")
@click.option("--at", "at_text", metavar="ISO-MOMENT", help="Rehearse a later moment (London time without an offset).")
@click.option("--really", is_flag=True, help="Rehearse outside demonstration mode: emails go to real people.")
def run_due_jobs(at_text: str | None, really: bool) -> None:
    """Run the jobs that are due, then deliver the mail that is due. Exit 1 when a job failed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    now: datetime = app.extensions["lms.clock"]()
    if at_text is None:
        done = do_round(app, app.extensions["lms.clock"])
    else:
        if not (site().settings.is_demo or app.testing or really):
            raise click.ClickException("--at sends emails as of another moment. Outside demonstration, add --really.")
        at = read_moment(at_text, "--at")
        done = do_round(app, clock_from(at), first_seen=min(now, at))
    for run in done.runs:
        click.echo(f"{run.name}: {'FAILED: ' + run.error if run.error else 'done'} (due {moment(run.due_at)})")
    failed = sum(bool(run.error) for run in done.runs)
    click.echo(f"Jobs: {len(done.runs) - failed} done, {failed} failed. Mail: {in_words(done.letters)}.")
    raise SystemExit(1 if failed else 0)


def clock_from(start: datetime) -> Callable[[], datetime]:
    """A clock that shows `start` now and goes on from there."""
    began = monotonic()
    return lambda: start + timedelta(seconds=int(monotonic() - began))


COMMANDS = (jobs,)
