"""Tables in and out: kinds of CSV file, and tables to download."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lms.frame.work import Recorded, Work
from lms.kit.figures import Cell


@dataclass(frozen=True)
class Column:
    """A column of a CSV kind. A key column identifies the row; a required one may not be empty."""

    name: str
    is_key: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Change:
    """What one row of an import does: "added", "changed" (with the columns that differ) or "unchanged".

    With `thing`, the import writes the audit's line for the row, `before` telling what its columns said; a reader
    then records nothing itself. (20,000 rows are one INSERT, and every kind is told in the same way.)
    `warnings` are sentences on what may be taken and should be looked at first; they refuse nothing.
    """

    what: str
    columns: tuple[str, ...] = ()
    thing: Recorded | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


ADDED = Change("added")
UNCHANGED = Change("unchanged")
RowReader = Callable[[Mapping[str, str]], Change]


@dataclass(frozen=True)
class Import:
    """A kind of CSV file, in and out.

    `reader(work, rows)` looks up once what all rows need and answers a function that is called for each row, in the
    file's order; it writes through `work` and answers the Change, or raises Invalid with `field` naming the column.
    `lms.frame.cells` reads and writes cells. Key and required columns are never empty there, and keys come once.
    Nothing is saved when any row is refused, nor in a dry run. `export(work)` yields rows as `columns` names them.
    `position` orders kinds that need each other (agencies 10, people 20, courses 30, events 40, bookings 50).
    Where `may_leave_out`, a file may come without columns that are no key: rows then hold those that the file has, and
    `lms.frame.cells.whole_row` says the others as the record does.
    """

    kind: str
    words: str
    columns: tuple[Column, ...]
    reader: Callable[[Work, list[Mapping[str, str]]], RowReader]
    export: Callable[[Work], Iterable[Mapping[str, str]]]
    permission: str
    position: int
    may_leave_out: bool = False


@dataclass(frozen=True)
class Export:
    """A table that leaves as CSV and XLSX, one flat row each, as a list on screen shows it to whoever asks.

    Kinds of `Import` leave too and need none of these. `rows(work)` yields a cell for each of `columns`; what counts
    people hides small numbers from those who are not entitled to rows, by the very function that the page uses.
    """

    kind: str
    words: str
    permission: str
    columns: tuple[str, ...]
    rows: Callable[[Work], Iterable[Mapping[str, Cell]]]
