"""CSV as text: what a file may look like, its rows, and cells that no spreadsheet takes for a formula. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.kit.errors import Invalid
from lms.kit.words import count, listed

SIGNS = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""What begins a formula, also as wide as an East Asian letter: some spreadsheets take those for the same."""

LOOKS_LIKE_FORMULA = re.compile(f"'*{SIGNS}")
GUARDED = re.compile(f"'+{SIGNS}")
DELIMITERS = ",\t;"


@dataclass(frozen=True)
class RowProblem:
    """Why a row, or the whole file, was refused. Rows are numbered as a spreadsheet numbers them: the header is 1."""

    row: int | None
    column: str | None
    words: str
    code: str = ""

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        where += [f"column {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.words}" if where else self.words


@dataclass(frozen=True)
class CsvTable:
    """The rows of a file by their number, and the problems of rows that could not be taken apart."""

    rows: Mapping[int, Mapping[str, str]]
    problems: tuple[RowProblem, ...]


def safe_cell(value: str) -> str:
    """The value, with an apostrophe in front where a spreadsheet might run it as a formula."""
    return "'" + value if LOOKS_LIKE_FORMULA.match(value) else value


def plain_cell(cell: str) -> str:
    """The value that `safe_cell` was given: exactly its apostrophe is taken away."""
    return cell[1:] if GUARDED.match(cell) else cell


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A CSV file as text, safe from formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe_cell(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def read_csv(data: bytes, columns: Sequence[str], *, may_be_missing: Collection[str] = ()) -> CsvTable:
    """The rows of a file with these columns, in any order, and no others. Raises Invalid when it is not such a file."""
    text = _decode(data)
    if "\0" in text:
        raise Invalid("The file holds characters that are not text. Save it again as CSV UTF-8.")
    first_line = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first_line), strict=True)
    header: list[str] | None = None
    rows: dict[int, dict[str, str]] = {}
    problems: list[RowProblem] = []
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if header is None:
                header = _header(line, columns, may_be_missing)
            elif len(line) > len(header) and any(each.strip() for each in line[len(header) :]):
                problems.append(
                    RowProblem(number, None, "There are more cells than columns. Put quotes around commas.")
                )
            elif any(each.strip() for each in line):
                cells = [plain_cell(each) for each in line] + [""] * (len(header) - len(line))
                rows[number] = dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise Invalid(f"Row {number + 1} cannot be read ({error}). Check its quotation marks.") from None
    if header is None:
        raise Invalid(f"The file is empty. Its first row should be {','.join(columns)}.")
    return CsvTable(rows, tuple(problems))


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data[1:2] == b"\0" or data[:1] == b"\0":
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8. In Excel, save it as “CSV UTF-8 (Comma delimited)”.") from None


def _delimiter(first_line: str) -> str:
    """Spreadsheets also write tabs or semicolons; no column's name holds one."""
    return max(DELIMITERS, key=first_line.count)


def _header(line: Sequence[str], columns: Sequence[str], may_be_missing: Collection[str]) -> list[str]:
    header = [each.strip().casefold() for each in line]
    while header and not header[-1]:
        header.pop()
    wrong = []
    for words, names in (
        ("missing", [each for each in columns if each not in header and each not in may_be_missing]),
        ("unknown", [each or "(without a name)" for each in dict.fromkeys(header) if each not in columns]),
        ("there twice", [each for each in columns if header.count(each) > 1]),
    ):
        if names:
            wrong.append(f"{words}: {listed(names)}")
    if wrong:
        raise Invalid(
            f"The first row should name the {count(len(columns), 'column')} {', '.join(columns)}. It has "
            f"columns {'; '.join(wrong)}."
        )
    return header
