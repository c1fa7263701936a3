"""A report as plain JSON values that are kept, and back: what was published is shown again later, to the letter."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from lms.frame.plugins import ReportPart
from lms.kit.figures import Figure, FigureTable, Period, ReportQuestion, SectionContent
from lms.reports.queries import Gathered, Report


@dataclass(frozen=True)
class Yearly:
    """A yearly report as it is read: the figures, the writer's words by place, and the figures of the year before.

    `before_words` says where those come from. `published_at` is None for a draft.
    """

    title: str
    report: Report
    texts: Mapping[str, str]
    before: Mapping[str, Figure] = field(default_factory=dict)
    before_words: str = ""
    published_at: datetime | None = None


def freeze(yearly: Yearly) -> dict[str, Any]:
    """Every figure with its definition, every table, every word."""
    period = yearly.report.question.period
    return {
        "title": yearly.title,
        "period": [period.from_on.isoformat(), period.to_on.isoformat(), period.words],
        "as_at": yearly.report.as_at.isoformat(),
        "sections": [_section(each) for each in yearly.report.sections],
        "texts": dict(yearly.texts),
        "before": [asdict(figure) for figure in yearly.before.values()],
        "before_words": yearly.before_words,
    }


def thaw(frozen: Mapping[str, Any], published_at: datetime | None) -> Yearly:
    """The same again."""
    from_on, to_on, words = frozen["period"]
    question = ReportQuestion(Period(date.fromisoformat(from_on), date.fromisoformat(to_on), words))
    sections = tuple(_thawed(each) for each in frozen["sections"])
    return Yearly(
        title=frozen["title"],
        report=Report(question, datetime.fromisoformat(frozen["as_at"]), sections),
        texts=frozen["texts"],
        before={each["name"]: Figure(**each) for each in frozen["before"]},
        before_words=frozen["before_words"],
        published_at=published_at,
    )


def _section(each: Gathered) -> dict[str, Any]:
    tables = [
        {**asdict(table), "rows": [dict(row) for row in table.rows], "dots": list(table.dots), "opens": []}
        for table in each.content.tables
    ]
    return {
        "name": each.name,
        "title": each.title,
        "part": each.part.value,
        "figures": [{**asdict(figure), "rows": ""} for figure in each.content.figures],
        "tables": tables,
        "kept": list(each.content.kept),
    }


def _thawed(said: Mapping[str, Any]) -> Gathered:
    figures = tuple(Figure(**each) for each in said["figures"])
    tables = tuple(
        FigureTable(**{**each, "rows": tuple(each["rows"]), "dots": tuple(each.get("dots", ())), "opens": ()})
        for each in said["tables"]
    )
    return Gathered(said["name"], said["title"], ReportPart(said["part"]), SectionContent(figures, tables))
