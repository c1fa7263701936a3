"""The quarter on one page: told once, fifteen days after it, to the sub-group and to each agency about itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.jobs.services import carry_out
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from lms.quarterly.jobs import TELL, tell_the_quarter
from lms.quarterly.rules import quarter_to_tell, told_at
from lms.reports.rules import quarter
from tests.lms.reports.test_reports import held
from tests.make import Make

NOVEMBER = datetime(2025, 11, 13, 9, 30, tzinfo=UTC)
DUE = told_at(quarter(2025, 3))


def test_the_quarter_is_told_on_the_fifteenth_day_after_it() -> None:
    assert datetime(2026, 1, 15, 8, 0, tzinfo=UTC) == DUE


@pytest.mark.parametrize(
    ("since", "now", "is_told"),
    [
        (DUE - timedelta(days=1), DUE, True),
        (DUE - timedelta(days=1), DUE - timedelta(seconds=1), False),
        (DUE, DUE + timedelta(days=1), False),  # told already, or before the job was known
        (DUE - timedelta(days=40), DUE + timedelta(days=20), True),  # nothing ran for weeks
    ],
)
def test_a_quarter_is_told_once_and_never_looks_back(since: datetime, now: datetime, is_told: bool) -> None:
    found = quarter_to_tell(now, since=since)
    assert (found.from_on if found else None) == (date(2025, 10, 1) if is_told else None)


@pytest.mark.slow
def test_members_and_leads_get_one_letter_each_about_what_is_theirs(
    app: Flask, make: Make, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    bookings = held(make, session, came=12, absent=3, starts=NOVEMBER)
    agency = bookings[0].agency
    assert agency is not None
    chair = make.person("Odette Marlingford", roles=(Role.CHAIR, Role.MEMBER))
    lead = make.person("Maren Oakhollow", agency=agency, roles=(Role.AGENCY_LEAD,))
    make.person("Tamsin Ravelstone", roles=(Role.AGENCY_LEAD,))  # of an agency where nothing happened
    session.add(JobState(name=TELL, done_until=DUE - timedelta(days=1)))
    session.flush()
    work = Work(session=session, actor=program("test"), now=DUE, site=app.extensions["lms"])
    carry_out(work, tell_the_quarter)
    carry_out(replace(work, now=DUE + timedelta(hours=1)), tell_the_quarter)
    letters = {letter.person_id: letter for letter in session.scalars(sa.select(OutboxLetter))}
    assert {key: letter.kind for key, letter in letters.items()} == {
        chair.id: "reports.quarter_for_group",
        lead.id: "reports.quarter_for_agency",
    }
    told = {
        key: {line["title"]: line["shown"] for part in letter.context["parts"] for line in part["lines"]}
        for key, letter in letters.items()
    }
    assert (told[chair.id]["Bookings"], told[chair.id]["Did not attend"]) == ("15", "fewer than 5")
    assert (told[lead.id]["Bookings"], told[lead.id]["Did not attend"]) == ("15", "3")
    assert "Places offered" not in told[lead.id]

    leader, other = sign_in(lead), sign_in(make.person("Delegate"))
    url = f"/agencies/{agency.id}/quarter?from=2025-10-01"
    assert "Did not attend" in leader.get(url).text
    assert leader.get(f"/agencies/{agency.id}/quarter.pdf?from=2025-10-01").data.startswith(b"%PDF")
    assert [each.get(url).status_code for each in (other, sign_in(chair))] == [403, 403]
    assert leader.get("/quarter").status_code == 403
    assert sign_in(chair).get("/quarter?from=2025-10-02").status_code == 404
    assert "fewer than 5" in sign_in(chair).get("/quarter?from=2025-10-01").text
