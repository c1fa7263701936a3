"""What the programme's section tells to who, and in how many queries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bench.partnership import fill_partnership
from courses.figures.sections import gather_programme, gather_quality
from lms.agencies.models import Agency, FormerAgencyName
from lms.frame.access import Actor, Role, program
from lms.frame.work import Work
from lms.kit.errors import NotAllowed
from lms.kit.figures import Figure, ReportQuestion
from lms.people.models import Person
from lms.reports.queries import annual_figures
from lms.reports.rules import financial_year, period_of, quarter
from tests.moments import NOW
from tests.queries import counted_queries

YEAR = ReportQuestion(financial_year(2021))
FIVE_YEARS = ReportQuestion(period_of(date(2021, 4, 1), date(2026, 3, 31)))


@pytest.fixture
def as_role(app: Flask, session: Session) -> Callable[..., Work]:
    """Work of somebody in a role, or of a program."""
    site = app.extensions["lms"]

    def made(role: Role | None = None, **values: Any) -> Work:
        actor = program("test")
        if role is not None:
            roles = frozenset({role})
            actor = Actor(role.value, 1, roles, site.permissions_of(roles), **values)
        return Work(session=session, actor=actor, now=NOW, site=site)

    return made


def figures_of(work: Work, question: ReportQuestion) -> dict[str, Figure]:
    content = (gather_programme(work, question), gather_quality(work, question))
    return {figure.name: figure for each in content for figure in each.figures}


def test_the_number_of_queries_does_not_grow_and_readers_see_what_is_theirs(
    as_role: Callable[..., Work], session: Session, engine: Engine
) -> None:
    fill_partnership(session, events=40, people=60, bookings=600)
    numbers = []
    for question in (YEAR, FIVE_YEARS):
        with counted_queries(session.get_bind()) as queries:  # type: ignore[arg-type]
            figures_of(as_role(), question)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 10

    exact, shown = figures_of(as_role(), YEAR), figures_of(as_role(Role.CHAIR), YEAR)
    assert shown.keys() == exact.keys()
    for name in ("bookings", "places_offered"):
        assert shown[name].value == exact[name].value
        assert (shown[name].rows, "measure=" in exact[name].rows) == ("", True)
    of_people = ("walk_ins", "part_attended", "did_not_attend", "late_cancellations", "bookings_later_cancelled")
    few = [name for name in of_people if exact[name].value in {1, 2, 3, 4}]
    assert few, "the seed gives some small numbers"
    assert [shown[name].shown for name in few] == ["fewer than 5"] * len(few)

    _check_dates(as_role)
    _check_agencies(as_role, session)


def _check_dates(as_role: Callable[..., Work]) -> None:
    """Other dates would let a reader subtract; who sees the rows chooses any."""
    chair = as_role(Role.CHAIR)
    assert annual_figures(chair, date(2021, 7, 1), date(2021, 9, 30))["measures"]["bookings"]["value"]
    assert "by_sector" not in annual_figures(chair, date(2021, 7, 1), date(2021, 9, 30))
    with pytest.raises(NotAllowed, match="subtracting"):
        annual_figures(chair, date(2021, 7, 1), date(2021, 9, 29))
    with pytest.raises(NotAllowed, match="subtracting"):
        annual_figures(chair, date(2021, 4, 1), date(2022, 3, 31), only_types=("summit",))
    assert annual_figures(as_role(Role.COORDINATOR), date(2021, 7, 1), date(2021, 9, 29))["measures"]


def _check_agencies(as_role: Callable[..., Work], session: Session) -> None:
    """As they were and as now; people who were merged are one; a lead sees the own agency exactly."""
    one, other = session.get_one(Agency, 5), session.get_one(Agency, 6)
    one.closed_on, one.successor_id, other.name = date(2026, 6, 1), other.id, "Renamed"
    session.add(FormerAgencyName(agency_id=other.id, name="Agency 6", until_on=date(2026, 5, 31)))
    session.flush()
    was, now = (
        {row["agency"]: row for row in _table(as_role(), replace(FIVE_YEARS, as_now=as_now), "by_agency")}
        for as_now in (False, True)
    )
    assert "Agency 5" not in now
    assert now["Renamed"]["bookings"] == was["Agency 5"]["bookings"] + was["Agency 6"]["bookings"]
    lead = as_role(Role.AGENCY_LEAD, leads_agency_ids=frozenset({6}))
    theirs = figures_of(lead, replace(FIVE_YEARS, agency_id=6))
    assert theirs["bookings"].value == was["Agency 6"]["bookings"]
    assert "places_offered" not in theirs
    people = figures_of(as_role(), FIVE_YEARS)["distinct_people"].value
    session.execute(sa.update(Person).where(Person.id == 2).values(merged_into_id=1))
    assert figures_of(as_role(), FIVE_YEARS)["distinct_people"].value == people - 1  # type: ignore[operator]


def _table(work: Work, question: ReportQuestion, name: str) -> tuple[Any, ...]:
    return next(table.rows for table in gather_programme(work, question).tables if table.name == name)


def test_a_quarter_and_a_year_do_not_give_away_a_small_number(as_role: Callable[..., Work], session: Session) -> None:
    fill_partnership(session, events=60, people=80, bookings=500)
    questions = [YEAR, *(ReportQuestion(quarter(2021, number)) for number in range(1, 5))]
    exact = [figures_of(as_role(), each) for each in questions]
    shown = [figures_of(as_role(Role.CHAIR), each) for each in questions]
    for name in ("walk_ins", "part_attended", "did_not_attend", "late_cancellations", "attendances"):
        pairs = [(each[name].value, real[name].value) for each, real in zip(shown, exact, strict=True)]
        assert all(value is None for value, real in pairs if real in {1, 2, 3, 4}), name
        assert [value for value, _ in pairs].count(None) != 1, name
