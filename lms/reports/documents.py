"""A report as flat CSV rows, as a workbook and as a PDF: the same figures everywhere."""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lms.frame.plugins import ReportPart
from lms.kit.chart_drawings import drawn
from lms.kit.documents import BODY, HEADING, NOTE, Document, table, words
from lms.kit.figures import Cell, Figure, FigureTable
from lms.kit.words import moment
from lms.reports.figures import FigureShown, laid_out, parts_of, places_of, shown
from lms.reports.freezing.figures import Yearly
from lms.reports.queries import PART_TITLES, Report, report_values
from lms.reports.rules import INTRODUCTION, NEXT_STEPS
from lms.tables.rules import write_csv

FLAT = ("table", "row", "measure", "value", "shown", "numerator", "denominator", "definition")
FORBIDDEN_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\")
WIDEST, NARROWEST = 48, 10
MOST_COLUMNS = 10
"""So many columns of a table fit across a wide page; the rest follow under it."""


def report_json(report: Report) -> bytes:
    """The report as JSON text."""
    return (json.dumps(report_values(report), ensure_ascii=False, indent=1) + "\n").encode()


def report_csv(report: Report) -> bytes:
    """One line for each number: of the measures, and of each row of each table. Safe from formulas."""
    return write_csv(FLAT, _flat(report)).encode()


def _flat(report: Report) -> Iterator[Mapping[str, str]]:
    for figure in report.measures:
        yield {
            "table": "measures",
            "row": "",
            "measure": figure.name,
            "value": said(figure.value),
            "shown": figure.shown,
            "numerator": said(figure.numerator),
            "denominator": said(figure.denominator),
            "definition": figure.definition,
        }
    for each in report.tables:
        for row in each.rows:
            key = said(row[next(iter(each.columns))])
            for column in list(each.columns)[1:]:
                cell = row.get(column)
                shown = {"value": said(cell), "shown": said(cell), "numerator": "", "denominator": ""}
                yield {"table": each.name, "row": key, "measure": column, **shown, "definition": each.note}


def said(value: Cell) -> str:
    """A value as data: nothing for None."""
    return "" if value is None else str(value)


def report_workbook(report: Report) -> bytes:
    """A sheet of the measures with their definitions, then a sheet for each table."""
    return _saved(_measures_book(report, {}))


def _measures_book(report: Report, before: Mapping[str, Figure]) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # a new workbook has one  # noqa: S101
    sheet.title = "Measures"
    head = ["Section", "Measure", "Value", "Shown", "Numerator", "Denominator", "Definition"]
    rows = [
        [section.title, each.title, each.value, each.shown, each.numerator, each.denominator, each.definition]
        for section in report.sections
        for each in section.content.figures
    ]
    if before:
        head.append("Year before")
        for row, figure in zip(rows, report.figures, strict=True):
            row.append(before[figure.name].shown if figure.name in before else "")
    _fill(sheet, head, rows, [title_of(report), as_at_of(report)])
    names: set[str] = set()
    for each in report.tables:
        name = _sheet_name(each.title, names)
        lines = [tuple(row.get(column) for column in each.columns) for row in each.rows]
        _fill(book.create_sheet(name), tuple(each.columns.values()), lines, [each.note, as_at_of(report)])
    return book


def _sheet_name(title: str, taken: set[str]) -> str:
    """A title as a workbook allows it, and no other sheet's."""
    name = title.translate(FORBIDDEN_IN_SHEET_NAMES)[:31]
    while name.lower() in taken:
        name = f"{name[:28]} {len(taken)}"
    taken.add(name.lower())
    return name


def _saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Worksheet, head: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str]) -> None:
    """Words are written as words: nothing that somebody typed becomes a formula."""
    for number, name in enumerate(head, start=1):
        sheet.cell(1, number, name).font = Font(bold=True)
        longest = max([len(name), *(len(said(row[number - 1])) for row in rows)])
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, NARROWEST), WIDEST)
    for place, row in enumerate(rows, start=2):
        for number, value in enumerate(row, start=1):
            cell = sheet.cell(place, number, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, str):
                cell.data_type = "s"
    for place, note in enumerate(filter(None, notes), start=len(rows) + 3):
        cell = sheet.cell(place, 1, note)
        cell.data_type = "s"
    sheet.freeze_panes = "A2"


def sentence(text: str) -> str:
    """The words with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def title_of(report: Report) -> str:
    return f"Figures for {report.question.period.words}"


def as_at_of(report: Report) -> str:
    return f"As at {moment(report.as_at)}"


def report_pdf(report: Report, owner: str) -> bytes:
    """The figures by the three questions, each with its definition, then every table."""
    document = Document(title_of(report), owner, as_at=as_at_of(report), is_wide=True)
    part: ReportPart | None = None
    for section in report.sections:
        if section.part is not part:
            part = section.part
            document.add(words(PART_TITLES[part], HEADING))
        document.add(words(section.title, HEADING))
        add_figures(document, section.content.figures)
        for each in section.content.tables:
            add_table(document, each)
    return document.data()


def yearly_pdf(yearly: Yearly, owner: str) -> bytes:
    """The yearly report as people keep it: words and figures by the three questions, with the year before."""
    report, texts = yearly.report, yearly.texts
    as_at = as_at_of(report) if yearly.published_at else f"Draft. {as_at_of(report)}"
    document = Document(yearly.title, owner, as_at=f"{sentence(report.question.period.words)} {as_at}", is_wide=True)
    _add_text(document, "", texts.get(INTRODUCTION, ""))
    for part in laid_out(report, yearly.before):
        document.add(words(part.title, HEADING))
        _add_text(document, "", texts.get(part.place, ""))
        for section in part.sections:
            document.add(words(section.title, HEADING))
            _add_text(document, "", texts.get(section.place, ""))
            _add_compared(document, section.figures)
            for chart in section.charts:
                document.add(*drawn(chart, is_wide=True))
            for each in section.tables:
                add_table(document, each)
    _add_text(document, "What we will do next", texts.get(NEXT_STEPS, ""))
    document.add(words(f"Year before: {yearly.before_words}.", NOTE))
    return document.data()


def _add_text(document: Document, heading: str, text: str) -> None:
    if text:
        document.add(*([words(heading, HEADING)] if heading else []), words(text, BODY))


def _add_compared(document: Document, figures: Sequence[FigureShown]) -> None:
    if figures:
        head = ("Measure", "Figure", "Of", "Year before", "Change", "Definition")
        lines = [
            (each.figure.title, each.figure.shown, each.of, each.before, each.change, each.figure.definition)
            for each in figures
        ]
        document.add(table(head, lines, widths=(5, 2.2, 3, 2.2, 2.4, 9)))


def yearly_workbook(yearly: Yearly) -> bytes:
    """The figures with the year before, each table on a sheet, and the writer's words."""
    book, report = _measures_book(yearly.report, yearly.before), yearly.report
    titles = dict(places_of(report))
    lines = [(titles.get(place, place), text) for place, text in yearly.texts.items()]
    notes = [yearly.title, as_at_of(report), f"Year before: {yearly.before_words}."]
    _fill(book.create_sheet("Words", 0), ("Where", "Words"), lines, notes)
    return _saved(book)


def add_figures(document: Document, figures: Sequence[Figure]) -> None:
    """Each figure with the sum behind it and its definition."""
    if figures:
        lines = [(each.title, each.shown, parts_of(each), each.definition) for each in figures]
        document.add(table(("Measure", "Figure", "Of", "Definition"), lines, widths=(5, 2, 3, 11)))


def add_table(document: Document, each: FigureTable) -> None:
    """A table; one with many columns goes on in parts, each led by its first column."""
    document.add(words(each.title, HEADING))
    if not each.rows:
        document.add(words("Nothing in this period.", BODY))
        return
    first, *others = each.columns
    for start in range(0, len(others), MOST_COLUMNS):
        some = [first, *others[start : start + MOST_COLUMNS]]
        lines = [[shown(row.get(column)) for column in some] for row in each.rows]
        widths = [_width(column, each.rows) for column in some]
        document.add(table([each.columns[column] for column in some], lines, widths=widths))
    if each.note:
        document.add(words(each.note, NOTE))


def _width(column: str, rows: Sequence[Mapping[str, Cell]]) -> float:
    longest = max(len(shown(row.get(column))) for row in rows)
    return min(max(longest, 9), 40)
