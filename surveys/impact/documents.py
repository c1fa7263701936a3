"""The report on impact as a PDF and as a workbook: the figures of the page, suppressed by the same code."""

from collections.abc import Sequence

from lms.kit.chart_drawings import drawn
from lms.kit.documents import HEADING, NOTE, Document, DocumentPart, table, words
from lms.kit.words import moment
from lms.kit.workbooks import Sheets
from surveys.impact.beside.words import tables_beside
from surveys.impact.drawings.figures import (
    change_chart,
    choice_chart,
    distribution_charts,
    distributions_drawn,
    funnel_chart,
    trend_chart,
)
from surveys.impact.figures import ImpactReport
from surveys.impact.levels.figures import LEVEL_HEAD, LEVELS_NOTE, level_rows
from surveys.impact.nonresponse.figures import START_NOTE, StartRow
from surveys.impact.points.figures import POINT_HEAD
from surveys.impact.reach.figures import ReachLine
from surveys.impact.rules import DEFINITIONS
from surveys.impact.words import (
    LINES_NOTE,
    TOGETHER_DRAWN,
    TOGETHER_NOTE,
    managers_words,
    note_of,
    period_words,
    to_come_words,
    trend_words,
    unpaired_words,
    why_nothing,
)
from surveys.questions.rules import one_decimal

REACH_HEAD = ("Delivered", "Answered", "Response rate")
CHANGE_HEAD = ("Practice", "Matched", "Before", "On the day", "3 months", "Change", "Spread", "95% interval", "Group")
SAID_HEAD = ("Practice", "When", "Of", "How many said")
TREND_HEAD = ("Events in", "Told", "Pairs", "Before", "3 months", "Change", "95% interval")
CHANGE_WIDTHS = (5, 1.6, 1.4, 1.4, 1.5, 1.9, 1.4, 2.4, 2)


def impact_pdf(report: ImpactReport, owner: str) -> bytes:
    """The report on A4 pages."""
    document = Document("Did training change practice?", owner, as_at=f"As at {moment(report.as_at)}")
    document.add(words(f"{report.about}."), *(words(each) for each in _first(report) if each))
    if not report.funnel.events:
        why = why_nothing(report.halves, report.to_come, is_held_back=report.is_held_back)
        document.add(words(why, NOTE))
        return document.data()
    funnel = funnel_chart(report.funnel, report.changes, report.halves)
    document.add(words("Who was asked and who answered", HEADING), *drawn(funnel))
    document.add(*(words(f"{bar.label.capitalize()}: {bar.note}.", NOTE) for bar in funnel.bars if bar.note))
    document.add(*(words(each, NOTE) for each in _definitions()), words(to_come_words(report.to_come), NOTE))
    document.add(*_who_did_not(report))
    if report.changes.practices:
        document.add(words("What changed", HEADING), words(period_words(report.changes), NOTE))
        document.add(*drawn(change_chart(report.changes)))
        document.add(table(CHANGE_HEAD, _shown(change_rows(report)), widths=CHANGE_WIDTHS))
    document.add(words(f"{unpaired_words(report.changes)} {note_of(report.changes)}", NOTE))
    document.add(*_behind(report))
    for each in tables_beside(report.beside):
        widths = (4, *[1.5] * (len(each.heads) - 2), 2.6)
        shown = table(each.heads, _shown(each.rows), widths=widths)
        document.add(words(each.title, HEADING), shown, words(each.note, NOTE))
    for title, heads, rows, of in _reach_tables(report):
        document.add(words(title, HEADING), words(of, NOTE))
        widths = (6, *[3] * (len(heads) - 4), 2.4, 2.4, 2.8)
        document.add(table(heads, _shown(rows), widths=widths))
    document.add(words(report.sectors.why_not or LINES_NOTE, NOTE))
    if report.examples:
        document.add(words("What people do differently", HEADING))
        for example in report.examples:
            document.add(words(f"“{example.words}”"), words(example.source, NOTE))
    for title, tables, note in (
        ("Did they use it?", report.choices, TOGETHER_NOTE),
        ("What line managers see", report.managers, managers_words(report.managers_funnel)),
    ):
        document.add(words(title, HEADING), *(part for each in tables for part in drawn(choice_chart(each))))
        document.add(words(note, NOTE))
    document.add(*_by_level_and_point(report))
    if report.themes:
        document.add(words("What people wrote about", HEADING))
        document.add(table(("Theme", "Answers"), [(each.name, each.shown) for each in report.themes], widths=(5, 1)))
    return document.data()


def _first(report: ImpactReport) -> tuple[str, ...]:
    """What is said before any figure."""
    return report.who.warning, report.answer, report.beside.waiting.answer


def impact_workbook(report: ImpactReport) -> bytes:
    """A sheet for each table. Words are written as words: nothing that somebody typed becomes a formula."""
    book = Sheets()
    as_at = f"As at {moment(report.as_at)}. {report.about}."
    if not report.funnel.events:
        why = why_nothing(report.halves, report.to_come, is_held_back=report.is_held_back)
        book.add("Who answered", ("Measure", "People", "Definition"), (), (as_at, why))
        return book.data()
    book.add(
        "Who answered", ("Measure", "People", "Definition"), who_rows(report), (as_at, to_come_words(report.to_come))
    )
    book.add("Who did not answer", START_HEAD, start_rows((*report.who.rows, *report.who.sectors)), (as_at, START_NOTE))
    book.add("Ways", ROUTE_HEAD, report.who.route_rows, (as_at, f"Events in {report.who.routes_of}."))
    changes = report.changes
    about = (as_at, period_words(changes), report.who.warning, report.answer, note_of(changes), unpaired_words(changes))
    book.add("Change", CHANGE_HEAD, change_rows(report), about)
    book.add("How many said what", SAID_HEAD, said_rows(report), about[:2])
    book.add("Half-years", TREND_HEAD, trend_rows(report), (as_at, _trend_note(report)))
    for each in tables_beside(report.beside):
        book.add(each.title, each.heads, each.rows, (as_at, each.note))
    for title, heads, rows, of in _reach_tables(report):
        book.add(title, heads, rows, (as_at, of, LINES_NOTE))
    for title, tables in (("Choices", report.choices), ("Managers", report.managers)):
        rows = [
            (each.words, row.words, row.shown if row.people is None else row.people, each.of, row.share or None)
            for each in tables
            for row in each.rows
        ]
        book.add(title, ("Question", "Answer", "People", "Of", "Share"), rows, (as_at, TOGETHER_NOTE))
    book.add("By level", LEVEL_HEAD, level_rows(report.levels), (as_at, LEVELS_NOTE))
    book.add("Learning points", POINT_HEAD, report.points.rows, (as_at, *report.points.notes))
    book.add(
        "Examples", ("In their own words", "From"), [(each.words, each.source) for each in report.examples], (as_at,)
    )
    book.add("Themes", ("Theme", "Answers"), [(each.name, each.shown) for each in report.themes], (as_at,))
    return book.data()


def who_rows(report: ImpactReport) -> list[tuple[str | int, ...]]:
    """Who was asked and who answered; of some courses only how many letters arrived."""
    funnel, managers, changes = report.funnel, report.managers_funnel, report.changes
    before: list[tuple[str | int, ...]] = [
        ("Attended or part attended", funnel.attended.cell, DEFINITIONS["attended"]),
        ("Invited", funnel.invited.cell, DEFINITIONS["invited"]),
        ("Reach of the invitation", funnel.reach, DEFINITIONS["reach_of_invitation"]),
        ("Line managers asked", managers.invited.cell, DEFINITIONS["managers_invited"]),
    ]
    return [
        *(before if funnel.is_whole else ()),
        ("Delivered", funnel.delivered.cell, DEFINITIONS["delivered"]),
        ("Answered", funnel.answered.cell, DEFINITIONS["answered"]),
        ("Response rate", funnel.rate, DEFINITIONS["response_rate"]),
        ("Matched", changes.matched, f"{DEFINITIONS['matched_people']} {period_words(changes)}".strip()),
        ("Unpaired answers", changes.unpaired, f"{DEFINITIONS['unpaired_answers']} {period_words(changes)}".strip()),
        ("Delivered to managers", managers.delivered.cell, DEFINITIONS["delivered"]),
        ("Managers’ views", managers.answered.cell, DEFINITIONS["managers_views"]),
        ("Managers’ response rate", managers.rate, DEFINITIONS["response_rate"]),
    ]


def change_rows(report: ImpactReport) -> list[tuple[str | int, ...]]:
    """A row for each practice, as the page's table has it."""
    return [
        (
            each.words,
            each.change.matched,
            str(one_decimal(each.change.before)),
            "not asked" if each.change.on_the_day is None else str(one_decimal(each.change.on_the_day)),
            str(one_decimal(each.change.after)),
            each.change.shown,
            str(one_decimal(each.change.spread)),
            each.change.interval,
            each.group.value,
        )
        for each in report.changes.practices
    ]


def said_rows(report: ImpactReport) -> list[tuple[str | int, ...]]:
    """Behind each mean: how many said what, before and three months on."""
    return [
        (each.words, row.stage, row.of, row.said) for each in distributions_drawn(report.changes) for row in each.rows
    ]


def trend_rows(report: ImpactReport) -> list[tuple[str | int, ...]]:
    """All practices together, half-year by half-year."""
    return [
        (
            each.half.span.words,
            "complete" if each.half.is_complete else "so far",
            each.change.matched,
            str(one_decimal(each.change.before)),
            str(one_decimal(each.change.after)),
            each.change.shown,
            each.change.interval,
        )
        for each in report.changes.trend
    ]


START_HEAD = ("Mean before the course", "Answered later", "Did not", "Difference", "95% interval", "In words")
ROUTE_HEAD = ("Way", "Answers", "Share")


def start_rows(rows: Sequence[StartRow]) -> list[tuple[str, ...]]:
    """Where people stood before: those who answered three months on, and those who did not."""
    return [
        (
            f"{each.name}, {each.half}" if each.half else each.name,
            each.later.shown,
            each.others.shown,
            each.shown,
            each.interval,
            each.verdict,
        )
        for each in rows
    ]


def _who_did_not(report: ImpactReport) -> list[DocumentPart]:
    who, parts = report.who, list[DocumentPart]()
    for title, rows in (("Did only keen people answer?", who.rows), ("The same, by sector", who.sectors)):
        if rows:
            parts += [words(title, HEADING), table(START_HEAD, start_rows(rows), widths=(4.4, 2, 2, 1.6, 2.2, 3.4))]
    if who.route_rows:
        parts += [words(f"By which way answers came, events in {who.routes_of}", HEADING)]
        parts += [table(ROUTE_HEAD, who.route_rows, widths=(5, 2, 2))]
    return parts


def _behind(report: ImpactReport) -> list[DocumentPart]:
    """The distributions and the half-years, as tables and a chart."""
    parts: list[DocumentPart] = []
    if rows := said_rows(report):
        parts += [words("How many said what: behind each mean", HEADING)]
        parts += [part for chart in distribution_charts(report.changes) for part in drawn(chart)]
        parts.append(words(TOGETHER_DRAWN, NOTE))
        parts += [table(SAID_HEAD, _shown(rows), widths=(5, 1.6, 1, 6))]
    if chart := trend_chart(report.changes):
        parts += [words("Half-year by half-year", HEADING), *drawn(chart)]
        parts += [table(TREND_HEAD, _shown(trend_rows(report)), widths=(4, 1.6, 1.2, 1.4, 1.5, 1.9, 2.4))]
        parts.append(words(_trend_note(report), NOTE))
    return parts


def _trend_note(report: ImpactReport) -> str:
    return trend_words(is_of_some=report.selection.event_ids is not None)


def _by_level_and_point(report: ImpactReport) -> list[DocumentPart]:
    parts: list[DocumentPart] = []
    if report.levels:
        parts += [words("By Kirkpatrick level", HEADING)]
        parts += [table(LEVEL_HEAD, level_rows(report.levels), widths=(1.8, 4.6, 3.2, 4.6)), words(LEVELS_NOTE, NOTE)]
    if report.points.lines:
        rows = _shown(report.points.rows)
        parts += [words("What reviews asked for: the question about each learning point", HEADING)]
        parts += [table(POINT_HEAD, rows, widths=(4, 3.4, 1.5, 2, 1.4, 2, 2)), words(report.points.compared, NOTE)]
    return [*parts, *(words(note, NOTE) for note in report.points.notes)]


def _reach_tables(report: ImpactReport) -> list[tuple[str, tuple[str, ...], list[tuple[str | int | None, ...]], str]]:
    """Title, heads, rows, and of which events they are. An agency stands beside its sector, as on the page."""
    about, sectors = f"{report.about}.", report.sectors
    if sectors.total is None:
        return []
    return [
        ("By course", ("Course", *REACH_HEAD), [_cells(row) for row in report.courses], about),
        ("By sector", ("Sector", *REACH_HEAD), [_cells(row) for row in (*sectors.sectors, sectors.total)], about),
        (
            "By agency",
            ("Agency", "Sector", *REACH_HEAD),
            [(row.name, row.parent, *_cells(row)[1:]) for row in sectors.agencies],
            about,
        ),
    ]


def _cells(row: ReachLine) -> tuple[str | int | None, ...]:
    return (row.name, row.delivered.cell, row.answered.cell, row.rate)


def _shown(rows: Sequence[Sequence[str | int | None]]) -> list[list[str]]:
    return [[f"{cell:,}" if isinstance(cell, int) else cell or "" for cell in row] for row in rows]


def _definitions() -> list[str]:
    return [f"Response rate: {DEFINITIONS['response_rate']} Answered: {DEFINITIONS['answered']}"]
