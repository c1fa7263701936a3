"""What people said on the day, for the chair: as page, PDF and workbook."""

from flask import Blueprint, Response, request

from lms.frame.files import file_to_keep
from lms.frame.web import Answer, page, requires, work
from lms.kit.working_days import london_date
from lms.partnership.queries import the_partnership
from surveys.impact.queries import closed_events
from surveys.impact.selected.figures import ImpactChoices, choices_of, span_by_key
from surveys.impact.words import TOGETHER_NOTE
from surveys.on_the_day.documents import on_the_day_pdf, on_the_day_workbook
from surveys.on_the_day.figures import KIND, OnTheDayReport, on_the_day_report
from surveys.on_the_day.trend.figures import trend_chart
from surveys.on_the_day.words import COURSES_NOTE, DEFINITIONS, TREND_NOTE, day_to_come_words, why_no_day, yes_note
from surveys.permissions import READ_IMPACT
from surveys.selection.rules import CLOSING_ON_THE_DAY, Selection

bp = Blueprint("on_the_day", __name__)


@bp.get("/on-the-day")
@requires(READ_IMPACT)
def report() -> Answer:
    found, choices = _asked_for()
    return page(
        "surveys/on_the_day/report.html",
        report=found,
        choices=choices,
        chosen=request.args,
        definitions=DEFINITIONS,
        trend=trend_chart(found.trend),
        to_come=day_to_come_words(found),
        why_nothing=why_no_day(found),
        yes_note=yes_note(found.statements),
        together_note=TOGETHER_NOTE,
        courses_note=COURSES_NOTE,
        trend_note=TREND_NOTE,
    )


@bp.get("/on-the-day.pdf")
@requires(READ_IMPACT)
def pdf() -> Response:
    found, _ = _asked_for()
    return file_to_keep(on_the_day_pdf(found, the_partnership(work().session).name), "on-the-day.pdf")


@bp.get("/on-the-day.xlsx")
@requires(READ_IMPACT)
def workbook() -> Response:
    found, _ = _asked_for()
    return file_to_keep(on_the_day_workbook(found), "on-the-day.xlsx")


def _asked_for() -> tuple[OnTheDayReport, ImpactChoices]:
    """The report that the address asks for. What it names and is not there is as if it were not asked for."""
    events, today = closed_events(work().session, work().now, KIND), london_date(work().now)
    choices = choices_of(events, today)
    span = span_by_key(choices.spans, request.args.get("period", ""), today, CLOSING_ON_THE_DAY)
    course = next((each for each, _ in choices.courses if str(each) == request.args.get("course")), None)
    return on_the_day_report(work(), Selection(span, course_id=course), events), choices
