"""Today, at a glance, and the figures of any period."""

from collections.abc import Callable

from flask import Blueprint, request
from werkzeug.wrappers import Response

from lms.agencies.queries import agency_choices
from lms.dashboards.forms import FiguresAsked, asked_of, choices, period_key
from lms.dashboards.queries import desk_of, glance_of
from lms.frame.files import file_to_keep
from lms.frame.web import Answer, page, requires, signed_in, work
from lms.kit.errors import Invalid, NotFound
from lms.kit.figures import ReportQuestion
from lms.kit.working_days import london_date
from lms.partnership.queries import the_partnership
from lms.reports.documents import report_csv, report_json, report_pdf, report_workbook
from lms.reports.figures import laid_out
from lms.reports.queries import READ, SEE_ROWS, Report, gather_report, gather_what_can_be
from lms.reports.rules import financial_year, financial_year_of, more_periods, periods_to_choose, year_before

bp = Blueprint("dashboards", __name__)
FIRST_TABLE = "by_sector"


@bp.get("/today")
@signed_in
def today() -> Answer:
    """What waits for this person, whatever plugin it is in."""
    return page("dashboards/today.html", desk=desk_of(work()), today=london_date(work().now), now=work().now)


@bp.get("/glance")
@requires(READ)
def glance() -> Answer:
    """The year so far in a few figures and charts, beside the year before."""
    year = financial_year(financial_year_of(london_date(work().now)))
    found, before = (gather_what_can_be(work(), ReportQuestion(each)) for each in (year, year_before(year)))
    return page(
        "dashboards/glance.html",
        parts=glance_of(found, before),
        year=year,
        before=before,
        missing=found.missing,
        now=work().now,
    )


@bp.get("/figures")
@requires(READ)
def figures() -> Answer:
    """Every figure of a period with its definition, beside the year before, and one table at a time."""
    asked = asked_of(request.args, london_date(work().now))
    asked, report, before = _gathered(asked)
    tables = {table.name: table for table in report.tables}
    by = request.args.get("by", FIRST_TABLE)
    sees_rows = work().actor.may(SEE_ROWS)
    periods = periods_to_choose(london_date(work().now))
    return page(
        "dashboards/figures.html",
        refuses=bool(asked.problem),
        asked=asked,
        report=report,
        parts=laid_out(report, {figure.name: figure for figure in before.figures}),
        before=before,
        tables=tables,
        table=tables.get(by) or next(iter(tables.values()), None),
        chosen=period_key(asked.question.period),
        periods=choices([*periods, *more_periods(london_date(work().now))] if sees_rows else periods),
        sees_rows=sees_rows,
        agencies=agency_choices(work().session, also=asked.question.agency_id) if sees_rows else [],
        types=[str(row["type"]) for row in tables["by_type"].rows] if "by_type" in tables else [],
        query={name: values for name, values in request.args.lists() if name != "by"},
    )


@bp.get("/figures.json")
@requires(READ)
def figures_json() -> Response:
    return _file("json", lambda report, _owner: report_json(report))


@bp.get("/figures.csv")
@requires(READ)
def figures_csv() -> Response:
    return _file("csv", lambda report, _owner: report_csv(report))


@bp.get("/figures.xlsx")
@requires(READ)
def figures_xlsx() -> Response:
    return _file("xlsx", lambda report, _owner: report_workbook(report))


@bp.get("/figures.pdf")
@requires(READ)
def figures_pdf() -> Response:
    return _file("pdf", report_pdf)


def _file(kind: str, write: Callable[[Report, str], bytes]) -> Response:
    """The same figures as a file."""
    asked = asked_of(request.args, london_date(work().now))
    if asked.problem:
        raise NotFound(asked.problem)
    report = gather_report(work(), asked.question)
    data = write(report, the_partnership(work().session).name)
    return file_to_keep(data, f"figures-{asked.question.period.from_on}-{asked.question.period.to_on}.{kind}")


def _gathered(asked: FiguresAsked) -> tuple[FiguresAsked, Report, Report]:
    """The report that was asked for and the year before; this year's, and why, when a type is unknown."""
    try:
        report = gather_what_can_be(work(), asked.question)
    except Invalid as refusal:
        asked = FiguresAsked(ReportQuestion(asked.question.period), refusal.words)
        report = gather_what_can_be(work(), asked.question)
    question = asked.question
    before = ReportQuestion(
        year_before(question.period), question.agency_id, question.as_now, question.only_types, question.types_apart
    )
    return asked, report, gather_what_can_be(work(), before)
