"""`lms add-person`: the first coordinator."""

from flask import Flask
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.people.models import Person
from tests.make import Make


def add(app: Flask, *given: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["add-person", *given])
    return result.exit_code, result.output


def test_the_first_coordinator_is_added_and_a_repeat_adds_nobody(app: Flask, make: Make, session: Session) -> None:
    make.agency(code="RV")
    make.commit()
    given = ("Priyanka Hallowdale", "Priyanka@RVSCP.example", "--agency", "RV", "--role", "coordinator")
    code, words = add(app, *given)
    assert code == 0, words
    assert "P00001" in words
    assert add(app, *given)[0] == 0
    person = session.query(Person).one()
    assert person.email == "priyanka@rvscp.example"
    assert [grant.role for grant in person.roles] == [Role.COORDINATOR]


def test_an_agency_lead_leads_the_agency(app: Flask, make: Make, session: Session) -> None:
    make.agency(code="RV")
    make.commit()
    assert add(app, "Bo Ashgrove", "bo@rv.example", "--agency", "RV", "--role", "agency_lead")[0] == 0
    person = session.query(Person).one()
    assert [grant.agency_id for grant in person.roles] == [person.agency_id]


def test_what_is_wrong_is_said_in_words(app: Flask, make: Make, session: Session) -> None:
    make.agency(code="RV")
    make.commit()
    for given, words in (
        (("Bo", "bo@rv.example", "--agency", "XX", "--role", "trainer"), "no agency with the code XX"),
        (("Bo", "no address", "--agency", "RV", "--role", "trainer"), "email address like"),
        (("Bo", "bo@rv.example", "--agency", "RV", "--role", "king"), "king"),
    ):
        code, said = add(app, *given)
        assert code == 2
        assert words in said
    assert session.query(Person).count() == 0
