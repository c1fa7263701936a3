"""The evaluation on the day as a PDF and as a workbook: the figures of the page, told by the same code."""

from lms.kit.chart_drawings import drawn
from lms.kit.documents import HEADING, NOTE, Document, table, words
from lms.kit.words import moment
from lms.kit.workbooks import Sheets
from surveys.impact.drawings.figures import choice_chart
from surveys.impact.words import TOGETHER_NOTE
from surveys.on_the_day.figures import OnTheDayReport
from surveys.on_the_day.trend.figures import trend_chart
from surveys.on_the_day.words import (
    COURSES_NOTE,
    DEFINITIONS,
    TREND_NOTE,
    day_to_come_words,
    why_no_day,
    yes_note,
)

TITLE = "What people said on the day"
TREND_HEAD = ("Statement", "Events in", "Agreed", "95% interval", "Against the half-year before")
REACH_HEAD = ("Course", "Delivered", "Answered", "Response rate")


def on_the_day_pdf(report: OnTheDayReport, owner: str) -> bytes:
    """The report on A4 pages."""
    document = Document(TITLE, owner, as_at=f"As at {moment(report.as_at)}")
    document.add(words(f"{report.about}."))
    if not report.funnel.events:
        document.add(words(why_no_day(report), NOTE))
        return document.data()
    document.add(words(report.answer), words(yes_note(report.statements), NOTE))
    document.add(words("Who answered", HEADING), table(*_funnel(report), widths=(4, 1.4, 7)))
    document.add(words(day_to_come_words(report), NOTE), words("What they said", HEADING))
    for each in report.tables:
        document.add(*drawn(choice_chart(each)))
    document.add(words(TOGETHER_NOTE, NOTE))
    if report.rows:
        document.add(words("By course and half-year", HEADING))
        widths = (3.4, 4, 1.2, *(2.6 for _ in report.statements))
        document.add(table(course_head(report), [[*map(str, row)] for row in course_rows(report)], widths=widths))
        document.add(words(COURSES_NOTE, NOTE))
    if report.trend:
        document.add(words("Half-year by half-year", HEADING))
        if chart := trend_chart(report.trend):
            document.add(*drawn(chart))
        document.add(table(TREND_HEAD, trend_rows(report), widths=(5, 3.6, 2.4, 2.4, 2.6)), words(TREND_NOTE, NOTE))
    if report.quotations:
        document.add(words("In their own words", HEADING))
        for quoted in report.quotations:
            document.add(words(f"“{quoted.words}”"), words(quoted.source, NOTE))
    return document.data()


def on_the_day_workbook(report: OnTheDayReport) -> bytes:
    """A sheet for each table."""
    book = Sheets()
    about = (f"As at {moment(report.as_at)}. {report.about}.", "" if report.funnel.events else why_no_day(report))
    head, rows = _funnel(report)
    if not report.funnel.events:
        book.add("Who answered", head, (), about)
        return book.data()
    book.add("Who answered", head, rows, (*about, day_to_come_words(report)))
    said = [
        (each.words, row.words, row.shown if row.people is None else row.people, each.of, row.share or None)
        for each in report.tables
        for row in each.rows
    ]
    book.add("What they said", ("Question", "Answer", "People", "Of", "Share"), said, (*about, TOGETHER_NOTE))
    book.add("By course", course_head(report), course_rows(report), (*about, yes_note(report.statements), COURSES_NOTE))
    book.add("Response by course", REACH_HEAD, reach_rows(report), about)
    book.add("Half-years", TREND_HEAD, trend_rows(report), (about[0], yes_note(report.statements), TREND_NOTE))
    quoted = [(each.words, each.source) for each in report.quotations]
    book.add("In their own words", ("In their own words", "From"), quoted, about[:1])
    book.add("Themes", ("Theme", "Answers"), [(each.name, each.shown) for each in report.themes], about[:1])
    return book.data()


def course_head(report: OnTheDayReport) -> list[str]:
    """The columns by course and half-year: one for each statement."""
    return ["Events in", "Course", "Answers", *(each.words for each in report.statements)]


def course_rows(report: OnTheDayReport) -> list[tuple[str | int, ...]]:
    """A row for each course and half-year."""
    return [(each.half, each.course, each.answers, *each.cells) for each in report.rows]


def trend_rows(report: OnTheDayReport) -> list[tuple[str, ...]]:
    """A row for each statement and half-year."""
    return [
        (each.statement.words, point.half.words, point.yes.shown, point.interval, point.verdict)
        for each in report.trend
        for point in each.points
    ]


def reach_rows(report: OnTheDayReport) -> list[tuple[str | int, ...]]:
    """Who answered, by course."""
    return [(each.name, each.delivered.cell, each.answered.cell, each.rate) for each in report.reach]


def _funnel(report: OnTheDayReport) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    funnel = report.funnel
    steps = [
        ("Attended or part attended", funnel.attended, DEFINITIONS["attended"]),
        ("Invited", funnel.invited, DEFINITIONS["invited"]),
        ("Delivered", funnel.delivered, DEFINITIONS["delivered"]),
        ("Answered", funnel.answered, DEFINITIONS["answered"]),
    ]
    told = [(name, number.shown, words) for name, number, words in (steps if funnel.is_whole else steps[2:])]
    return ("Measure", "People", "Definition"), [*told, ("Response rate", funnel.rate, DEFINITIONS["response_rate"])]
