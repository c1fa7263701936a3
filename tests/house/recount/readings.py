"""The workbook, the page, the PDF and the API as rows that can be held against each other and against the tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from pypdf import PdfReader

from tests.house.recount.numbers import HALF, halves_named

TAGS = re.compile(r"<[^>]*>")
Cells = tuple[Any, ...]
Wrong = Iterator[tuple[object, ...]]


@dataclass(frozen=True)
class Workbook:
    """The rows of each sheet below its head, and what stands under them."""

    rows: Mapping[str, list[Cells]]
    heads: Mapping[str, Cells] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, title: str) -> list[Cells]:
        return self.rows.get(title, [])

    def value(self, title: str, name: str) -> Any:
        """The second cell of the row that begins with a name."""
        return next((row[1] for row in self[title] if row[0] == name), None)

    def halves(self, title: str, beginning: str = "") -> list[date]:
        """The half-years that the notes of a sheet name, in the lines that begin so or hold it."""
        lines = self.notes.get(title, "").splitlines()
        return halves_named("\n".join(line for line in lines if beginning in line))

    def complete_halves(self, title: str, beginning: str) -> list[date]:
        """The same without those that are told so far only."""
        line = next((each for each in self.notes.get(title, "").splitlines() if beginning in each), "")
        open_ones = {name for name in HALF.findall(line) if f"{name} (so far" in line}
        return halves_named("; ".join(name for name in HALF.findall(line) if name not in open_ones))


def workbook(data: bytes) -> Workbook:
    rows, heads, notes = {}, {}, {}
    for sheet in load_workbook(BytesIO(data)):
        heads[sheet.title] = next(sheet.iter_rows(max_row=1, values_only=True))
        found = [tuple(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
        end = next((place for place, row in enumerate(found) if not any(row)), len(found))
        rows[sheet.title] = found[:end]
        notes[sheet.title] = "\n".join(str(cell) for row in found[end:] for cell in row if cell)
    return Workbook(rows, heads, notes)


def page_text(html: str) -> str:
    return unescape(TAGS.sub("", html))


def pdf_text(data: bytes) -> str:
    return "".join(each.extract_text() for each in PdfReader(BytesIO(data)).pages)


def squeezed(words: object) -> str:
    """Without spaces and commas, as text comes out of pages and PDF."""
    return re.sub(r"[\s,]", "", str(words))


def not_on(text: str, book: Workbook, columns: Mapping[str, Sequence[int]]) -> list[Cells]:
    """The rows of the workbook whose cells do not stand beside each other in a text."""
    there = squeezed(text)
    return [
        (title, *row)
        for title, places in columns.items()
        for row in book[title]
        if squeezed("".join(str(row[place]) for place in places if row[place] is not None)) not in there
    ]
