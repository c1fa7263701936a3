"""E-learning completions: thousands at once, once each, in the record, and counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.records.completions.models import Completion
from courses.records.completions.sections import gather_completions
from courses.records.completions.tables import IMPORT, read_completions
from courses.records.compliance.queries import compliance
from lms.frame.access import Actor
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.figures import Period, ReportQuestion
from lms.kit.telling.numbers import FEWER
from lms.people.models import Person
from lms.tables.services import import_file
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

HEAD = "course_code,person_ref,completed_on\n"


def test_thousands_come_in_with_few_queries_and_a_repeat_changes_nothing(
    work: Work, make: Make, session: Session
) -> None:
    make.course(code="EL-1")
    agency = make.agency()
    session.execute(
        sa.insert(Person),
        [
            {"ref": f"Q{n}", "name": f"Person {n}", "created_at": NOW, "agency_id": agency.id, "email": "", "phone": "",
             "job_title": "", "manager_name": "", "manager_email": ""}
            for n in range(2_000)
        ],
    )  # fmt: skip
    data = HEAD.encode() + b"".join(f"EL-1,Q{n},2026-02-0{1 + n % 9}\n".encode() for n in range(2_000))
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with counted_queries(engine) as sent:
        done = import_file(work, IMPORT, data, save=True)
    assert (done.added, done.problems, done.is_saved) == (2_000, (), True)
    assert len(sent) < 40, "people and completions are looked up 500 at a time"
    again = import_file(work, IMPORT, data, save=True)
    assert (again.added, again.unchanged) == (0, 2_000)
    kept = session.scalars(sa.select(Completion).limit(1)).one()
    assert kept.agency_id == agency.id


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"course_code": "NONE"}, "course_code"),
        ({"person_ref": "NOBODY"}, "person_ref"),
        ({"completed_on": "yesterday"}, "completed_on"),
        ({"completed_on": "2026-03-17"}, "completed_on"),
    ],
)
def test_a_bad_row_is_refused_at_its_column(work: Work, make: Make, values: dict[str, str], column: str) -> None:
    make.course(code="EL-1")
    row = {"course_code": "EL-1", "person_ref": make.person().ref, "completed_on": "2026-02-01", **values}
    with pytest.raises(Invalid) as refusal:
        read_completions(work, [row])(row)
    assert refusal.value.field == column


def test_a_completion_stands_in_the_record_and_keeps_somebody_up_to_date(
    sign_in: Callable[[Person], FlaskClient], work: Work, make: Make
) -> None:
    course = make.course("Safe sleep online", code="EL-1", refresher_months=12)
    person = make.person()
    for on in (date(2024, 5, 1), date(2026, 2, 1)):
        work.session.add(
            Completion(course=course, person=person, agency=person.agency, completed_on=on, created_at=NOW)
        )
    page = sign_in(person).get("/my").text
    assert page.count("Completed (e-learning)") == 2
    actor = Actor("Office", permissions=frozenset({"courses.manage_certificates"}))
    found = compliance(work.session, actor, "", NOW)
    assert next(row.share.valid for level in found.levels for row in level.rows if row.key == "EL-1") == 1


def test_few_people_are_not_told_to_those_who_do_not_see_rows(work: Work, make: Make) -> None:
    course, person = make.course(code="EL-1"), make.person()
    work.session.add(
        Completion(course=course, person=person, agency=person.agency, completed_on=NOW.date(), created_at=NOW)
    )
    year = ReportQuestion(Period(date(2025, 4, 1), date(2026, 3, 31), "the financial year 2025-26"))
    shown = [figure.shown for figure in gather_completions(work, year).figures]
    assert shown == ["1", "1"]
    chair = replace(work, actor=Actor("Chair"))
    assert [figure.shown for figure in gather_completions(chair, year).figures] == [FEWER, FEWER]
    before = ReportQuestion(Period(date(2024, 4, 1), date(2025, 3, 31), "the year before"))
    assert [figure.value for figure in gather_completions(chair, before).figures] == [0, 0]
