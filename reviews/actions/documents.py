"""The plan as a workbook and as a PDF."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from lms.kit.documents import NOTE, Document, table, words
from lms.kit.words import short_date
from reviews.actions.queries import PlanRow
from reviews.actions.rules import RAG_RULE

COLUMNS = (
    ("Review", 12),
    ("No.", 6),
    ("Recommendation", 45),
    ("Action", 45),
    ("Agency", 28),
    ("Owner", 24),
    ("Due", 12),
    ("Standing", 8),
    ("Why", 22),
    ("Evidence", 45),
)


def plan_workbook(rows: Sequence[PlanRow], *, as_at: str) -> bytes:
    """One sheet. Words are written as words: nothing that somebody typed becomes a formula."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one  # noqa: S101
    sheet.title = "Action plan"
    for number, (name, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.cell(1, number, name).font = Font(bold=True)
    for place, row in enumerate(rows, start=2):
        for number, value in enumerate(_cells(row), start=1):
            cell = sheet.cell(place, number)
            cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.number_format = "dd/mm/yyyy"
    for place, note in enumerate((as_at, RAG_RULE), start=len(rows) + 3):
        sheet.cell(place, 1, note)
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def plan_pdf(rows: Sequence[PlanRow], owner: str, *, as_at: str) -> bytes:
    """The plan on A4 landscape."""
    document = Document("Action plan", owner, as_at=as_at, is_wide=True)
    head = ("Review", "Recommendation", "Action", "Agency and owner", "Due", "Standing")
    lines = [
        (
            row.review_ref,
            f"{row.number}. {row.recommendation}",
            row.action,
            "\n".join(filter(None, (row.agency, owner_words(row)))),
            short_date(row.due_on),
            f"{row.standing.rag.value.capitalize()}: {row.standing.words}",
        )
        for row in rows
    ]
    document.add(table(head, lines, widths=(2, 6, 6, 4, 2.4, 3)) if lines else words("No actions."))
    document.add(words(RAG_RULE, NOTE))
    return document.data()


def owner_words(row: PlanRow) -> str:
    """The owner's name, or that one is needed; nothing for readers who are not to see names."""
    return "Owner needed" if row.is_owner_needed else row.owner


def _cells(row: PlanRow) -> tuple[str | int | date, ...]:
    return (
        row.review_ref,
        row.number,
        row.recommendation,
        row.action,
        row.agency,
        owner_words(row),
        row.due_on,
        row.standing.rag.value,
        row.standing.words,
        row.evidence,
    )
