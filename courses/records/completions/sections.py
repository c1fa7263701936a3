"""What e-learning adds to reports."""

from courses.records.completions.queries import counted_completions
from lms.agencies.queries import agency_ids_of
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Figure, ReportQuestion, SectionContent, count, hidden
from lms.kit.telling.numbers import is_small

COMPLETIONS = "E-learning courses completed in the period, as the e-learning platform told them. No attendances."
PEOPLE = "Different people who completed at least one e-learning course in the period."


def gather_completions(work: Work, question: ReportQuestion) -> SectionContent:
    """How many completions there were, and of how many people. One query."""
    period = question.period
    agency_ids = agency_ids_of(work.session, question)
    found = counted_completions(work.session, period.from_on, period.to_on, agency_ids)
    hides = is_small(found.people) and not work.actor.may("reports.see_rows")
    figures = [
        count("e_learning_completions", "E-learning completions", found.completions, COMPLETIONS),
        count("e_learning_people", "People who completed e-learning", found.people, PEOPLE),
    ]
    return SectionContent(figures=tuple(_hidden(each) if hides else each for each in figures))


def _hidden(figure: Figure) -> Figure:
    return hidden(figure.name, figure.title, figure.definition, is_small=True)


SECTIONS = (ReportSection("courses.completions", "E-learning", ReportPart.HOW_MUCH, 15, gather_completions),)
