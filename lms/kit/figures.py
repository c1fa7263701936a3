"""Figures as reports show them: a value with its definition, tables of plain rows, the period asked for. Pure values.

A plugin's report section (`lms.frame.plugins.ReportSection`) answers these, and the host alone turns them into JSON,
pages, CSV, XLSX and PDF, and freezes them when a report is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lms.kit.telling.numbers import HIDDEN, SMALL, Told
from lms.kit.telling.steps import span_of

NOT_APPLICABLE = "not applicable"
Cell = str | int | float | None


@dataclass(frozen=True)
class Period:
    """Both days included. `words`: "the financial year 2019-20"."""

    from_on: date
    to_on: date
    words: str


@dataclass(frozen=True)
class ReportQuestion:
    """What a report is about: a period, and all agencies or only one.

    `as_now`: an agency that merged counts under its successor; otherwise figures are told as they were then.
    `only_types`, `types_apart`: event types ("conference") that alone are counted, or that are left out of the totals
    and told on their own. Sections that know no event types leave them aside.
    """

    period: Period
    agency_id: int | None = None
    as_now: bool = False
    only_types: tuple[str, ...] = ()
    types_apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One measure by its name in data (`attendance_rate`). `shown` is how people read it; a rate has its parts.

    `value` is None when it is not applicable (a rate of nothing) or hidden (a small number of people).
    `rows` is the address of the page with the rows behind it, for a reader who may see them.
    """

    name: str
    title: str
    value: int | float | None
    definition: str
    shown: str
    numerator: int | None = None
    denominator: int | None = None
    rows: str = ""


@dataclass(frozen=True)
class FigureTable:
    """Rows that break figures down (`by_sector`). `columns` gives each column's name in data and its heading.

    `is_mapping`: of two columns, told in data as one mapping from the first to the second. `drawn` names the column
    that is drawn as bars where people would rather look; `dots` those that are drawn on a scale from 1 to 10, the last
    with its interval (a row's `low` and `high`; in words, `change` and `interval`). `parts` names shares of each row's
    whole that are drawn as one bar (each with its words, `<name>_shown`), and says what they are; a row is then called
    by its first two columns. `opens`: for each row the address of the page with the rows
    behind it, for a reader who may see them; with `&measure=` and the column's name, those behind one number.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: tuple[Mapping[str, Cell], ...]
    note: str = ""
    is_mapping: bool = False
    drawn: str = ""
    opens: tuple[str, ...] = ()
    dots: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SectionContent:
    """What a section says about a period.

    `kept`: plain values that are stored with a report when it is published, and that the section is given back by
    `lms.reports.queries.kept_before`, so that what it tells later gives nothing away that was hidden then.
    """

    figures: tuple[Figure, ...] = ()
    tables: tuple[FigureTable, ...] = field(default=())
    kept: tuple[Any, ...] = ()


def count(name: str, title: str, number: int, definition: str, *, rows: str = "") -> Figure:
    """A number of things, "1,478"."""
    return Figure(name, title, number, definition, f"{number:,}", rows=rows)


def hidden(name: str, title: str, definition: str, *, is_small: bool) -> Figure:
    """A number of people that is not told: a small one, or one that would give a small one away."""
    return Figure(name, title, None, definition, Told(None, is_small).shown)


def rate(name: str, title: str, numerator: int, denominator: int, definition: str) -> Figure:
    """A share, "93.3%"; of nothing it is not applicable, never 0%."""
    value = numerator / denominator if denominator else None
    return Figure(name, title, value, definition, shown_rate(numerator, denominator), numerator, denominator)


def told_count(name: str, title: str, told: Told, definition: str) -> Figure:
    """A number of people as it is told."""
    return Figure(name, title, told.number, definition, told.shown)


def told_rate(name: str, title: str, part: Told, of: Told, definition: str) -> Figure:
    """A share of people, as far as both of its numbers are told."""
    if part.number is not None and of.number is not None:
        return rate(name, title, part.number, of.number, definition)
    return Figure(name, title, None, definition, rate_shown(part, of))


def share_shown(told: Told, of: int) -> str:
    """A number of people as a share, as far as it is told: 93.3%, at least 95.2%, under 4.2%, 68.9% to 73.8%."""
    if told.number is not None:
        return shown_rate(told.number, of)
    if told.is_small:
        return f"under {shown_rate(SMALL, of)}" if of > SMALL else HIDDEN
    if told.out_of is not None:
        return f"at least {shown_rate(told.least, of)}"
    return " to ".join(shown_rate(each, of) for each in told.between) if told.between else HIDDEN


def rate_shown(part: Told, of: Told) -> str:
    """A share of a number, as far as both are told: 39.0%, 97.9% to 98.6%, at least 98.6%, or hidden."""
    parts, wholes = span_of(part), span_of(of)
    if parts is None or wholes is None:
        return HIDDEN
    if part.number is not None and of.number is not None:
        return shown_rate(part.number, of.number)
    least, most = shown_rate(parts[0], wholes[1]), shown_rate(min(parts[1], wholes[0]), wholes[0])
    return f"at least {least}" if parts[1] >= wholes[0] else f"{least} to {most}"


def shown_rate(numerator: int, denominator: int, places: int = 1) -> str:
    """A share in per cent, rounded half up: one decimal for tables, none for prose."""
    if not denominator:
        return NOT_APPLICABLE
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    return f"{exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,}%"
