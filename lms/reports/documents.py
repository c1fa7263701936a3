"""A report as flat CSV rows, as a workbook and as a PDF: the same figures everywhere."""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lms.documents import BODY, HEADING, NOTE, Document, table, words
from lms.figures import Cell, Figure, FigureTable
from lms.plugins import ReportPart
from lms.reports.queries import PART_TITLES, Report, report_values
from lms.tables.rules import write_csv
from lms.words import moment

FLAT = ("table", "row", "measure", "value", "shown", "numerator", "denominator", "definition")
FORBIDDEN_IN_SHEET_NAMES = str.maketrans("", "", "[]:*?/\\")
WIDEST, NARROWEST = 48, 10
MOST_COLUMNS = 9
"""So many columns of a table fit across a wide page; the rest follow under it."""


def report_json(report: Report) -> bytes:
    """The report as JSON text."""
    return (json.dumps(report_values(report), ensure_ascii=False, indent=1) + "\n").encode()


def report_csv(report: Report) -> bytes:
    """One line for each number: of the measures, and of each row of each table. Safe from formulas."""
    return write_csv(FLAT, _flat(report)).encode()


def _flat(report: Report) -> Iterator[Mapping[str, str]]:
    for figure in report.figures:
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
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # a new workbook has one  # noqa: S101
    sheet.title = "Measures"
    head = ("Section", "Measure", "Value", "Shown", "Numerator", "Denominator", "Definition")
    rows = [
        (section.title, each.title, each.value, each.shown, each.numerator, each.denominator, each.definition)
        for section in report.sections
        for each in section.content.figures
    ]
    _fill(sheet, head, rows, [title_of(report), as_at_of(report)])
    for each in report.tables:
        name = each.title.translate(FORBIDDEN_IN_SHEET_NAMES)[:31]
        lines = [tuple(row.get(column) for column in each.columns) for row in each.rows]
        _fill(book.create_sheet(name), tuple(each.columns.values()), lines, [each.note, as_at_of(report)])
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


def add_figures(document: Document, figures: Sequence[Figure]) -> None:
    """Each figure with the sum behind it and its definition."""
    if figures:
        lines = [(each.title, each.shown, parts_of(each), each.definition) for each in figures]
        document.add(table(("Measure", "Figure", "Of", "Definition"), lines, widths=(5, 2, 3, 11), is_wide=True))


def parts_of(figure: Figure) -> str:
    """1,478 of 1,584"""
    if figure.numerator is None or figure.denominator is None:
        return ""
    return f"{figure.numerator:,} of {figure.denominator:,}"


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
        document.add(table([each.columns[column] for column in some], lines, widths=widths, is_wide=True))
    if each.note:
        document.add(words(each.note, NOTE))


def _width(column: str, rows: Sequence[Mapping[str, Cell]]) -> float:
    longest = max(len(shown(row.get(column))) for row in rows)
    return min(max(longest, 9), 40)


def shown(cell: Cell) -> str:
    """A cell as people read it: 1,478; nothing for None."""
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
