"""A report is published and the register corrected: by no door is found what was hidden. On both databases."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.facts import OutcomeCorrected
from courses.records.completions.models import Completion
from lms.api.tokens.rules import TokenWanted
from lms.api.tokens.services import make_token
from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.people.models import Person
from lms.reports.rules import financial_year
from lms.reports.services import begin_report, publish_report
from surveys.impact.frozen.services import freeze_halves
from surveys.invitations.listeners import follow_correction
from surveys.invitations.models import Invitation
from surveys.questions.rules import SurveyKind
from tests.make import Make
from tests.moments import NOW
from tests.surveys.people import Asked

YEAR = {"from": "2024-04-01", "to": "2025-03-31"}
COMPLETED = ((date(2024, 5, 1), 3), (date(2024, 8, 1), 9), (date(2024, 11, 1), 20), (date(2025, 2, 1), 21))
Told = dict[str, str]


@pytest.fixture
def year(app: Flask, asked: Asked, make: Make) -> Asked:
    """A year that is over. Thirty were there: two have no address, eight letters came back, fifteen answered."""
    course = make.course("Neglect: seeing it", code="NEG")
    event = asked.held(course, date(2024, 6, 4), ref="ONE")
    asked.people(event, make.agency("Community Health"), 30, 15, bounced=8, no_address=2)
    for number in range(15):
        asked.sheet(SurveyKind.IMPACT, event, f"n{number}", agree=5 if number < 8 else 2)
    asked.pairs(event, *[(5, 8, 7)] * 8)
    point = make.learning_point(ref="LP-1", addressed_since=(date(2024, 4, 1),))
    how = {"how": How.TAUGHT, "since_on": date(2024, 4, 1), "created_at": NOW}
    asked.session.add(Coverage(course_version_id=course.current.id, learning_point_id=point.id, **how))
    asked.versions[SurveyKind.IMPACT].questions[0].learning_point_id = point.id
    people = asked.session.scalars(sa.select(Person).order_by(Person.id)).all()
    for on, number in COMPLETED:
        asked.session.add_all(_completed(course.id, person, on) for person in people[:number])
    asked.session.flush()
    return asked


def _completed(course_id: int, person: Person, on: date) -> Completion:
    return Completion(
        course_id=course_id, person_id=person.id, agency_id=person.agency_id, completed_on=on, created_at=NOW
    )


def work_of(app: Flask, asked: Asked) -> Work:
    return Work(session=asked.session, actor=program("test"), now=NOW, site=app.extensions["lms"])


def read(app: Flask, chair: FlaskClient, token: str) -> Iterator[tuple[str, str, str]]:
    """Door by door: what is told of those who were there and invited, and of e-learning by quarter."""
    for name, told in (("attended", "Attended or part attended"), ("invited", "Invited")):
        book = load_workbook(io.BytesIO(chair.get("/impact.xlsx?period=2024-h1").data))
        rows = {row[0]: row[1] for row in book["Who answered"].iter_rows(values_only=True)}
        yield "workbook", name, str(rows[told])
    page = " ".join(chair.get("/impact?period=2024").get_data(as_text=True).split())
    _, _, reach = page.partition("Reach of the invitation</dt>")
    invited, _, attended = reach.partition("</dd><dd>")[2].partition(" who attended")[0].partition(" invited of ")
    yield from (("page", "invited", invited), ("page", "attended", attended))
    pdf = PdfReader(io.BytesIO(chair.get("/impact.pdf?period=2024").data))
    words = " ".join(" ".join(each.extract_text() for each in pdf.pages).split())
    yield "pdf", "invited", next(iter(re.findall(r"26 to 29|\b2[6-9]\b", words)), words)
    header = {"Authorization": f"Bearer {token}"}
    measures = _json(app, header, YEAR["from"], YEAR["to"])
    for name in ("attended", "invited"):
        yield "api", name, measures[f"survey_{name}"]["shown"]
    printed = chair.get(f"/figures.csv?period={YEAR['from']}_{YEAR['to']}")
    if printed.status_code == 200:
        for line in csv.DictReader(io.StringIO(printed.get_data(as_text=True))):
            if line.get("measure") in ("survey_attended", "survey_invited"):
                yield "csv", line["measure"].removeprefix("survey_"), line["shown"]
    for place, (from_on, to_on) in enumerate(
        (("2024-04-01", "2024-06-30"), ("2024-07-01", "2024-09-30"), ("2024-10-01", "2024-12-31"),
         ("2025-01-01", "2025-03-31"))
    ):  # fmt: skip
        yield "api", f"quarter {place}", _json(app, header, from_on, to_on)["e_learning_completions"]["shown"]


def _json(app: Flask, header: dict[str, str], from_on: str, to_on: str) -> dict[str, Any]:
    found = app.test_client().get(f"/api/v1/figures/annual?from={from_on}&to={to_on}", headers=header).get_json()
    measures: dict[str, Any] = found["measures"]
    return measures


def test_what_a_report_hid_is_found_by_no_door_after_a_correction(
    app: Flask, year: Asked, make: Make, sign_in: Callable[[Person], FlaskClient]
) -> None:
    work = work_of(app, year)
    assert (freeze_halves(work), freeze_halves(work)) == (1, 0)
    report = publish_report(work, begin_report(work, financial_year(2024)))
    _, token = make_token(work, TokenWanted("Scrutiny", Role.CHAIR))
    chair = sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,)))
    before = list(read(app, chair, token))
    hidden = {(name, shown) for _, name, shown in before if name in ("invited", "attended")}
    assert hidden == {("attended", "30"), ("invited", "26 to 29")}
    quarters = [shown for _, name, shown in before if name.startswith("quarter")]
    assert quarters == ["fewer than 5", "9", "20", "21 to 23"]  # 21 people completed something in the last

    gone = year.session.scalars(
        sa.select(Booking).join(Invitation, Invitation.booking_id == Booking.id).where(Invitation.sent_at.is_(None))
    ).all()
    assert len(gone) == 2
    for booking in gone:
        booking.outcome = Outcome.DID_NOT_ATTEND
        year.session.flush()
        fact = OutcomeCorrected(
            booking.id, booking.event_id, booking.person_id, Outcome.ATTENDED, Outcome.DID_NOT_ATTEND, "Another sheet"
        )
        follow_correction(work, fact)
    course_id = gone[0].event.course_id
    late = year.session.scalars(sa.select(Person).order_by(Person.id.desc()).limit(3)).all()
    year.session.add_all(_completed(course_id, person, date(2024, 5, 2)) for person in late)
    make.commit()

    after = list(read(app, chair, token))
    assert [each for each in after if not each[1].startswith("quarter")] == [
        each for each in before if not each[1].startswith("quarter")
    ]
    quarters = [shown for _, name, shown in after if name.startswith("quarter")]
    assert quarters[1:3] == ["9", "20"]
    assert not quarters[0].isdigit()
    assert not quarters[3].isdigit()  # 53 of the year in the report, less 9, 20 and 21, is three
    kept = chair.get(f"/reports/{report.id}").get_data(as_text=True)
    assert "26 to 29" in kept
    thread = chair.get("/learning/points/LP-1").get_data(as_text=True)
    assert not [each for each in ("invited", "attended or part") if each in thread]
