"""Registering oneself: at once by an agency's domain, else when a coordinator agrees; nobody learns who is known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lms.frame.db import begin_reading
from lms.mail.rendering import renderer_for
from lms.people.models import Person, PersonAddress
from lms.signin.models import Registration
from lms.signin.registrations import rules as registration_rules
from tests.conftest import Clock
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
    assert "No one is waiting" in coordinator.get("/registrations").text
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
    assert "looks like one of Ashbeck Family Centre" in shown
    assert "looks like one of" not in coordinator.get(f"/registrations/{second}").text


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
    for _ in range(registration_rules.A_MAILBOX.most):
        register(client, "wren@home.example")
    given = {"name": "W", "email": "wren@home.example", "job_title": "Nurse", "agency_words": "Ashbeck"}
    assert client.post("/register", data=given).status_code == 422


PHISHING = {
    "name": "Your parcel waits, see evil.example",
    "job_title": "Call 0900 666 now",
    "agency_words": "The Royal Parcel Office",
}


def from_network(app: Flask, number: int, email: str, **typed: str) -> TestResponse:
    """Somebody registers from another network each time."""
    given = {"name": "W", "job_title": "Nurse", "agency_words": "Ashbeck", **typed, "email": email}
    return app.test_client().post("/register", data=given, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})


def test_the_first_letter_to_an_address_says_no_word_of_whoever_typed_it(app: Flask, make: Make, post: Post) -> None:
    make.agency(domains=["ashbeck.example"])
    make.person(email="amara@rvch.example")
    make.commit()
    for number, email in enumerate(("victim@home.example", "victim@ashbeck.example", "amara@rvch.example")):
        assert from_network(app, number, email, **PHISHING).status_code == 303
    with app.app_context(), Session(post.engine) as session:
        begin_reading(session)
        renderer = renderer_for(app, session)
        for letter in post.all():
            words = renderer.words(letter.kind, letter.context, letter.to_name)
            assert letter.to_name == ""
            assert words.text.startswith("Hello\n")
            for part in (words.subject, words.text, words.html):
                for typed in PHISHING.values():
                    assert typed not in part
    assert len(post.all()) == 3


def test_one_network_cannot_use_up_what_there_is_for_everybody(app: Flask, make: Make, post: Post) -> None:
    make.commit()
    most = registration_rules.OUTSIDE_A_NETWORK.most
    answers = [from_network(app, 1, f"n{number}@home.example") for number in range(most + 5)]
    assert [each.status_code for each in answers] == [303] * most + [422] * 5
    assert "from your network today" in answers[-1].text
    assert from_network(app, 2, "other@home.example").status_code == 303
    assert len(post.all()) == most + 1


def test_a_mailbox_gets_so_many_however_its_address_is_written(
    app: Flask, make: Make, clock: Clock, post: Post
) -> None:
    make.commit()
    ways = ["wren@gmail.com", "w.ren@gmail.com", "wren+1@gmail.com", "w.r.e.n+x@gmail.com"]
    codes = []
    for number in range(registration_rules.A_MAILBOX.most + 2):
        codes.append(from_network(app, number, ways[number % len(ways)]).status_code)
        clock.now += timedelta(minutes=5)
    assert codes == [303] * registration_rules.A_MAILBOX.most + [422] * 2


def test_the_cap_of_a_day_counts_nobody_of_an_agency_and_the_office_lifts_it(
    app: Flask, sign_in: SignIn, make: Make, post: Post
) -> None:
    site = app.extensions["lms"]
    app.extensions["lms"] = replace(site, values={**site.values, "signin.registrations_a_day": 3})
    make.agency(domains=["ashbeck.example"])
    known = make.person("Known", email="known@elsewhere.example")
    reference = known.ref
    office = sign_in(make.coordinator())
    for number in range(10):
        assert from_network(app, number, f"n{number}@ashbeck.example").status_code == 303
    assert "outside your agencies’ domains: 0 of 3" in office.get("/registrations").text
    outside = [from_network(app, number, f"n{number}@home.example") for number in range(5)]
    assert [each.status_code for each in outside] == [303, 303, 303, 422, 422]
    unknown, of_known = from_network(app, 20, "x@home.example"), from_network(app, 21, "known@elsewhere.example")
    assert (unknown.status_code, of_known.status_code) == (422, 422), "whether we know an address is not told"
    assert "We cannot send more codes to new addresses today" in unknown.text
    assert from_network(app, 22, "late@ashbeck.example").status_code == 303, "an agency's people are never kept out"
    assert app.test_client().post("/sign-in", data={"identifier": reference}).status_code == 303
    assert post.newest("signin.code").person_id is not None
    seen = office.get("/registrations").text
    assert "No one from outside your agencies can register for the first time today" in seen
    assert "cap on registrations" in office.get("/today").text
    assert office.post("/registrations/lift").location == "/registrations"
    assert from_network(app, 23, "x@home.example").status_code == 303
    assert "1 of 3" in office.get("/registrations").text
    assert "cap on registrations lifted" in office.get("/audit").text


def test_only_the_office_lifts_the_cap(sign_in: SignIn, make: Make) -> None:
    assert sign_in(make.person()).post("/registrations/lift").status_code == 403


def test_a_code_to_register_does_not_sign_in_elsewhere(client: FlaskClient, make: Make, post: Post) -> None:
    make.agency(domains=["ashbeck.example"])
    make.commit()
    page = register(client, "wren@ashbeck.example").replace("/register/", "/sign-in/")
    assert client.post(page, data={"code": post.code(CODE)}).status_code == 404
