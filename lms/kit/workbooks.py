"""Workbooks of figures: a sheet for each table, with its notes under it.

book = Sheets()
book.add("Who answered", ("Measure", "People"), [("Attended", 30)], notes=("As at Monday 16 March 2026, 09:00",))
data = book.data()

Words are written as words: nothing that somebody typed becomes a formula, and what no file may hold is left out.
"""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

SheetCells = Sequence[str | int | float | None]


class Sheets:
    """A workbook that is being written."""

    def __init__(self) -> None:
        self._book = Workbook()
        self._book.remove(self._book.worksheets[0])

    def add(self, title: str, head: Sequence[str], rows: Sequence[SheetCells], notes: Sequence[str] = ()) -> None:
        """A sheet with one table, and under it what is to be known of it."""
        sheet = self._book.create_sheet(title)
        for number, name in enumerate(head, start=1):
            sheet.cell(1, number, name).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(number)].width = 44 if number == 1 else 16
        lines = [*rows, (), *((note,) for note in notes if note)]
        for place, row in enumerate(lines, start=2):
            for number, value in enumerate(row, start=1):
                said = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
                cell = sheet.cell(place, number, said)
                cell.alignment = Alignment(wrap_text=place < len(rows) + 2, vertical="top")
                if isinstance(said, str):
                    cell.data_type = "s"
        sheet.freeze_panes = "A2"

    def data(self) -> bytes:
        """The finished file."""
        file = BytesIO()
        self._book.save(file)
        return file.getvalue()
