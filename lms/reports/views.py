"""The yearly report: begun, written, published, and read as it was."""

from collections.abc import Mapping

from flask import Blueprint
from werkzeug.wrappers import Response

from lms.frame.files import file_to_keep
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.identifying import IDENTIFIES, KIND_WORDS, kinds_in
from lms.kit.words import listed
from lms.kit.working_days import london_date
from lms.partnership.queries import the_partnership
from lms.reports import services
from lms.reports.documents import yearly_pdf, yearly_workbook
from lms.reports.figures import laid_out, places_of
from lms.reports.forms import BeginReportForm, ConfirmForm, write_form
from lms.reports.models import YearlyReport
from lms.reports.queries import READ, WRITE, report_of, reports_list
from lms.reports.rules import check_can_change, financial_year, years_to_report

bp = Blueprint("reports", __name__)
PUBLISH = "reports.publish"


@bp.get("/reports")
@requires(READ)
def reports() -> Answer:
    form = BeginReportForm().offer(years_to_report(london_date(work().now)))
    return page("reports/reports.html", form=form, reports=reports_list(work()))


@bp.post("/reports")
@requires(WRITE)
def begin() -> Answer:
    form = BeginReportForm().offer(years_to_report(london_date(work().now)))
    if form.validate_on_submit():
        with form.refusals():
            report = services.begin_report(work(), financial_year(form.year.data))
            say("The draft has all the figures. Now write what they mean.")
            return back_to("reports.write", yearly_report_id=report.id)
    return page("reports/reports.html", form=form, reports=reports_list(work()))


@bp.get("/reports/<int:yearly_report_id>")
@requires(READ)
def report(yearly_report_id: int) -> Answer:
    found = report_of(work(), yearly_report_id)
    yearly = services.read_report(work(), found)
    return page("reports/report.html", report=found, yearly=yearly, parts=laid_out(yearly.report, yearly.before))


@bp.get("/reports/<int:yearly_report_id>.pdf")
@requires(READ)
def pdf(yearly_report_id: int) -> Response:
    found = report_of(work(), yearly_report_id)
    data = yearly_pdf(services.read_report(work(), found), the_partnership(work().session).name)
    return file_to_keep(data, f"annual-report-{found.from_on:%Y}-{found.to_on:%y}.pdf")


@bp.get("/reports/<int:yearly_report_id>.xlsx")
@requires(READ)
def workbook(yearly_report_id: int) -> Response:
    found = report_of(work(), yearly_report_id)
    data = yearly_workbook(services.read_report(work(), found))
    return file_to_keep(data, f"annual-report-{found.from_on:%Y}-{found.to_on:%y}.xlsx")


@bp.route("/reports/<int:yearly_report_id>/write", methods=["GET", "POST"])
@requires(WRITE)
def write(yearly_report_id: int) -> Answer:
    found = _draft(yearly_report_id)
    yearly = services.read_report(work(), found)
    form = write_form(places_of(yearly.report), found.title, dict(yearly.texts))
    if form.validate_on_submit():
        with form.refusals():
            services.write_texts(work(), found, form.title.data, form.texts)
            say("Saved." + _warning(form.texts))
            return back_to("reports.report", yearly_report_id=found.id)
    return page("reports/write.html", form=form, report=found, parts=laid_out(yearly.report, yearly.before))


@bp.route("/reports/<int:yearly_report_id>/publish", methods=["GET", "POST"])
@requires(PUBLISH)
def publish(yearly_report_id: int) -> Answer:
    found, form = _draft(yearly_report_id), ConfirmForm()
    if form.validate_on_submit():
        services.publish_report(work(), found)
        say(f"{found.title} is published. Its figures and words will not change.")
        return back_to("reports.report", yearly_report_id=found.id)
    yearly = services.read_report(work(), found)
    warning = _warning(yearly.texts)
    is_over = found.to_on < london_date(work().now)
    return page("reports/publish.html", form=form, report=found, yearly=yearly, warning=warning, is_over=is_over)


@bp.post("/reports/<int:yearly_report_id>/delete")
@requires(WRITE)
def delete(yearly_report_id: int) -> Answer:
    services.delete_draft(work(), _draft(yearly_report_id))
    say("Deleted the draft.")
    return back_to("reports.reports")


def _draft(yearly_report_id: int) -> YearlyReport:
    found = report_of(work(), yearly_report_id)
    check_can_change(found.is_published)
    return found


def _warning(texts: Mapping[str, str]) -> str:
    """What in the writer's words may tell who somebody is. A published report is read by anybody."""
    kinds = {kind for words in texts.values() for kind in kinds_in(words)} & IDENTIFIES
    if not kinds:
        return ""
    found = listed(sorted(KIND_WORDS[kind] for kind in kinds))
    return f" Look again: the text has {found}. Anyone can read the report."
