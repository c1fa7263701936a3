"""The report of a period: every plugin's section, gathered once, and the same as plain JSON values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from lms.frame.access import Actor, Role
from lms.frame.apart import Fault, apart
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.errors import Conflict, NotAllowed, NotFound, Refused
from lms.kit.figures import NOT_APPLICABLE, Figure, FigureTable, Period, ReportQuestion, SectionContent
from lms.kit.words import listed
from lms.kit.working_days import london
from lms.reports.models import ToldQuarter, YearlyReport
from lms.reports.rules import CHARGES, is_financial_year, is_quarter, period_of

READ, WRITE = "reports.read", "reports.write"
SEE_ROWS = "reports.see_rows"
READER = frozenset({Role.SCRUTINEER})
"""Readers of a published report: anybody. They see what somebody sees who sees no rows and no embargo."""
PART_TITLES = {
    ReportPart.HOW_MUCH: "How much did we do?",
    ReportPart.HOW_WELL: "How well did we do it?",
    ReportPart.DIFFERENCE: "What difference did it make?",
}


@dataclass(frozen=True)
class Gathered:
    """A section with what it says of the period."""

    name: str
    title: str
    part: ReportPart
    content: SectionContent


@dataclass(frozen=True)
class Report:
    """What all sections say of a period, as at a moment."""

    question: ReportQuestion
    as_at: datetime
    sections: tuple[Gathered, ...]
    missing: tuple[str, ...] = ()
    """Titles of sections that failed."""

    @property
    def figures(self) -> Iterator[Figure]:
        return (figure for section in self.sections for figure in section.content.figures)

    @property
    def measures(self) -> Iterator[Figure]:
        """Every figure, and those that every report promises where the plugin that counts them is left out."""
        given = {figure.name for figure in self.figures}
        yield from self.figures
        for name, title, definition in CHARGES:
            if (measure := f"charges_{name}_pence") not in given:
                yield Figure(measure, title, None, definition, NOT_APPLICABLE)

    @property
    def tables(self) -> Iterator[FigureTable]:
        return (table for section in self.sections for table in section.content.tables)


def gather_report(work: Work, question: ReportQuestion) -> Report:
    """Ask every section, in a number of queries that does not grow with the records.

    Raises NotAllowed for dates that this reader may not choose, and Conflict when a section fails: figures that leave
    this place, or are frozen, are all there or not at all.
    """
    report = gather_what_can_be(work, question)
    if report.missing:
        raise Conflict(
            f"{listed(report.missing)} cannot be counted at the moment, and without it this is not complete."
            f"{listed(report.missing)} cannot be counted at the moment, and without it this is not complete."
        )
    return report


def gather_what_can_be(work: Work, question: ReportQuestion) -> Report:
    """For a page that says what is missing: a section that fails takes no other with it."""
    check_can_ask(work, question)
    sections: tuple[ReportSection, ...] = work.site.report_sections
    gathered = [(each, _gathered(work, each, question)) for each in sections]
    return Report(
        question,
        work.now,
        tuple(Gathered(each.name, each.title, each.part, content) for each, content in gathered if content),
        tuple(each.title for each, content in gathered if content is None),
    )


def _gathered(work: Work, section: ReportSection, question: ReportQuestion) -> SectionContent | None:
    try:
        with apart(work.session, f"the report section {section.name}"):
            return section.gather(work, question)
    except Fault as fault:
        if isinstance(fault.__cause__, Refused):
            raise fault.__cause__ from None
        return None


def sees_rows(actor: Actor, question: ReportQuestion) -> bool:
    """Whether the rows behind the figures are open to this reader, so that no number of people needs hiding."""
    return actor.may(SEE_ROWS) or question.agency_id in actor.leads_agency_ids


def check_can_ask(work: Work, question: ReportQuestion) -> None:
    """Who does not see the rows sees financial years and quarters: between two dates close together, a small number
    of people could be worked out by subtracting."""
    plain = ReportQuestion(question.period)
    is_whole = is_financial_year(plain.period) or is_quarter(plain.period)
    if sees_rows(work.actor, question) or (question == plain and is_whole):
        return
    raise NotAllowed(
        "Your role sees whole financial years and their quarters, for all agencies together. "
        "With other choices, small numbers of people could be worked out by subtracting."
    )


def annual_figures(
    work: Work,
    from_on: date,
    to_on: date,
    *,
    as_now: bool = False,
    only_types: tuple[str, ...] = (),
    types_apart: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The report of a period as plain JSON values (docs/figures.md), as this reader may see it.

    Raises Invalid for a period that cannot be, NotAllowed for one that this reader may not choose.
    """
    question = ReportQuestion(period_of(from_on, to_on), None, as_now, only_types, types_apart)
    return report_values(gather_report(work, question))


def report_values(report: Report) -> dict[str, Any]:
    """`period`, `as_at`, `measures` by name, then each table under its own name."""
    period = report.question.period
    return {
        "period": [period.from_on.isoformat(), period.to_on.isoformat()],
        "as_at": london(report.as_at).isoformat(timespec="seconds"),
        "measures": {figure.name: figure_values(figure) for figure in report.measures},
        **{table.name: table_values(table) for table in report.tables},
    }


def figure_values(figure: Figure) -> dict[str, Any]:
    """A measure as data. A rate has its parts; what is hidden or not applicable has no value, and says why."""
    said: dict[str, Any] = {"value": figure.value, "title": figure.title, "definition": figure.definition}
    said["shown"] = figure.shown
    if figure.numerator is not None:
        said |= {"numerator": figure.numerator, "denominator": figure.denominator}
    return said


def table_values(table: FigureTable) -> Any:
    """Rows as they are, without what is there to be drawn; a mapping from the first column to the second where the
    table says so."""
    if table.is_mapping:
        first, second = table.columns
        return {str(row[first]): row[second] for row in table.rows}
    ends = ("low", "high") if table.dots else ()
    drawn = {*ends, *(name for part in table.parts for name in (part, f"{part}_shown"))}
    return [{name: cell for name, cell in row.items() if name not in drawn} for row in table.rows]


def kept_before(session: Session, section: str, period: Period) -> list[tuple[Any, ...]]:
    """What a section kept with the reports, and the quarters told, that lie in a period: one each, the oldest first.

    Two queries. Whoever was told then knows it still: what is told later must not give away what was hidden.
    """
    found: list[tuple[Any, Any]] = []
    for told, moment in ((YearlyReport, YearlyReport.published_at), (ToldQuarter, ToldQuarter.told_at)):
        within = (told.from_on >= period.from_on, told.to_on <= period.to_on, moment.is_not(None))
        found += session.execute(sa.select(moment, told.frozen).where(*within).order_by(moment)).all()
    sections = [each for _, frozen in sorted(found, key=itemgetter(0)) for each in frozen["sections"]]
    return [tuple(each.get("kept", ())) for each in sections if each["name"] == section]


def reports_list(work: Work) -> list[YearlyReport]:
    """Published reports, the latest year first; drafts too for those who write them."""
    asked = sa.select(YearlyReport).order_by(YearlyReport.from_on.desc(), YearlyReport.edition.desc())
    return list(work.session.scalars(asked.where(_may_read(work)).options(defer(YearlyReport.frozen))))


def report_of(work: Work, report_id: int) -> YearlyReport:
    """A report by its number. Raises NotFound, for a draft too when the reader does not write reports."""
    found = work.session.scalar(sa.select(YearlyReport).where(YearlyReport.id == report_id, _may_read(work)))
    if found is None:
        raise NotFound("We cannot find that report. The list of reports has those that are published.")
    return found


def _may_read(work: Work) -> sa.ColumnElement[bool]:
    return sa.true() if work.actor.may(WRITE) else YearlyReport.published_at.is_not(None)


def as_reader(work: Work) -> Work:
    """The same work as a reader of reports would ask, so that small numbers and what is confidential stay out."""
    actor = Actor("a reader of reports", roles=READER, permissions=work.site.permissions_of(READER))
    return replace(work, actor=actor)
