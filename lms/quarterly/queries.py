"""What one page of a quarter says, and to who it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.kit.figures import Figure, Period, ReportQuestion
from lms.people.models import Person, RoleGrant
from lms.quarterly.rules import MOST_FIGURES
from lms.reports.figures import PartShown, laid_out
from lms.reports.freezing.figures import thaw
from lms.reports.models import ToldQuarter
from lms.reports.queries import Report, as_reader, gather_report
from lms.reports.rules import year_before

GROUP = (Role.CHAIR, Role.MEMBER)


@dataclass(frozen=True)
class OnePage:
    """The quarter in a few figures, compared with a year earlier. `agency` is "" for the whole partnership."""

    period: Period
    agency: str
    report: Report
    before: Mapping[str, Figure]

    @property
    def parts(self) -> list[PartShown]:
        """The first figures of each section; tables and charts are for longer reports."""
        found = laid_out(self.report, self.before)
        return [
            replace(
                part,
                sections=tuple(
                    replace(section, figures=section.figures[:MOST_FIGURES], tables=(), charts=())
                    for section in part.sections
                    if section.figures
                ),
            )
            for part in found
        ]

    @property
    def is_empty(self) -> bool:
        """Nothing at all happened."""
        return not any(figure.value for figure in self.report.figures)


def page_of_group(work: Work, period: Period) -> OnePage:
    """The partnership's quarter: as the sub-group was told it; before that, as it may see it now."""
    told = work.session.scalar(sa.select(ToldQuarter).where(ToldQuarter.from_on == period.from_on))
    if told is not None:
        was = thaw(told.frozen, told.told_at)
        return OnePage(period, "", was.report, was.before)
    return _page_of(as_reader(work), "", ReportQuestion(period))


def _page_of(work: Work, agency: str, question: ReportQuestion) -> OnePage:
    before = gather_report(work, replace(question, period=year_before(question.period)))
    figures = {figure.name: figure for figure in before.figures}
    return OnePage(question.period, agency, gather_report(work, question), figures)


def page_of_agency(work: Work, agency: Agency, period: Period) -> OnePage:
    """An agency's own quarter, as its lead sees it."""
    roles = frozenset({Role.AGENCY_LEAD})
    actor = Actor(
        "an agency lead",
        roles=roles,
        permissions=work.site.permissions_of(roles),
        leads_agency_ids=frozenset({agency.id}),
    )
    return _page_of(replace(work, actor=actor), agency.name, ReportQuestion(period, agency.id))


def group_members(session: Session) -> list[int]:
    """The sub-group's chair and members who are here, by their ids."""
    return list(
        session.scalars(
            sa.select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role.in_(GROUP), Person.is_here)
            .distinct()
            .order_by(Person.id)
        )
    )


def leads_by_agency(session: Session) -> dict[int, list[int]]:
    """Who leads each open agency, by ids."""
    found: dict[int, list[int]] = {}
    rows: Any = session.execute(
        sa.select(Agency.id, Person.id)
        .join(RoleGrant, RoleGrant.agency_id == Agency.id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(Agency.closed_on.is_(None), Person.is_here)
        .order_by(Agency.id, Person.id)
    )
    for agency_id, person_id in rows:
        found.setdefault(agency_id, []).append(person_id)
    return found
