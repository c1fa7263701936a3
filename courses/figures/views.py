"""The rows behind a figure."""

from datetime import date

from flask import Blueprint, request

from courses.figures.rows import MEASURE_TITLES, rows_behind
from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, page, requires, work
from lms.kit.errors import Invalid, NotFound
from lms.kit.figures import Question
from lms.reports.queries import SEE_ROWS
from lms.reports.rules import period_of

bp = Blueprint("figures", __name__)
NARROWING = ("sector", "agency_code", "course_code", "type", "level", "venue", "month")
NO_PERIOD = "That is no period. Open the rows from a figure."


@bp.get("/figures/rows")
@requires(SEE_ROWS)
def rows() -> Answer:
    """Who and what a figure counts, by name."""
    question, measure = _question(), request.args.get("measure", "bookings")
    by = {name: request.args[name] for name in NARROWING if request.args.get(name)}
    found = rows_behind(work().session, question, measure, by, number_asked())
    return page(
        "courses/figures/rows.html",
        question=question,
        title=MEASURE_TITLES.get(measure, measure),
        by=by,
        found=found,
        pages=pages_of(found),
        now=work().now,
    )


def _question() -> Question:
    said = request.args
    try:
        period = period_of(date.fromisoformat(said.get("from", "")), date.fromisoformat(said.get("to", "")))
    except (ValueError, Invalid):
        raise NotFound(NO_PERIOD) from None
    return Question(
        period,
        said.get("agency_id", type=int),
        bool(said.get("as_now")),
        tuple(said.getlist("only")),
        tuple(said.getlist("apart")),
    )
