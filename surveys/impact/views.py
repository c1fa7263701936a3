"""Did training change practice? The report for the chair as page, PDF and workbook, and its step of the thread."""

from flask import Blueprint, Response, request

from lms.frame.files import file_to_keep
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, site_url, work
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.partnership.queries import the_partnership
from reviews.learning.panels import Gap, ThreadStep, thread_panel
from reviews.learning.queries import find_point_by_ref
from surveys.impact.beside.words import tables_beside
from surveys.impact.distributions.figures import SCALE
from surveys.impact.documents import impact_pdf, impact_workbook
from surveys.impact.drawings.figures import change_chart, distributions_drawn, funnel_chart, trend_chart
from surveys.impact.figures import ImpactReport, impact_report
from surveys.impact.levels.figures import LEVELS_NOTE
from surveys.impact.queries import closed_events
from surveys.impact.rules import DEFINITIONS
from surveys.impact.selected.figures import ImpactChoices, choices_of, point_selected, span_by_key
from surveys.impact.words import (
    LINES_NOTE,
    TOGETHER_NOTE,
    answered_words,
    managers_words,
    matched_words,
    note_of,
    period_words,
    to_come_words,
    trend_words,
    unpaired_words,
    why_nothing,
)
from surveys.permissions import MANAGE, READ_IMPACT
from surveys.selection.rules import Selection

bp = Blueprint("impact", __name__)


@bp.get("/impact")
@requires(READ_IMPACT)
def impact() -> Answer:
    report, choices = _asked_for()
    return page(
        "surveys/impact/impact.html",
        report=report,
        choices=choices,
        chosen=request.args,
        funnel=funnel_chart(report.funnel, report.changes, report.halves),
        change=change_chart(report.changes) if report.changes.practices else None,
        definitions=DEFINITIONS,
        change_note=note_of(report.changes),
        period=period_words(report.changes),
        distributions=distributions_drawn(report.changes),
        bands=tuple(reversed(SCALE.words)),
        trend=trend_chart(report.changes),
        trend_note=trend_words(is_of_some=report.selection.event_ids is not None),
        lines_note=LINES_NOTE,
        levels_note=LEVELS_NOTE,
        beside_tables=tables_beside(report.beside),
        together_note=TOGETHER_NOTE,
        unpaired=unpaired_words(report.changes),
        to_come=to_come_words(report.to_come),
        why_nothing=why_nothing(report.halves, report.to_come, is_held_back=report.is_held_back),
        managers=managers_words(report.managers_funnel),
    )


@bp.get("/impact.pdf")
@requires(READ_IMPACT)
def pdf() -> Response:
    report, _ = _asked_for()
    return file_to_keep(impact_pdf(report, the_partnership(work().session).name), "impact.pdf")


@bp.get("/impact.xlsx")
@requires(READ_IMPACT)
def workbook() -> Response:
    report, _ = _asked_for()
    return file_to_keep(impact_workbook(report), "impact.xlsx")


def _asked_for() -> tuple[ImpactReport, ImpactChoices]:
    """The report that the address asks for. What it names and is not there is as if it were not asked for."""
    events = closed_events(work().session, work().now)
    today = london_date(work().now)
    choices = choices_of(events, today)
    span = span_by_key(choices.spans, request.args.get("period", ""), today)
    ref = request.args.get("point", "").strip()
    if ref:
        point = find_point_by_ref(work().session, work().actor, ref)
        return impact_report(work(), point_selected(work(), point.id, span), events), choices
    selection = Selection(span, course_id=_number("course", choices.courses))
    return impact_report(work(), selection, events), choices


def _number(name: str, known: tuple[tuple[int, str], ...]) -> int | None:
    return next((each for each, _ in known if str(each) == request.args.get(name)), None)


def changed_step(work: Work, point_id: int) -> PanelContent | None:
    """What changed after training that covers a learning point, by the questions about it, beside what audits saw."""
    if not work.actor.may(READ_IMPACT):
        return None
    events = closed_events(work.session, work.now)
    if not events:
        return None
    span = choices_of(events, london_date(work.now)).spans[0]
    report = impact_report(work, point_selected(work, point_id, span), events)
    if not report.funnel.events:
        return None
    step = ThreadStep(
        anchor="changed",
        position=75,
        step="What changed",
        heading=report.answer.rstrip("."),
        figure=f"{report.changes.matched:,}" if report.changes.matched else "",
        figure_words=f"{matched_words(report.changes).split(' ', 1)[1]} matched before and after",
        gaps=() if report.is_asked else (Gap("No question of a survey asks about it yet", *_where_to_ask(work)),),
    )
    chart = change_chart(report.changes) if report.changes.practices else None
    return thread_panel(
        step,
        "surveys/impact/changed_step.html",
        report=report,
        the_chart=chart,
        answered=answered_words(report.funnel),
        note=f"{period_words(report.changes)} {note_of(report.changes)}" if report.changes.practices else "",
    )


def _where_to_ask(work: Work) -> tuple[str, ...]:
    """For whoever writes surveys: where a question is given its learning point."""
    return (site_url("questions.surveys"), "Add one") if work.actor.may(MANAGE) else ()
