"""The cells of a CSV row: read into values, and written back as they would be read.

Each reader takes the row and the column's name. What cannot be read raises Invalid with `field` naming the column, so
that the import can say "row 7, column starts_at: ...". Each value has a writer below that makes the same text again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeVar, overload

from lms.frame.plugins import UNCHANGED, Change
from lms.frame.work import Recorded
from lms.kit.addresses import clean_address
from lms.kit.errors import Invalid
from lms.kit.names import read_name
from lms.kit.words import listed
from lms.kit.working_days import london, parse_wall

Row = Mapping[str, str]
Kind = TypeVar("Kind", bound=StrEnum)
Thing = TypeVar("Thing")

LARGEST_NUMBER = 2_147_483_647
NEEDED = "Enter a value."
NUMBER = re.compile(r"-?\d{1,12}", re.ASCII)
POUNDS = re.compile(r"£?(-?\d{1,9})(?:\.(\d\d?))?", re.ASCII)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
UNESCAPED_SEMICOLON = re.compile(r"((?:\\[\\;]|[^;])*)(?:;|$)", re.DOTALL)
ESCAPED = re.compile(r"\\([\\;])")
YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


# Reading


def text(row: Row, column: str, *, required: bool = False) -> str:
    """The cell without the spaces around it, its lines ending in a plain newline."""
    value = row[column].strip().replace("\r\n", "\n").replace("\r", "\n")
    if required and not value:
        raise Invalid(NEEDED, field=column)
    return value


def name(row: Row, column: str, *, required: bool = False) -> str:
    """The name of a person, an agency or the like, without what no name holds."""
    return read_name(text(row, column, required=required), field=column)


@overload
def iso_date(row: Row, column: str, *, required: Literal[True]) -> date: ...
@overload
def iso_date(row: Row, column: str, *, required: bool = ...) -> date | None: ...
def iso_date(row: Row, column: str, *, required: bool = False) -> date | None:
    """A day such as 2026-04-09; an empty cell is None."""
    return _read(row, column, required, lambda value: _date(value, column))


@overload
def wall_moment(row: Row, column: str, *, required: Literal[True]) -> datetime: ...
@overload
def wall_moment(row: Row, column: str, *, required: bool = ...) -> datetime | None: ...
def wall_moment(row: Row, column: str, *, required: bool = False) -> datetime | None:
    """The moment, in UTC, of a London wall time such as 2026-04-09 09:30; an empty cell is None."""
    return _read(row, column, required, lambda value: parse_wall(value, field=column))


@overload
def whole_number(row: Row, column: str, *, required: Literal[True], at_least: int = ...) -> int: ...
@overload
def whole_number(row: Row, column: str, *, required: bool = ..., at_least: int = ...) -> int | None: ...
def whole_number(row: Row, column: str, *, required: bool = False, at_least: int = 0) -> int | None:
    """A whole number; an empty cell is None."""
    return _read(row, column, required, lambda value: _number(value, column, at_least))


@overload
def pence(row: Row, column: str, *, required: Literal[True]) -> int: ...
@overload
def pence(row: Row, column: str, *, required: bool = ...) -> int | None: ...
def pence(row: Row, column: str, *, required: bool = False) -> int | None:
    """Pounds such as 50, 50.00 or £1,250.50, in pence; an empty cell is None."""
    return _read(row, column, required, lambda value: _pence(value, column))


def yes_no(row: Row, column: str, *, empty: bool = False) -> bool:
    """Yes or no; an empty cell is `empty`."""
    value = text(row, column).casefold()
    if value and value not in YES_NO:
        raise Invalid("Enter yes or no.", field=column)
    return YES_NO.get(value, empty)


def words(row: Row, column: str) -> list[str]:
    r"""A list with ; between its parts, without empty ones. A semicolon inside a part is written \; ."""
    parts = UNESCAPED_SEMICOLON.findall(text(row, column))
    return [part for each in parts if (part := ESCAPED.sub(r"\1", each).strip())]


def choice(row: Row, column: str, kinds: type[Kind], *, empty: Kind | None = None) -> Kind:
    """One of the values of an enumeration, in any capitals; spaces and underscores are the same."""
    value = text(row, column).casefold()
    if not value and empty is not None:
        return empty
    known = {_loose(each.value): each for each in kinds}
    if _loose(value) not in known:
        raise Invalid(f"Enter {listed((each.value for each in kinds), 'or')}.", field=column)
    return known[_loose(value)]


def address(row: Row, column: str, *, required: bool = False) -> str:
    """An email address in lower case; an empty cell is no address."""
    return clean_address(text(row, column, required=required), field=column)


@overload
def one_of(row: Row, column: str, known: Mapping[str, Thing], *, what: str = ..., required: Literal[True]) -> Thing: ...
@overload
def one_of(
    row: Row, column: str, known: Mapping[str, Thing], *, what: str = ..., required: bool = ...
) -> Thing | None: ...
def one_of(
    row: Row, column: str, known: Mapping[str, Thing], *, what: str = "record", required: bool = False
) -> Thing | None:
    """The thing that the cell names, out of those that were looked up for all rows; an empty cell is None."""
    return _read(row, column, required, lambda value: _known(value, column, known, what))


def many_of(row: Row, column: str, known: Mapping[str, Thing], *, what: str = "record") -> list[Thing]:
    """The things that a list with ; names, each once, in their order."""
    return [_known(name, column, known, what) for name in dict.fromkeys(words(row, column))]


# Writing


def said_date(day: date | None) -> str:
    """2026-04-09, or nothing."""
    return day.isoformat() if day else ""


def said_wall(moment: datetime | None) -> str:
    """2026-04-09T09:30 as clocks in London show it, with seconds only where there are any; or nothing."""
    if moment is None:
        return ""
    shown = london(moment)
    return f"{shown:%Y-%m-%dT%H:%M:%S}" if shown.second else f"{shown:%Y-%m-%dT%H:%M}"


def said_number(number: int | None) -> str:
    """24, or nothing."""
    return "" if number is None else str(number)


def said_pence(amount: int | None) -> str:
    """50.00, or nothing."""
    if amount is None:
        return ""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}"


def said_yes_no(yes: bool) -> str:
    """yes or no."""
    return "yes" if yes else "no"


def said_words(parts: Iterable[str]) -> str:
    """The parts with ; between them."""
    return "; ".join(part.replace("\\", "\\\\").replace(";", "\\;") for part in parts)


def difference(thing: Recorded, before: Row, after: Row) -> Change:
    """What an import changed in a record: the columns that would be exported differently, with what they were."""
    was = {column: before[column] for column in before if before[column] != after[column]}
    return Change("changed", tuple(was), thing=thing, before=was) if was else UNCHANGED


def whole_row(row: Row, record: Row) -> Row:
    """The row with the columns that its file leaves out: they say what the record says, and so change nothing."""
    return {**record, **row}


# What they share


def _read(row: Row, column: str, required: bool, read: Callable[[str], Thing]) -> Thing | None:
    value = text(row, column, required=required)
    return read(value) if value else None


def _date(value: str, column: str) -> date:
    if ISO_DATE.fullmatch(value) is None:
        raise Invalid("Enter the date as year-month-day, like 2026-04-09.", field=column)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid(f"{value} is not a real date. Check the day and the month.", field=column) from None


def _number(value: str, column: str, at_least: int) -> int:
    if NUMBER.fullmatch(value) is None:
        raise Invalid("Enter a whole number.", field=column)
    number = int(value)
    if not at_least <= number <= LARGEST_NUMBER:
        raise Invalid(f"Enter a whole number of {at_least} or more.", field=column)
    return number


def _pence(value: str, column: str) -> int:
    found = POUNDS.fullmatch(value.replace(",", ""))
    if found is None:
        raise Invalid("Enter pounds like 50 or 50.00.", field=column)
    amount = abs(int(found[1])) * 100 + int((found[2] or "0").ljust(2, "0"))
    return -amount if found[1].startswith("-") else amount


def _known(value: str, column: str, known: Mapping[str, Thing], what: str) -> Thing:
    if value not in known:
        raise Invalid(f"There is no {what} {value}. Check the spelling, or import it first.", field=column)
    return known[value]


def _loose(value: str) -> str:
    return value.casefold().replace("_", " ")
