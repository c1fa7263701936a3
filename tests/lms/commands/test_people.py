"""`lms add-person`: the first coordinator, and their agency."""

from flask import Flask
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
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


def test_the_first_person_comes_with_their_agency(app: Flask, session: Session) -> None:
    given = ("Priyanka Hallowdale", "priyanka@rvscp.example", "--role", "coordinator", "--new-agency")
    for _ in range(2):
        code, words = add(app, *given, "Rowan Valley Council")
        assert code == 0, words
        assert "Priyanka Hallowdale of Rowan Valley Council (RVC) is P00001, coordinator." in words
    agency = session.query(Agency).one()
    assert (agency.code, agency.sector.name) == ("RVC", "Other")
    assert [person.agency_id for person in session.query(Person)] == [agency.id]
    code, words = add(app, *given, "Reach Volunteer Centre")
    assert code == 2
    assert "RVC is Rowan Valley Council. Say another code" in words
    assert add(app, *given, "Reach Volunteer Centre", "--agency", "REACH")[0] == 0


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
        (("Bo", "bo@rv.example", "--role", "trainer"), "Say their agency"),
        (("Bo", "no address", "--agency", "RV", "--role", "trainer"), "email address like"),
        (("Bo", "bo@rv.example", "--agency", "RV", "--role", "king"), "king"),
    ):
        code, said = add(app, *given)
        assert code == 2
        assert words in said
    assert session.query(Person).count() == 0
