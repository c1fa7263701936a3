"""CSV text: any values come back as they were, formulas are harmless, and files as spreadsheets write them are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.kit.errors import Invalid
from lms.tables.rules import plain_cell, read_csv, safe_cell, write_csv

COLUMNS = ("code", "name")
values = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
tricky = some.text("'=+-@\t\r\n,;\" aé", max_size=8)


@given(some.lists(some.tuples(values | tricky, values | tricky)))
def test_what_is_written_is_read_again(pairs: list[tuple[str, str]]) -> None:
    rows = [dict(zip(COLUMNS, pair, strict=True)) for pair in pairs]
    read = read_csv(write_csv(COLUMNS, rows).encode(), COLUMNS)
    assert list(read.rows.values()) == [row for row in rows if any(each.strip() for each in safe(row))]
    assert read.problems == ()


def safe(row: dict[str, str]) -> list[str]:
    return [safe_cell(each) for each in row.values()]


@given(values | tricky)
def test_no_cell_starts_like_a_formula_and_the_guard_comes_off_exactly(value: str) -> None:
    assert not safe_cell(value).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain_cell(safe_cell(value)) == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_of_spreadsheets_are_read(encoding: str, delimiter: str) -> None:
    text = f"Name{delimiter}CODE\r\nZoë{delimiter}A1\r\n"
    assert read_csv(text.encode(encoding), COLUMNS).rows == {2: {"code": "A1", "name": "Zoë"}}


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    read = read_csv(b'code,name\r\n\r\nA1,"Two\nlines"\r\n,,\r\nA2,b\r\nA3,b,too many\r\nA4\r\n', COLUMNS)
    assert list(read.rows) == [3, 5, 7]
    assert read.rows[3]["name"] == "Two\nlines"
    assert read.rows[7] == {"code": "A4", "name": ""}
    assert str(read.problems[0]).startswith("row 6: There are more cells")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"code\r\nA1", "missing: name"),
        (b"code,name,shoe\r\n", "unknown: shoe"),
        (b"code,name,name\r\n", "there twice: name"),
        (b"code,name\r\nA1,\xff\xfe\xfd", "not UTF-8"),
        (b'code,name\r\nA1,"no end', "quotation marks"),
        (b"code,name\r\nA\x001,b", "not text"),
    ],
)
def test_what_is_no_such_table_is_refused_as_a_whole(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_csv(data, COLUMNS)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\n", "\t", "\r", "'＝"])
def test_a_sign_as_wide_as_an_east_asian_letter_begins_no_formula(sign: str) -> None:
    value = f"{sign}HYPERLINK(1)"
    assert safe_cell(value) == f"'{value}"
    assert plain_cell(safe_cell(value)) == value
