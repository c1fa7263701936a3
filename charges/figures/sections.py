"""What charges add to reports: what was charged, invoiced, paid, waived and credited."""

from dataclasses import replace

from sqlalchemy.orm import Session

from charges.figures.queries import charge_sums, rows_behind
from charges.figures.rules import charge_figures
from lms.agencies.queries import agency_ids_of
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Figure, ReportQuestion, SectionContent
from lms.kit.rows_behind import with_rows
from lms.kit.telling.numbers import is_small
from lms.reports.queries import SEE_ROWS, sees_rows
from lms.reports.rules import financial_year_of, is_financial_year, quarter


def gather_charges(work: Work, question: ReportQuestion) -> SectionContent:
    """What places that nobody used cost the agencies."""
    if not sees_rows(work.actor, question):
        return SectionContent(tuple(protected_charges(work.session, question)))
    figures = charge_figures(charge_sums(work.session, question, agency_ids_of(work.session, question)))
    return SectionContent(tuple(with_rows(figures, question) if work.actor.may(SEE_ROWS) else figures))


def protected_charges(session: Session, question: ReportQuestion) -> list[Figure]:
    """What was charged. Very few charges tell of very few people, in any quarter of the year. Five queries."""
    began = financial_year_of(question.period.from_on)
    numbers = [
        charge_sums(session, replace(question, period=quarter(began, each)), None).numbers for each in range(1, 5)
    ]
    sums = charge_sums(session, question, None)
    is_year = is_financial_year(question.period)
    few = [name for name in sums.numbers if any(is_small(each[name]) for each in numbers)]
    return charge_figures(sums, [name for name in few if not is_year or is_small(sums.numbers[name])])


SECTIONS = (ReportSection("charges.sums", "Charges", ReportPart.HOW_WELL, 15, gather_charges, rows_behind),)
