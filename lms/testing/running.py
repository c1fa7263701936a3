"""What a plugin adds to rounds, reports, files and the pages of others: all of it is asked once."""

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sa

from lms.frame.access import Actor, Role
from lms.frame.apart import FAULTS
from lms.frame.db import Base, without_values
from lms.frame.panels import drawn
from lms.frame.plugins import Panel, Plugin
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from lms.reports.queries import gather_report
from lms.reports.rules import financial_year, financial_year_of
from lms.tables.queries import export_table
from lms.tables.services import import_file
from lms.testing.filling import NOW
from lms.testing.tryout import Tryout, person_in

SAMPLES = 3


def failing_jobs(tryout: Tryout) -> Iterator[str]:
    """Every job runs, and running it again at once writes to nobody a second time."""
    for plugin in tryout.plugins:
        for job in plugin.jobs:
            with tryout.undone() as work:
                try:
                    job.run(work)
                    sent = _letters(work)
                    job.run(work)
                except FAULTS as fault:
                    yield f"{job.name}: {without_values(fault)}"
                    continue
                if _letters(work) != sent:
                    yield f"{job.name} writes again when it runs a second time"


def _letters(work: Work) -> int:
    work.session.flush()
    return work.session.scalar(sa.select(sa.func.count(OutboxLetter.id))) or 0


def broken_checks(tryout: Tryout) -> Iterator[str]:
    """Every check runs, and the invented records break none."""
    for plugin in tryout.plugins:
        for check in plugin.checks:
            with tryout.undone() as work:
                try:
                    yield from (f"{check.name}: {fault}" for fault in check.find(work))
                except FAULTS as fault:
                    yield f"{check.name}: {without_values(fault)}"


def wrong_files(tryout: Tryout) -> Iterator[str]:
    """What is exported comes back in unchanged, and a table that only leaves has the columns that it names."""
    for plugin in tryout.plugins:
        for kind in plugin.imports:
            with tryout.undone() as work:
                try:
                    done = import_file(work, kind, export_table(work, kind).encode(), save=True)
                except FAULTS as fault:
                    yield f"{kind.kind}: {without_values(fault)}"
                    continue
                yield from (f"{kind.kind} comes back in with: {problem}" for problem in done.problems)
                if done.added or done.changed:
                    yield f"{kind.kind}: {done.added} added and {done.changed} changed by its own export"
        yield from _wrong_exports(tryout, plugin)


def _wrong_exports(tryout: Tryout, plugin: Plugin) -> Iterator[str]:
    for export in plugin.exports:
        with tryout.undone() as work:
            try:
                rows = list(export.rows(work))
            except FAULTS as fault:
                yield f"{export.kind}: {without_values(fault)}"
                continue
            if any(set(row) != set(export.columns) for row in rows):
                yield f"{export.kind} yields rows with other columns than it names"


def wrong_sections(tryout: Tryout) -> Iterator[str]:
    """Figures for the office and for a scrutineer, each with a definition, none under a name that is there already.

    The office is told the whole report, to compare names; a scrutineer what is the plugins' own.
    """
    year, every = financial_year(financial_year_of(NOW.date())), tryout.site.report_sections
    own = tuple(each for each in every if each.name.partition(".")[0] in tryout.names)
    for role, sections in ((Role.COORDINATOR, every), (Role.SCRUTINEER, own)) if own else ():
        with tryout.undone() as work:
            asked = replace(_asking(work, role), site=replace(tryout.site, report_sections=sections))
            try:
                report = gather_report(asked, ReportQuestion(year))
            except FAULTS as fault:
                yield f"the figures of a year: {without_values(fault)}"
                continue
            names = [figure.name for figure in report.figures] + [table.name for table in report.tables]
            yield from (f"two figures are called {name}" for name in sorted({n for n in names if names.count(n) > 1}))
            names_of_own = {section.name for section in own}
            yield from (
                f"{figure.name} has no definition"
                for part in report.sections
                if part.name in names_of_own
                for figure in part.content.figures
                if not figure.definition
            )


def _asking(work: Work, role: Role) -> Work:
    person = person_in(work.session, role)
    roles = frozenset({Role.DELEGATE, role})
    actor = Actor(person.name, person.id, roles, work.site.permissions_of(roles))
    return Work(session=work.session, actor=actor, now=work.now, site=work.site)


def failing_guests(tryout: Tryout) -> Iterator[str]:
    """What stands on the pages of others: panels, lines of the record, lines of "Today"."""
    for plugin in tryout.plugins:
        for role in Role:
            with tryout.undone() as work, tryout.app.test_request_context():
                asking = _asking(work, role)
                yield from dict.fromkeys(_failing_guests(plugin, asking))


def _failing_guests(plugin: Plugin, work: Work) -> Iterator[str]:
    for panel in plugin.panels:
        for thing_id in _things(work, panel):
            try:
                content = panel.show(work, thing_id)
                if content is not None:
                    drawn(content, actor=work.actor, partnership=None)
            except FAULTS as fault:
                yield f"its panel at {panel.place}: {type(fault).__name__}: {fault}"
    of_people = [(each.name, each.entries) for each in plugin.record_sources]
    for name, ask in [*of_people, *((each.name, each.find) for each in plugin.leaving)]:
        for person_id in work.session.scalars(sa.select(Person.id).order_by(Person.id).limit(SAMPLES)):
            try:
                list(ask(work, person_id))
            except FAULTS as fault:
                yield f"{name}: {without_values(fault)}"
    for waiting in plugin.waiting:
        if work.actor.may(waiting.permission):
            try:
                list(waiting.find(work))
            except FAULTS as fault:
                yield f"{waiting.name}: {without_values(fault)}"


def _things(work: Work, panel: Panel) -> list[int]:
    """Numbers of records that the page could be about: `people.person` counts in `person`. 0 where there are none."""
    table = Base.metadata.tables.get(panel.place.rpartition(".")[2].removeprefix("manage_"))
    if table is None:
        return [0]
    return list(work.session.scalars(sa.select(table.c.id).order_by(table.c.id).limit(SAMPLES))) or [0]


def closed_api(tryout: Tryout) -> Iterator[str]:
    """The document of the API can be written with the plugins' operations in it."""
    answer = tryout.app.test_client().get("/api/v1/openapi.json")
    if answer.status_code != 200:
        yield f"/api/v1/openapi.json answers {answer.status_code}"
