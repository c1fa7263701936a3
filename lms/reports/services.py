"""Writing the yearly report, and publishing it: from then on it is kept as it is."""

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Conflict
from lms.kit.figures import Period, ReportQuestion
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.reports.freezing.figures import Yearly, freeze, thaw
from lms.reports.models import ReportText, YearlyReport
from lms.reports.queries import as_reader, gather_report
from lms.reports.rules import check_can_change, check_can_publish, check_text, period_of, year_before


def begin_report(work: Work, period: Period) -> YearlyReport:
    """A draft about a financial year; a new edition where one was published. Raises Conflict for a second draft."""
    others = list(
        work.session.scalars(
            sa.select(YearlyReport)
            .where(YearlyReport.from_on == period.from_on, YearlyReport.to_on == period.to_on)
            .order_by(YearlyReport.edition)
        )
    )
    if any(not each.is_published for each in others):
        raise Conflict("There is already a draft for this year. Continue with that one.")
    edition = len(others) + 1
    title = f"Annual report {period.from_on.year}-{period.to_on.year % 100:02}"
    report = YearlyReport(
        title=title if edition == 1 else f"{title}, edition {edition}",
        from_on=period.from_on,
        to_on=period.to_on,
        edition=edition,
        created_at=work.now,
        texts=[ReportText(place=each.place, words=each.words) for each in (others[-1].texts if others else [])],
    )
    work.session.add(report)
    work.record("yearly report begun", report, period=period.words)
    return report


def write_texts(work: Work, report: YearlyReport, title: str, said: Mapping[str, str]) -> YearlyReport:
    """Keep the writer's words by place; an empty one is taken away. Raises Invalid, Conflict once published."""
    check_can_change(report.is_published)
    report.title = title.strip() or report.title
    there = {each.place: each for each in report.texts}
    for place, typed in said.items():
        words = check_text(typed, field=place)
        if words and place in there:
            there[place].words = words
        elif words:
            report.texts.append(ReportText(place=place, words=words))
        elif place in there:
            report.texts.remove(there[place])
    work.record("yearly report written", report)
    return report


def read_report(work: Work, report: YearlyReport) -> Yearly:
    """The report as its readers see it: as it was published, or, of a draft, as it would be published now."""
    if report.frozen is not None:
        return thaw(report.frozen, report.published_at)
    reader = as_reader(work)
    period = period_of(report.from_on, report.to_on)
    found = gather_report(reader, ReportQuestion(period))
    texts = {each.place: each.words for each in report.texts}
    return _with_year_before(work, reader, Yearly(report.title, found, texts))


def publish_report(work: Work, report: YearlyReport) -> YearlyReport:
    """Freeze every figure, definition and word. Raises Conflict before the year is over, and a second time."""
    work.session.refresh(report, with_for_update={"key_share": True})
    check_can_publish(report.is_published, report.to_on, london_date(work.now))
    frozen = freeze(read_report(work, report))
    report.frozen, report.published_at, report.published_by = frozen, work.now, work.actor.name
    work.record("yearly report published", report, title=report.title)
    return report


def delete_draft(work: Work, report: YearlyReport) -> None:
    """Throw a draft away. Raises Conflict once published."""
    check_can_change(report.is_published)
    work.record("draft of a yearly report thrown away", report, title=report.title)
    work.session.delete(report)


def _with_year_before(work: Work, reader: Work, yearly: Yearly) -> Yearly:
    """The year before as it was published; where it was not, as it is counted now."""
    before = year_before(yearly.report.question.period)
    published = work.session.scalars(
        sa.select(YearlyReport)
        .where(YearlyReport.from_on == before.from_on, YearlyReport.to_on == before.to_on)
        .where(YearlyReport.published_at.is_not(None))
        .order_by(YearlyReport.edition.desc())
    ).first()
    if published is not None and published.frozen is not None and published.published_at is not None:
        figures = thaw(published.frozen, published.published_at).report.figures
        words = f"{before.words}, as published on {long_date(published.published_at)}"
    else:
        figures, words = gather_report(reader, ReportQuestion(before)).figures, f"{before.words}, counted now"
    return replace(yearly, before={figure.name: figure for figure in figures}, before_words=words)
