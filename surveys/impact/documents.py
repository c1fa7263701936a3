"""The report on impact as a PDF and as a workbook: the figures of the page, suppressed by the same code."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from lms.kit.chart_drawings import drawn
from lms.kit.documents import HEADING, NOTE, Document, table, words
from lms.kit.telling.numbers import HIDDEN
from lms.kit.words import moment
from surveys.impact.drawings.figures import change_chart, choice_chart, funnel_chart
from surveys.impact.figures import ImpactReport
from surveys.impact.reach.figures import ReachLine
from surveys.impact.rules import DEFINITIONS
from surveys.impact.words import CHANGE_NOTE, HIDDEN_NOTE, unpaired_words, waiting_words
from surveys.questions.rules import one_decimal

Cells = Sequence[str | int | float | None]
REACH_HEAD = ("Attended", "Invited", "Delivered", "Answered", "Response rate")
CHANGE_HEAD = ("Practice", "People", "Before", "On the day", "3 months", "Change", "Spread", "95% interval")
CHANGE_WIDTHS = (5, 1.4, 1.4, 1.4, 1.5, 2, 1.4, 2.6)


def impact_pdf(report: ImpactReport, owner: str) -> bytes:
    """The report on A4 pages."""
    document = Document("Did training change practice?", owner, as_at=f"As at {moment(report.as_at)}")
    document.add(words(f"{report.about}."), words(report.answer))
    funnel = funnel_chart(report.funnel, report.changes.matched)
    document.add(words("Who was asked and who answered", HEADING), *drawn(funnel))
    document.add(*(words(f"{bar.label.capitalize()}: {bar.note}.", NOTE) for bar in funnel.bars if bar.note))
    document.add(*(words(each, NOTE) for each in _definitions()), words(waiting_words(report.funnel), NOTE))
    if report.changes.practices:
        document.add(words("What changed", HEADING), *drawn(change_chart(report.changes)))
        document.add(table(CHANGE_HEAD, _shown(change_rows(report)), widths=CHANGE_WIDTHS))
    document.add(words(f"{unpaired_words(report.changes)} {CHANGE_NOTE}", NOTE))
    for title, heading, rows in _reach_tables(report):
        document.add(words(title, HEADING), table((heading, *REACH_HEAD), _shown(rows), widths=(5, 2, 2, 2, 2.4, 2.4)))
    document.add(words(report.sectors.why_not or HIDDEN_NOTE, NOTE))
    if report.examples:
        document.add(words("What people do differently", HEADING))
        for example in report.examples:
            document.add(words(f"“{example.words}”"), words(example.source, NOTE))
    for title, tables in (
        ("What helped and what got in the way", report.choices),
        ("What managers saw", report.managers),
    ):
        if tables:
            document.add(words(title, HEADING), *(part for each in tables for part in drawn(choice_chart(each))))
    if report.themes:
        document.add(words("What people wrote about", HEADING))
        document.add(table(("Theme", "Answers"), [(each.name, each.shown) for each in report.themes], widths=(5, 1)))
    return document.data()


def impact_workbook(report: ImpactReport) -> bytes:
    """A sheet for each table. Words are written as words: nothing that somebody typed becomes a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    as_at = f"As at {moment(report.as_at)}. {report.about}."
    funnel = report.funnel
    _sheet(
        book,
        "Who answered",
        ("Measure", "People", "Definition"),
        [
            ("Attended or part attended", funnel.attended, DEFINITIONS["attended"]),
            ("Invited", funnel.invited, DEFINITIONS["invited"]),
            ("Delivered", funnel.delivered, DEFINITIONS["delivered"]),
            ("Answered", _told(funnel.waiting_events < funnel.events, funnel.answered), DEFINITIONS["answered"]),
            ("Response rate", funnel.rate, DEFINITIONS["response_rate"]),
            ("Reach of the invitation", funnel.reach, DEFINITIONS["reach_of_invitation"]),
            ("Matched people", report.changes.matched, DEFINITIONS["matched_people"]),
            (
                "Unpaired answers",
                report.changes.unpaired,
                DEFINITIONS["unpaired_answers"],
            ),
            ("Managers’ views", report.managers_answered, DEFINITIONS["managers_views"]),
        ],
        (as_at, waiting_words(funnel)),
    )
    _sheet(book, "Change", CHANGE_HEAD, change_rows(report), (as_at, CHANGE_NOTE, unpaired_words(report.changes)))
    for title, heading, rows in _reach_tables(report):
        _sheet(book, title, (heading, *REACH_HEAD), rows, (as_at, HIDDEN_NOTE))
    for title, tables in (("Choices", report.choices), ("Managers", report.managers)):
        rows = [(each.words, row.words, row.shown, row.of, row.share) for each in tables for row in each.rows]
        _sheet(book, title, ("Question", "Answer", "People", "Of", "Share"), rows, (as_at,))
    _sheet(
        book, "Examples", ("In their words", "From"), [(each.words, each.source) for each in report.examples], (as_at,)
    )
    _sheet(book, "Themes", ("Theme", "Answers"), [(each.name, each.shown) for each in report.themes], (as_at,))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def change_rows(report: ImpactReport) -> list[tuple[str | int, ...]]:
    """A row for each practice, as the page's table has it."""
    return [
        (
            each.words,
            each.change.n,
            str(one_decimal(each.change.before)),
            "not asked" if each.change.on_the_day is None else str(one_decimal(each.change.on_the_day)),
            str(one_decimal(each.change.after)),
            each.change.shown,
            str(one_decimal(each.change.spread)),
            each.change.interval,
        )
        for each in report.changes.practices
    ]


def _reach_tables(report: ImpactReport) -> list[tuple[str, str, list[tuple[str | int | None, ...]]]]:
    made = [("By course", "Course", [_cells(row) for row in report.courses])]
    if report.sectors.total is not None:
        made.append(("By sector", "Sector", [_cells(row) for row in (*report.sectors.sectors, report.sectors.total)]))
        made.append(("By agency", "Agency", [_cells(row) for row in report.sectors.agencies]))
    return made


def _cells(row: ReachLine) -> tuple[str | int | None, ...]:
    answered = row.shown if row.answered is None else row.answered
    return (row.name, row.attended, row.invited, row.delivered, answered, row.rate)


def _shown(rows: Sequence[Sequence[str | int | None]]) -> list[list[str]]:
    return [[f"{cell:,}" if isinstance(cell, int) else cell or "" for cell in row] for row in rows]


def _told(is_told: bool, number: int) -> int | str:
    return number if is_told else HIDDEN


def _definitions() -> list[str]:
    return [f"Response rate: {DEFINITIONS['response_rate']} Answered: {DEFINITIONS['answered']}"]


def _sheet(book: Workbook, title: str, head: Sequence[str], rows: Sequence[Cells], notes: Sequence[str]) -> None:
    sheet = book.create_sheet(title)
    for number, name in enumerate(head, start=1):
        sheet.cell(1, number, name).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 44 if number == 1 else 16
    lines = [*rows, (), *((note,) for note in notes if note)]
    for place, row in enumerate(lines, start=2):
        for number, value in enumerate(row, start=1):
            cell = sheet.cell(place, number, value)
            cell.alignment = Alignment(wrap_text=place < len(rows) + 2, vertical="top")
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
