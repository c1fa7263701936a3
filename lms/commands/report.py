"""Commands for reports: the figures of a period, as data or as a document."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.commands.units import command_work
from lms.frame.db import begin_reading
from lms.kit.errors import Invalid, Refused
from lms.kit.figures import ReportQuestion
from lms.partnership.queries import the_partnership
from lms.reports.documents import report_csv, report_json, report_pdf, report_workbook
from lms.reports.queries import Report, gather_report
from lms.reports.rules import period_of

report = AppGroup("report", help="Figures for reports.")
DAY = click.DateTime(formats=["%Y-%m-%d"])
FORMATS: dict[str, Callable[[Report, str], bytes]] = {
    "json": lambda found, _owner: report_json(found),
    "csv": lambda found, _owner: report_csv(found),
    "xlsx": lambda found, _owner: report_workbook(found),
    "pdf": report_pdf,
}
NOT_FOR_A_SCREEN = frozenset({"xlsx", "pdf"})


@report.command("annual")
@click.option("--from", "from_at", type=DAY, required=True, metavar="D", help="First day, like 2019-04-01.")
@click.option("--to", "to_at", type=DAY, required=True, metavar="D", help="Last day, like 2020-03-31.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="json", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file, not to the screen.")
@click.option("--as-now", is_flag=True, help="Count agencies that merged under what they have become.")
@click.option("--only", multiple=True, metavar="TYPE", help="Only events of this type; may be repeated.")
@click.option("--apart", multiple=True, metavar="TYPE", help="Leave this type out and tell it apart; may be repeated.")
def annual(
    from_at: datetime,
    to_at: datetime,
    form: str,
    out: Path | None,
    as_now: bool,
    only: tuple[str, ...],
    apart: tuple[str, ...],
) -> None:
    """The figures of a period: every measure with its definition, and the tables that break it down."""
    if out is None and form in NOT_FOR_A_SCREEN and sys.stdout.isatty():
        raise click.UsageError(f"Say with --out where the {form} file should go.")
    work = command_work("lms report annual")
    begin_reading(work.session)
    try:
        question = ReportQuestion(period_of(from_at.date(), to_at.date()), None, as_now, only, apart)
        data = FORMATS[form](gather_report(work, question), the_partnership(work.session).name)
    except Invalid as refusal:
        raise click.UsageError(refusal.words) from None
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None
    finally:
        work.session.rollback()
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)
        click.echo(f"Wrote {out}.", err=True)


COMMANDS = (report,)
