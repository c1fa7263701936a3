"""The rows behind a figure."""

from datetime import date

from flask import Blueprint, request

from lms.frame.paging import number_asked, pages_of
from lms.frame.plugins import ReportSection
from lms.frame.web import Answer, page, requires, work
from lms.kit.errors import Invalid, NotFound
from lms.kit.figures import ReportQuestion
from lms.kit.rows_behind import Behind, RowsBehind
from lms.reports.queries import SEE_ROWS
from lms.reports.rules import period_of

bp = Blueprint("behind", __name__)
NARROWING = ("sector", "agency_code", "course_code", "type", "level", "venue", "month")
NO_PERIOD = "That is not a period. Open the rows from a figure."


@bp.get("/figures/rows")
@requires(SEE_ROWS)
def rows() -> Answer:
    """Who and what a figure counts, by name."""
    question, measure = _question(), request.args.get("measure", "bookings")
    by = {name: request.args[name] for name in NARROWING if request.args.get(name)}
    found = _found(question, Behind(measure, by, number_asked()))
    return page(
        "reports/rows.html",
        question=question,
        title=found.title,
        by=by,
        found=found.rows,
        pages=pages_of(found.rows),
        now=work().now,
    )


def _found(question: ReportQuestion, asked: Behind) -> RowsBehind:
    """What the section answers whose measure it is."""
    sections: tuple[ReportSection, ...] = work().site.report_sections
    for section in sections:
        rows = section.rows(work(), question, asked) if section.rows else None
        if rows is not None:
            return rows
    raise NotFound("There are no rows behind that. Open them from a figure.")


def _question() -> ReportQuestion:
    said = request.args
    try:
        period = period_of(date.fromisoformat(said.get("from", "")), date.fromisoformat(said.get("to", "")))
    except (ValueError, Invalid):
        raise NotFound(NO_PERIOD) from None
    return ReportQuestion(
        period,
        said.get("agency_id", type=int),
        bool(said.get("as_now")),
        tuple(said.getlist("only")),
        tuple(said.getlist("apart")),
    )
