"""What charges add to reports: what was charged, invoiced, paid, waived and credited."""

from dataclasses import replace

from charges.figures.queries import charge_sums, rows_behind
from charges.figures.rules import charge_figures
from lms.agencies.queries import agency_ids_of
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion, SectionContent
from lms.kit.rows_behind import with_rows
from lms.kit.telling.years import YearNumbers, tell_year, year_before
from lms.reports.queries import SEE_ROWS, kept_before, sees_rows
from lms.reports.rules import financial_year, financial_year_of, place_in_year, quarters_of

NAME = "charges.sums"


def gather_charges(work: Work, question: ReportQuestion) -> SectionContent:
    """What places that nobody used cost the agencies."""
    if not sees_rows(work.actor, question):
        return protected_charges(work, question)
    figures = charge_figures(charge_sums(work.session, question, agency_ids_of(work.session, question)))
    return SectionContent(tuple(with_rows(figures, question) if work.actor.may(SEE_ROWS) else figures))


def protected_charges(work: Work, question: ReportQuestion) -> SectionContent:
    """What was charged. Very few charges tell of very few people, in any quarter of the year. Seven queries."""
    year, place = financial_year(financial_year_of(question.period.from_on)), place_in_year(question.period)
    periods = [year, *quarters_of(year)]
    whole, *quarters = [charge_sums(work.session, replace(question, period=each), None) for each in periods]
    counted = YearNumbers(whole.numbers, [each.numbers for each in quarters])
    told = tell_year(counted, year_before(kept_before(work.session, NAME, year)))
    sums = whole if place < 0 else quarters[place]
    hides = [name for name in sums.numbers if told.of(name, place).number is None]
    return SectionContent(tuple(charge_figures(sums, hides)), kept=told.kept(place))


SECTIONS = (ReportSection(NAME, "Charges", ReportPart.HOW_WELL, 15, gather_charges, rows_behind),)
