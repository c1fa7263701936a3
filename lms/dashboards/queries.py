"""The desk of whoever asks, and the year in a few figures."""

from dataclasses import dataclass

from lms.frame.apart import Fault, apart
from lms.frame.plugins import Waiting, WaitingLine
from lms.frame.work import Work
from lms.kit.charts import Chart
from lms.reports.figures import FigureShown, charts_of, parts_of
from lms.reports.queries import PART_TITLES, Report
from lms.reports.rules import change_words

AT_A_GLANCE = 8
"""So many figures of a section, its first, are told at a glance."""


def desk_of(work: Work) -> list[WaitingLine]:
    """What waits for this person, the urgent first; nothing that is done."""
    mine = [waiting for waiting in work.site.waiting if work.actor.may(waiting.permission)]
    lines = [line for waiting in mine for line in _lines_of(work, waiting) if line.number]
    return sorted(lines, key=lambda line: not line.is_urgent)


def _lines_of(work: Work, waiting: Waiting) -> list[WaitingLine]:
    try:
        with apart(work.session, f"what waits by {waiting.name}"):
            return list(waiting.find(work))
    except Fault:
        why = f"{work.site.title_of(waiting.name)} cannot be counted at the moment"
        return [WaitingLine(1, "part of this list is missing", "parts of this list are missing", "/today", why)]


@dataclass(frozen=True)
class GlanceSection:
    """A section at a glance."""

    title: str
    figures: tuple[FigureShown, ...]
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class GlancePart:
    """One of the three questions at a glance."""

    title: str
    sections: tuple[GlanceSection, ...]


def glance_of(report: Report, before: Report) -> list[GlancePart]:
    """Each section's first figures beside the year before, and its charts."""
    was = {figure.name: figure for figure in before.figures}
    parts = []
    for part, title in PART_TITLES.items():
        sections = tuple(
            GlanceSection(
                each.title,
                tuple(
                    FigureShown(
                        figure,
                        parts_of(figure),
                        was[figure.name].shown if figure.name in was else "",
                        change_words(figure, was.get(figure.name)),
                    )
                    for figure in each.content.figures[:AT_A_GLANCE]
                ),
                tuple(chart for table in each.content.tables for chart in charts_of(table)),
            )
            for each in report.sections
            if each.part is part
        )
        if sections:
            parts.append(GlancePart(title, sections))
    return parts
