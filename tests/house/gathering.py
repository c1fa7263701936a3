"""Figures of a walk: counting a year takes a second, and ten pages ask for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from lms.frame.plugins import ReportSection
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion, SectionContent
from lms.reports import queries as figures


@contextmanager
def gathered_once() -> Iterator[list[str]]:
    """While pages are only read: those of a reader and a period, however many pages and files are made of them.

    Gives the names of the sections that were asked for, each as often as it was.
    """
    asked_for: list[str] = []
    known: dict[tuple[Any, ...], SectionContent | None] = {}
    gather = figures._gathered

    def once(work: Work, section: ReportSection, question: ReportQuestion) -> SectionContent | None:
        asked_for.append(section.name)
        asked = (section.name, question, work.actor)
        if asked not in known:
            known[asked] = gather(work, section, question)
        return known[asked]

    with patch.object(figures, "_gathered", once):
        yield asked_for
