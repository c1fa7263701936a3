"""Keeping the quarter as it was told."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.quarterly.queries import OnePage
from lms.quarterly.rules import quarter_title
from lms.reports.freezing.figures import Yearly, freeze
from lms.reports.models import ToldQuarter


def keep_quarter(work: Work, one: OnePage) -> None:
    """Keep what the sub-group is told, unless it is kept already: what is told later is bound by it."""
    period = one.period
    if work.session.scalar(sa.select(ToldQuarter.id).where(ToldQuarter.from_on == period.from_on)):
        return
    frozen = freeze(Yearly(quarter_title(period), one.report, {}, one.before, "the same quarter a year before"))
    told = ToldQuarter(from_on=period.from_on, to_on=period.to_on, told_at=work.now, frozen=frozen)
    work.session.add(told)
    work.record("quarter told", told, period=period.words)
