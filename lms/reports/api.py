"""Figures for other systems: the very report that the page, the command and the documents tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms.api.shapes import REST, says
from lms.frame.plugins import Asked, Operation
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.reports.queries import READ, annual_figures


@dataclass(frozen=True)
class PeriodWanted:
    """Of which days. Who does not see the rows behind figures asks for financial years and quarters."""

    from_on: date = field(metadata=says("The first day.", name="from"))
    to_on: date = field(metadata=says("The last day.", name="to"))
    as_now: bool = field(default=False, metadata=says("Count agencies that merged under what they have become."))


@dataclass(frozen=True)
class FiguresAnswer:
    """The report: measures by their names, each with value, title, definition and how it is shown; a rate has its
    numerator and denominator too. Tables that break them down (`by_sector`, `by_agency`) stand beside them."""

    period: tuple[date, ...]
    as_at: str
    measures: Mapping[str, Any]
    tables: Mapping[str, Any] = field(metadata=REST)


def annual(work: Work, asked: Asked) -> FiguresAnswer:
    """The figures between two days, as this token's role may see them."""
    wanted: PeriodWanted = asked.query
    try:
        told = annual_figures(work, wanted.from_on, wanted.to_on, as_now=wanted.as_now)
    except Invalid as refusal:
        raise Invalid(refusal.words, field=(refusal.field or "to").removesuffix("_on")) from refusal
    tables = {name: table for name, table in told.items() if name not in {"period", "as_at", "measures"}}
    return FiguresAnswer((wanted.from_on, wanted.to_on), told["as_at"], told["measures"], tables)


OPERATIONS = (
    Operation(
        name="reports.annual_figures",
        method="GET",
        path="/figures/annual",
        words="The figures of a period, each with its definition",
        query=PeriodWanted,
        answer=FiguresAnswer,
        run=annual,
        permission=READ,
    ),
)
