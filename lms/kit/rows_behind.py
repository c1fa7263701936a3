"""The rows behind a figure: where they are asked for, and how one reads. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from lms.kit.figures import Figure, ReportQuestion
from lms.kit.pages import PageOf

ROWS_AT = "/figures/rows"


@dataclass(frozen=True)
class BehindRow:
    """One row behind a number, and the page of the record."""

    what: str
    url: str
    agency: str
    event: str
    on: date
    became: str


@dataclass(frozen=True)
class Behind:
    """What somebody wants the rows of: a measure, narrowed `by` the cells of a table's row, one page of them."""

    measure: str
    by: Mapping[str, str]
    page: int


@dataclass(frozen=True)
class RowsBehind:
    """The measure's title, and a page of as many rows as its number says."""

    title: str
    rows: PageOf[BehindRow]


def rows_address(question: ReportQuestion, **narrowed: str | Sequence[str]) -> str:
    """The page with the rows behind a number: the question, and what narrows it (`measure`, `sector` ...)."""
    asked: dict[str, str | Sequence[str]] = {
        "from": question.period.from_on.isoformat(),
        "to": question.period.to_on.isoformat(),
        "only": question.only_types,
        "apart": question.types_apart,
        **({"as_now": "1"} if question.as_now else {}),
        **({"agency_id": str(question.agency_id)} if question.agency_id is not None else {}),
        **narrowed,
    }
    return f"{ROWS_AT}?{urlencode({name: value for name, value in asked.items() if value}, doseq=True)}"


def with_rows(figures: Iterable[Figure], question: ReportQuestion) -> list[Figure]:
    """The same figures, each with the address of the rows behind it."""
    return [replace(each, rows=rows_address(question, measure=each.name)) for each in figures]
