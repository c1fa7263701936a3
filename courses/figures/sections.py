"""What the programme adds to reports: its measures, and tables that break them down."""

from collections.abc import Iterable
from dataclasses import replace

from courses.figures.breakdowns.figures import apart_table, breakdowns
from courses.figures.earlier.rules import earlier_of
from courses.figures.protected.figures import protected_programme, protected_quality, year_of
from courses.figures.queries import PeriodRecords, endings_of, facts_of
from courses.figures.rules import amounts, quality
from courses.figures.sets.figures import counted_set, set_figures, set_tables
from courses.figures.small.rules import Earlier
from lms.frame.work import Work
from lms.kit.figures import Figure, ReportQuestion, SectionContent
from lms.kit.rows_behind import with_rows
from lms.reports.queries import SEE_ROWS, kept_before, sees_rows

OF_EVENTS_ALONE = frozenset({"places_offered", "booking_fill_rate", "course_utilisation_rate"})
"""What belongs to events as a whole: of one agency's claims it would say nothing."""

OF_SET = frozenset({"chosen_events", "chosen_attendances", "chosen_people"})
PROGRAMME = "courses.programme"
COUNTED_TYPES = "courses.counted_types"


def gather_programme(work: Work, question: ReportQuestion) -> SectionContent:
    """How much was done: what was delivered and who came, by sector, agency, course, type, level, venue and month."""
    if not sees_rows(work.actor, question):
        return protected_programme(*_of_year(work, question))
    facts = facts_of(work.session, question)
    main = facts.of_types(question.types_apart, are_left_out=True)
    chosen = counted_set(facts, question, work.setting(COUNTED_TYPES))
    figures = [*_told(amounts(main.whole, main.events), question), *set_figures(chosen)]
    tables = (*breakdowns(main, question), *apart_table(facts, question), *set_tables(chosen))
    if not work.actor.may(SEE_ROWS):
        return SectionContent(tuple(figures), tuple(replace(table, opens=()) for table in tables))
    of_set = replace(question, only_types=chosen.types)
    return SectionContent(
        tuple(with_rows([each], of_set if each.name in OF_SET else question)[0] for each in figures), tables
    )


def gather_quality(work: Work, question: ReportQuestion) -> SectionContent:
    """How well: how full, who came of those who had booked, who did not."""
    if not sees_rows(work.actor, question):
        return SectionContent(tuple(protected_quality(*_of_year(work, question))))
    figures = _told(quality(*endings_of(work.session, question)), question)
    return SectionContent(tuple(with_rows(figures, question) if work.actor.may(SEE_ROWS) else figures))


def _of_year(work: Work, question: ReportQuestion) -> tuple[PeriodRecords, ReportQuestion, tuple[str, ...], Earlier]:
    """The facts of the whole year of a question, and what reports told of it before."""
    year = year_of(question)
    earlier = earlier_of(kept_before(work.session, PROGRAMME, year.period))
    return facts_of(work.session, year), question, work.setting(COUNTED_TYPES), earlier


def _told(figures: Iterable[Figure], question: ReportQuestion) -> list[Figure]:
    return [each for each in figures if question.agency_id is None or each.name not in OF_EVENTS_ALONE]
