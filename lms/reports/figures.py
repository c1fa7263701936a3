"""A report laid out for reading: by the three questions, each figure beside the year before, tables as charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.frame.plugins import ReportPart
from lms.kit.charts import Bar, Bars, Chart, Dot, Dots, Stacked, StackedBar
from lms.kit.figures import Cell, Figure, FigureTable
from lms.kit.portions import portions
from lms.reports.queries import PART_TITLES, Gathered, Report
from lms.reports.rules import INTRODUCTION, NEXT_STEPS, change_words

MOST_BARS = 16
"""So many bars in parts fit into one picture on a wide page."""


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
    charts: tuple[Chart, ...]


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
    charts = tuple(chart for table in each.content.tables for chart in charts_of(table))
    return SectionShown(place_of(each.name), each.title, figures, each.content.tables, charts)


def _figure(figure: Figure, before: Figure | None) -> FigureShown:
    return FigureShown(figure, parts_of(figure), before.shown if before else "", change_words(figure, before))


def charts_of(table: FigureTable) -> tuple[Chart, ...]:
    """The table as it is drawn, if it is, in pictures that fit on a page."""
    if not table.rows:
        return ()
    if table.parts:
        pages = enumerate(portions(table.rows, MOST_BARS), 1)
        return tuple(_parts_of_whole(table, rows, number) for number, rows in pages)
    if table.dots:
        return (_dots(table),)
    return (_bars(table),) if table.drawn else ()


def _parts_of_whole(table: FigureTable, rows: Sequence[Mapping[str, Cell]], number: int) -> Stacked:
    first, second = list(table.columns)[:2]
    bars = tuple(
        StackedBar(
            f"{row[first]}, {str(row[second]).lower()}",
            tuple(_number(row.get(part)) or 0.0 for part in table.parts),
            tuple(shown(row.get(f"{part}_shown")) for part in table.parts),
        )
        for row in rows
    )
    name = f"chart-{table.name}-{number}" if number > 1 else f"chart-{table.name}"
    return Stacked(name, table.title, table.columns[first], tuple(table.parts.values()), bars)


def _dots(table: FigureTable) -> Dots:
    first = next(iter(table.columns))
    rows = tuple(
        Dot(
            str(row[first]),
            tuple(_number(row.get(each)) for each in table.dots),
            tuple(shown(row.get(each)) or "not asked" for each in table.dots),
            shown(row.get("change")),
            low=_number(row.get("low")),
            high=_number(row.get("high")),
            interval=shown(row.get("interval")),
            is_fall=(_number(row.get(table.dots[-1])) or 0.0) < (_number(row.get(table.dots[0])) or 0.0),
        )
        for row in table.rows
    )
    series = tuple(table.columns[each] for each in table.dots)
    return Dots(f"chart-{table.name}", table.title, table.columns[first], series, rows)


def _number(cell: Cell) -> float | None:
    """A cell as a number, where it is one: means stand as words, 7.6."""
    try:
        return None if cell is None else float(cell)
    except ValueError:
        return None


def _bars(table: FigureTable) -> Bars:
    """The table's drawn column as bars; what is hidden is not drawn, and says why."""
    label = next(iter(table.columns))
    bars = tuple(_bar(str(row[label]), row.get(table.drawn)) for row in table.rows)
    heading = table.columns[table.drawn]
    title = table.title if heading.lower() in table.title.lower() else f"{heading}, {table.title.lower()}"
    return Bars(f"chart-{table.name}", title, table.columns[label], heading, bars)


def _bar(label: str, cell: Cell) -> Bar:
    return Bar(label, cell if isinstance(cell, int | float) else None, shown(cell))
