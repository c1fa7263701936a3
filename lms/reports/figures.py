"""A report laid out for reading: by the three questions, each figure beside the year before, tables as charts."""

from collections.abc import Mapping
from dataclasses import dataclass

from lms.frame.plugins import ReportPart
from lms.kit.charts import Bar, Bars
from lms.kit.figures import Cell, Figure, FigureTable
from lms.reports.queries import PART_TITLES, Gathered, Report
from lms.reports.rules import INTRODUCTION, NEXT_STEPS, change_words


@dataclass(frozen=True)
class FigureShown:
    """A figure, what it is of, and the year before."""

    figure: Figure
    of: str
    before: str
    change: str


@dataclass(frozen=True)
class SectionShown:
    """A section; `place` is where the writer's words about it stand."""

    place: str
    title: str
    figures: tuple[FigureShown, ...]
    tables: tuple[FigureTable, ...]
    charts: tuple[Bars, ...]


@dataclass(frozen=True)
class PartShown:
    """One of the three questions with its sections."""

    place: str
    title: str
    sections: tuple[SectionShown, ...]


def laid_out(report: Report, before: Mapping[str, Figure]) -> list[PartShown]:
    """The parts that have anything to say."""
    parts = []
    for part in ReportPart:
        sections = tuple(_section(each, before) for each in report.sections if each.part is part)
        if sections:
            parts.append(PartShown(part.value, PART_TITLES[part], sections))
    return parts


def place_of(section: str) -> str:
    """Where the words about a section stand: `courses-programme`, as the name of a form's field."""
    return section.replace(".", "-")


def places_of(report: Report) -> list[tuple[str, str]]:
    """Every place where the writer can say something, with its title, in the report's order."""
    places = [(INTRODUCTION, "Introduction")]
    for part in laid_out(report, {}):
        places.append((part.place, part.title))
        places += [(section.place, f"About: {section.title}") for section in part.sections]
    return [*places, (NEXT_STEPS, "What we will do next")]


def shown(cell: Cell) -> str:
    """A cell as people read it: 1,478; nothing for None."""
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def parts_of(figure: Figure) -> str:
    """1,478 of 1,584"""
    if figure.numerator is None or figure.denominator is None or figure.value is None:
        return ""
    return f"{figure.numerator:,} of {figure.denominator:,}"


def _section(each: Gathered, before: Mapping[str, Figure]) -> SectionShown:
    figures = tuple(_figure(figure, before.get(figure.name)) for figure in each.content.figures)
    charts = tuple(chart_of(table) for table in each.content.tables if table.drawn and table.rows)
    return SectionShown(place_of(each.name), each.title, figures, each.content.tables, charts)


def _figure(figure: Figure, before: Figure | None) -> FigureShown:
    return FigureShown(figure, parts_of(figure), before.shown if before else "", change_words(figure, before))


def chart_of(table: FigureTable) -> Bars:
    """The table's drawn column as bars; what is hidden is not drawn, and says why."""
    label = next(iter(table.columns))
    bars = tuple(_bar(str(row[label]), row.get(table.drawn)) for row in table.rows)
    heading = table.columns[table.drawn]
    title = table.title if heading.lower() in table.title.lower() else f"{heading}, {table.title.lower()}"
    return Bars(f"chart-{table.name}", title, table.columns[label], heading, bars)


def _bar(label: str, cell: Cell) -> Bar:
    return Bar(label, cell if isinstance(cell, int | float) else None, shown(cell))
