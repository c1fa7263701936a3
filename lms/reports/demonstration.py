"""An annual report that is published, and this year's that is being written."""

from dataclasses import replace

from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.reports.rules import INTRODUCTION, NEXT_STEPS, financial_year, financial_year_of
from lms.reports.services import begin_report, publish_report, write_texts

PUBLISHED_BY = "Hamish Eldermoor"
LAST_YEAR = {
    INTRODUCTION: "Every figure here is counted from the registers that trainers finalised. Numbers of 1 to 4 people "
    "are not shown.\n\nWe thank the trainers of all agencies, who give up days alongside their own work.",
    "how_well": "Most places are booked. One booking in five or so is not used, and most of those are cancelled.",
    NEXT_STEPS: "We will offer the courses with the longest waiting lists twice, and ask managers what changed.",
}
THIS_YEAR = {INTRODUCTION: "To be written after the March meeting of the sub-group."}


def load(work: Work) -> None:
    """Both are made by the services that people use."""
    office = replace(work, actor=Actor(PUBLISHED_BY, permissions=work.site.permissions_of(frozenset())))
    this = financial_year_of(london_date(work.now))
    for year, texts in ((this - 1, LAST_YEAR), (this, THIS_YEAR)):
        report = begin_report(office, financial_year(year))
        work.session.flush()
        write_texts(office, report, report.title, texts)
        work.session.flush()
        if year < this:
            publish_report(office, report)
