"""A table as a workbook: flat rows under their names, words as words, so that nothing typed becomes a formula."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension

from lms.kit.figures import Cell

LONGEST_CELL = 32_767
LONGEST_TITLE = 31
WIDTH = 22


def workbook(title: str, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """One sheet, its first row frozen. Written row by row, so that a hundred thousand rows need no more than a few."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for number in range(1, len(columns) + 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter] = ColumnDimension(sheet, index=letter, width=WIDTH, customWidth=True)
    sheet.append([_cell(sheet, name, is_bold=True) for name in columns])
    for row in rows:
        sheet.append([_cell(sheet, row[name]) for name in columns])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Cell, *, is_bold: bool = False) -> Any:
    """Text is told to be text: a spreadsheet then shows “=1+1” and does not reckon it."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell
