"""What e-learning adds to reports."""

from courses.records.completions.queries import CompletionsCounted, counted_completions
from lms.agencies.queries import agency_ids_of
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion, SectionContent, count, told_count
from lms.kit.telling.years import YearNumbers, YearTold, tell_year, year_before
from lms.reports.queries import kept_before, sees_rows
from lms.reports.rules import financial_year, financial_year_of, place_in_year, quarters_of

NAME = "courses.completions"
COMPLETIONS = "E-learning courses completed in the period, as the e-learning platform told them. No attendances."
PEOPLE = "Different people who completed at least one e-learning course in the period."
FIGURES = {
    "completions": ("e_learning_completions", "E-learning completions", COMPLETIONS),
    "people": ("e_learning_people", "People who completed e-learning", PEOPLE),
}


def gather_completions(work: Work, question: ReportQuestion) -> SectionContent:
    """How many completions there were, and of how many people. Three queries at most."""
    if not sees_rows(work.actor, question):
        told, place = _told(work, question), place_in_year(question.period)
        figures = [told_count(*words[:2], told.of(what, place), words[2]) for what, words in FIGURES.items()]
        return SectionContent(tuple(figures), kept=told.kept(place))
    [found] = counted_completions(work.session, [question.period], agency_ids_of(work.session, question))
    numbers = _numbers(found)
    return SectionContent(tuple(count(*words[:2], numbers[what], words[2]) for what, words in FIGURES.items()))


def _told(work: Work, question: ReportQuestion) -> YearTold:
    """The whole year, of which the question's period is one, or a quarter."""
    year = financial_year(financial_year_of(question.period.from_on))
    whole, *quarters = counted_completions(work.session, [year, *quarters_of(year)], None)
    counted = YearNumbers(
        _numbers(whole),
        [_numbers(each) for each in quarters],
        sums=[("completions", ("people", "again"))],
        people=frozenset({"people"}),
        unshown=frozenset({"again"}),
    )
    return tell_year(counted, year_before(kept_before(work.session, NAME, year)))


def _numbers(found: CompletionsCounted) -> dict[str, int]:
    """`again`: completions of people who had completed another one."""
    return {
        "completions": found.completions,
        "people": found.people,
        "again": found.completions - found.people,
    }


SECTIONS = (ReportSection(NAME, "E-learning", ReportPart.HOW_MUCH, 15, gather_completions),)
