"""What the evaluation on the day adds to the yearly report. Never for one agency."""

from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import FigureTable, ReportQuestion, SectionContent, told_count, told_rate
from lms.kit.words import listed
from surveys.on_the_day.documents import course_head, course_rows, trend_rows
from surveys.on_the_day.figures import OnTheDayReport, on_the_day_report
from surveys.on_the_day.words import COURSES_NOTE, DEFINITIONS, TREND_NOTE, yes_note
from surveys.selection.rules import Selection, Span


def gather_on_the_day(work: Work, question: ReportQuestion) -> SectionContent:
    """Who answered, what they said by course and half-year, and how that moved."""
    if question.agency_id is not None:
        return SectionContent()
    period = question.period
    report = on_the_day_report(work, Selection(Span("period", period.from_on, period.to_on, period.words)))
    funnel, of = report.funnel, _of(report)
    figures = (
        told_count("day_invited", "Asked on the day", funnel.invited, f"{DEFINITIONS['invited']} {of}"),
        told_count("day_delivered", "Evaluations delivered", funnel.delivered, f"{DEFINITIONS['delivered']} {of}"),
        told_count("day_answered", "Evaluations answered", funnel.answered, f"{DEFINITIONS['answered']} {of}"),
        told_rate(
            "day_response_rate",
            "Response on the day",
            funnel.answered,
            funnel.delivered,
            f"{DEFINITIONS['response_rate']} {of}",
        ),
    )
    names = ("half", "course", "answers", *(each.code for each in report.statements))
    courses = FigureTable(
        "on_the_day_by_course",
        "What people said on the day, by course and half-year",
        dict(zip(names, course_head(report), strict=True)),
        tuple(dict(zip(names, row, strict=True)) for row in course_rows(report)),
        note=f"{yes_note(report.statements)} {COURSES_NOTE}",
    )
    columns = {
        "statement": "Statement",
        "half": "Events in",
        "agreed": "Agreed",
        "interval": "95% interval",
        "verdict": "Against the half-year before",
    }
    trend = FigureTable(
        "on_the_day_trend",
        "What people said on the day, half-year by half-year",
        columns,
        tuple(dict(zip(columns, row, strict=True)) for row in trend_rows(report)),
        note=f"{yes_note(report.statements)} {TREND_NOTE}",
    )
    return SectionContent(figures=figures, tables=tuple(each for each in (courses, trend) if each.rows))


def _of(report: OnTheDayReport) -> str:
    if not report.halves:
        return "No half-year of the period is complete yet."
    return f"Of events in {listed(each.words for each in report.halves)}."


SECTIONS = (
    ReportSection("surveys.on_the_day", "What people said on the day", ReportPart.HOW_WELL, 65, gather_on_the_day),
)
