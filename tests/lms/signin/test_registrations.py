"""Registering oneself: at once by an agency's domain, else when a coordinator agrees; nobody learns who is known."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.people.models import Person, PersonAddress
from lms.signin import rules
from lms.signin.models import Registration
from tests.lms.signin.conftest import Post, who
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]
CODE = "signin.registration_code"


def register(browser: FlaskClient, email: str, name: str = "Wren Dallimore") -> str:
    """Fill in the form; answers the address of the page where the code is typed."""
    given = {"name": name, "email": email, "job_title": "Family worker", "agency_words": "Ashbeck Family Centre"}
    answer = browser.post("/register", data=given)
    assert answer.status_code == 303, answer.text
    return answer.location


def wait_for_coordinator(browser: FlaskClient, post: Post, email: str = "wren@home.example") -> None:
    page = register(browser, email)
    assert "Thank you" in browser.post(page, data={"code": post.code(CODE)}).text


def test_an_address_of_an_agency_is_in_at_once(client: FlaskClient, make: Make, post: Post, session: Session) -> None:
    agency = make.agency("Ashbeck Family Centre", domains=["ashbeck.example"])
    make.commit()
    page = register(client, " Wren@Ashbeck.example ")
    assert post.count("person") == 0
    assert client.post(page, data={"code": post.code(CODE)}).location == "/account"
    assert who(client) == "Wren Dallimore"
    person = session.scalars(sa.select(Person)).one()
    assert (person.email, person.agency_id, person.job_title) == ("wren@ashbeck.example", agency.id, "Family worker")
    assert person.ref.startswith("P0")


def test_another_address_waits_for_a_coordinator(client: FlaskClient, make: Make, post: Post) -> None:
    make.agency(domains=["ashbeck.example"])
    make.commit()
    wait_for_coordinator(client, post, "wren@sub.ashbeck.example")
    assert who(client) == ""
    assert post.count("person") == 0
    assert post.newest("signin.registration_received").to_address == "wren@sub.ashbeck.example"


def test_nothing_waits_until_the_address_is_confirmed(client: FlaskClient, sign_in: SignIn, make: Make) -> None:
    coordinator = sign_in(make.coordinator())
    page = register(client, "wren@home.example")
    client.post(page, data={"code": "no"})
    assert "Nobody waits" in coordinator.get("/registrations").text
    assert coordinator.get("/registrations/1").status_code == 404


def test_an_address_that_we_know_gets_a_letter_and_the_page_reads_the_same(app: Flask, make: Make, post: Post) -> None:
    make.person(email="amara@rvch.example", addresses=[PersonAddress(address="amara@home.example")])
    make.commit()
    seen = []
    for address in ("amara@rvch.example", "amara@home.example", "wren@rvch.example"):
        browser = app.test_client()
        page = register(browser, address)
        answers = [browser.get(page), browser.post(page, data={"code": "no"})]
        seen.append([(len(page), each.status_code, len(each.text)) for each in answers])
    assert seen[0] == seen[1] == seen[2]
    letters = [(letter.kind, letter.to_address) for letter in post.all()]
    assert letters == [
        ("signin.registration_known", "amara@rvch.example"),
        ("signin.registration_known", "amara@home.example"),
        (CODE, "wren@rvch.example"),
    ]


def test_registering_twice_makes_one_person(app: Flask, client: FlaskClient, make: Make, post: Post) -> None:
    make.agency(domains=["ashbeck.example"])
    make.commit()
    first = register(client, "wren@ashbeck.example")
    code = post.code(CODE)
    second = register(client, "wren@ashbeck.example")
    client.post(second, data={"code": post.code(CODE)})
    assert app.test_client().post(first, data={"code": code}).status_code == 422
    assert post.count("person") == 1


def test_somebody_who_had_left_waits_for_a_coordinator(client: FlaskClient, make: Make, post: Post) -> None:
    agency = make.agency(domains=["ashbeck.example"])
    make.person(agency=agency, email="wren@ashbeck.example", left_on=NOW.date())
    make.commit()
    wait_for_coordinator(client, post, "wren@ashbeck.example")


def test_a_closed_agencys_domain_lets_nobody_in(client: FlaskClient, make: Make, post: Post) -> None:
    make.agency(domains=["ashbeck.example"], closed_on=NOW.date())
    make.commit()
    wait_for_coordinator(client, post, "wren@ashbeck.example")


def test_a_coordinator_agrees_and_the_letter_says_how_to_sign_in(
    client: FlaskClient, sign_in: SignIn, make: Make, post: Post
) -> None:
    agency_id = make.agency("Ashbeck Family Centre").id
    coordinator = sign_in(make.coordinator())
    wait_for_coordinator(client, post)
    listed = coordinator.get("/registrations").text
    assert "Wren Dallimore" in listed
    link = listed.split('href="/registrations/')[1].split('"')[0]
    assert coordinator.post(f"/registrations/{link}", data={"agency_id": "0"}).status_code == 422
    assert coordinator.post(f"/registrations/{link}", data={"agency_id": agency_id}).location == "/registrations"
    letter = post.newest("signin.registration_accepted")
    assert letter.context["agency"] == "Ashbeck Family Centre"
    page = client.post("/sign-in", data={"identifier": letter.context["ref"]}).location
    client.post(page, data={"code": post.code()})
    assert who(client) == "Wren Dallimore"
    assert coordinator.post(f"/registrations/{link}", data={"agency_id": agency_id}).status_code == 409
    assert coordinator.post(f"/registrations/{link}/refuse").status_code == 409


def test_a_coordinator_refuses_and_a_letter_says_so(
    client: FlaskClient, sign_in: SignIn, make: Make, post: Post, session: Session
) -> None:
    coordinator = sign_in(make.coordinator())
    wait_for_coordinator(client, post)
    found = session.scalars(sa.select(Registration.id)).one()
    session.rollback()
    assert coordinator.post(f"/registrations/{found}/refuse").location == "/registrations"
    assert post.newest("signin.registration_refused").to_address == "wren@home.example"
    assert post.count("person") == 1


def test_who_asks_again_waits_once(client: FlaskClient, sign_in: SignIn, make: Make, post: Post) -> None:
    coordinator = sign_in(make.coordinator())
    wait_for_coordinator(client, post)
    wait_for_coordinator(client, post)
    assert coordinator.get("/registrations").text.count("wren@home.example") == 1


def test_a_coordinator_is_told_when_the_address_has_come_into_use(
    client: FlaskClient, sign_in: SignIn, make: Make, post: Post, session: Session
) -> None:
    coordinator = sign_in(make.coordinator())
    wait_for_coordinator(client, post)
    person = make.person("Wren D", ref="P404", email="wren@home.example")
    agency_id, found = person.agency_id, session.scalars(sa.select(Registration.id)).one()
    make.commit()
    answer = coordinator.post(f"/registrations/{found}", data={"agency_id": agency_id})
    assert answer.status_code == 422
    assert "Wren D (P404) has this address" in answer.text


def test_a_coordinator_sees_how_a_domain_is_spelt_and_whose_it_imitates(
    client: FlaskClient, sign_in: SignIn, make: Make, post: Post, session: Session
) -> None:
    make.agency("Ashbeck Family Centre", domains=["ashbeck.example"])
    coordinator = sign_in(make.coordinator())
    wait_for_coordinator(client, post, "wren@аshbeck.example")  # a Cyrillic а
    wait_for_coordinator(client, post, "wren@home.example")
    listed = coordinator.get("/registrations").text
    assert "wren@аshbeck.example [wren@xn--shbeck-2nf.example]" in listed
    assert listed.count("Not ashbeck.example") == 1
    first, second = session.scalars(sa.select(Registration.id).order_by(Registration.id)).all()
    session.rollback()
    shown = coordinator.get(f"/registrations/{first}").text
    assert "xn--shbeck-2nf.example" in shown
    assert "taken for one of Ashbeck Family Centre" in shown
    assert "taken for one of" not in coordinator.get(f"/registrations/{second}").text


@pytest.mark.parametrize("role", ["delegate", "trainer"])
def test_only_coordinators_decide(sign_in: SignIn, make: Make, role: str) -> None:
    browser = sign_in(make.person())
    assert browser.get("/registrations").status_code == 403
    assert browser.post("/registrations/1/refuse").status_code == 403


@pytest.mark.parametrize(
    "email", ["not an address", "a@b", "two@at@signs.example", "line@break.example\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused_with_what_was_typed(client: FlaskClient, make: Make, email: str) -> None:
    make.commit()
    given = {"name": "Wren Dallimore", "email": email, "job_title": "Nurse", "agency_words": "Ashbeck"}
    answer = client.post("/register", data=given)
    assert answer.status_code == 422
    assert 'value="Wren Dallimore"' in answer.text


def test_codes_to_register_are_counted_too(client: FlaskClient, make: Make) -> None:
    make.commit()
    for _ in range(rules.CODES_ASKED):
        register(client, "wren@home.example")
    given = {"name": "W", "email": "wren@home.example", "job_title": "Nurse", "agency_words": "Ashbeck"}
    assert client.post("/register", data=given).status_code == 422


def test_a_code_to_register_does_not_sign_in_elsewhere(client: FlaskClient, make: Make, post: Post) -> None:
    make.agency(domains=["ashbeck.example"])
    make.commit()
    page = register(client, "wren@ashbeck.example").replace("/register/", "/sign-in/")
    assert client.post(page, data={"code": post.code(CODE)}).status_code == 404
