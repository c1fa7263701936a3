"""Figures for reports."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lms.frame.work import Work
from lms.kit.figures import ReportQuestion, SectionContent
from lms.kit.rows_behind import Behind, RowsBehind


class ReportPart(StrEnum):
    """The three questions that a yearly report answers, in this order."""

    HOW_MUCH = "how_much"
    HOW_WELL = "how_well"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class ReportSection:
    """Figures that a plugin adds to reports. `gather(work, question)` answers them in a fixed number of queries.

    The reader may be a chair or a scrutineer: a section hides small numbers of people, and names nobody.
    `rows(work, question, asked)` answers the rows behind one of its figures for whoever may see them
    (`reports.see_rows`), and None for a measure that is not its own. `lms.kit.rows_behind.with_rows` gives figures
    the address of that page.
    """

    name: str
    title: str
    part: ReportPart
    position: int
    gather: Callable[[Work, ReportQuestion], SectionContent]
    rows: Callable[[Work, ReportQuestion, Behind], RowsBehind | None] | None = None
