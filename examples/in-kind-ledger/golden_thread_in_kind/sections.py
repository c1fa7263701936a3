"""What the yearly report says of gifts in kind. It counts gifts and names nobody, so nothing needs hiding."""

import sqlalchemy as sa

from golden_thread_in_kind.models import InKindContribution as Given
from golden_thread_in_kind.rules import WORDS
from lms.agencies.queries import agency_ids_of
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import Figure, ReportQuestion, SectionContent, count
from lms.kit.words import pounds


def gather(work: Work, question: ReportQuestion) -> SectionContent:
    """One query, one more for an agency as it is now."""
    asked = sa.select(Given.kind, sa.func.sum(Given.quantity), sa.func.sum(Given.worth_pence)).group_by(Given.kind)
    asked = asked.where(Given.given_on.between(question.period.from_on, question.period.to_on))
    agency_ids = agency_ids_of(work.session, question)
    if agency_ids is not None:
        asked = asked.where(Given.agency_id.in_(agency_ids))
    found = {kind: (int(number), int(pence)) for kind, number, pence in work.session.execute(asked)}
    worth, definition = sum(pence for _, pence in found.values()), "As noted by the office, by the day when given."
    figures = [count(f"in_kind_{kind}", WORDS[kind], found.get(kind, (0, 0))[0], definition) for kind in WORDS]
    figures.append(Figure("in_kind_worth_pence", "Worth of all this", worth, definition, pounds(worth)))
    return SectionContent(tuple(figures))


SECTIONS = (ReportSection("in_kind.gifts", "Given in kind", ReportPart.HOW_MUCH, 85, gather),)
