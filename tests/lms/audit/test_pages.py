"""The audit as the office reads it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from lms.audit.queries import details_in_words
from lms.frame.work import Work
from lms.people.models import Person
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def person(make: Make, work: Work) -> Person:
    found = make.person("Amara Fenwick-Osei")
    work.record("person added", found, source="list")
    work.record("place given", make.agency(), person_id=found.id, places=24, is_late=False)
    return found


@pytest.fixture
def office(make: Make, sign_in: SignIn, person: Person) -> FlaskClient:
    return sign_in(make.coordinator())


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", "place given", "No entries found"),
        ("words=place+test", "places: 24; is late: no", "person added"),
        ("person=amara", "person added", "partnership founded"),
        ("record_type=Agency", "place given", "person added"),
        ("from_day=2026-03-16&to_day=2026-03-16", "person added", "No entries found"),
        ("to_day=2026-03-15", "No entries found", "person added"),
        ("from_day=nonsense", "person added", "No entries found"),
    ],
)
def test_the_audit_is_found_by_what_whom_and_when(office: FlaskClient, query: str, shown: str, hidden: str) -> None:
    html = office.get(f"/audit?{query}").text
    assert shown in html
    assert hidden not in html


def test_a_record_and_a_person_have_their_own_audit(office: FlaskClient, make: Make, person: Person) -> None:
    person_id = person.id
    make.session.rollback()
    record = office.get(f"/audit/Person/{person_id}").text
    assert "person added" in record
    assert "place given" not in record
    about = office.get(f"/audit?person_id={person_id}").text
    assert "Audit: Amara Fenwick-Osei" in about
    assert "place given" in about
    assert "partnership founded" not in about
    panel = office.get(f"/people/{person_id}").text
    assert "Place given, by test" in panel
    assert office.get("/audit/Person/999999").status_code == 404


def test_the_audit_is_the_offices_business(make: Make, sign_in: SignIn, client: FlaskClient) -> None:
    assert client.get("/audit").status_code == 302
    browser = sign_in(make.person())
    assert browser.get("/audit").status_code == 403
    assert browser.get("/audit/Person/1").status_code == 403


def test_a_long_audit_has_pages(make: Make, work: Work, sign_in: SignIn) -> None:
    person = make.person()
    for number in range(60):
        work.record("person changed", person, number=number)
    browser = sign_in(make.coordinator())
    first, second = browser.get("/audit").text, browser.get("/audit?page=2").text
    assert "number: 59" in first
    assert "number: 1<" not in first
    assert "number: 1<" in second


def test_details_read_as_words() -> None:
    details = {"reason": "", "places": [24, 30], "was": {"free_on": "2026-04-01"}, "is_late": True, "by": None, "n": 1}
    assert details_in_words(details) == "places: 24 and 30; was: free_on 2026-04-01; is late: yes; by: nothing; n: 1"
    assert date(2026, 4, 1).isoformat() in details_in_words(details)
