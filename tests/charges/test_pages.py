"""The pages of charges: who sees which, links without an account, and decisions that are refused in words."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from charges.charge.letters import answer_token
from charges.charge.models import Charge
from charges.charge.rules import AnsweredAs, ChargeState
from lms.frame.access import Role
from lms.frame.work import Work
from lms.people.models import Person
from tests.charges.office import DAY_AFTER, Office
from tests.conftest import Clock
from tests.queries import counted_queries

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def charge(office: Office, clock: Clock) -> Charge:
    clock.now = DAY_AFTER
    return office.missed()


def token(app: Flask, office: Office, charge: Charge, said_as: AnsweredAs) -> str:
    """The link's token as the application signs it."""
    site = app.extensions["lms"]
    return answer_token(Work(office.session, office.work().actor, office.now, site), charge, said_as)


def test_the_page_puts_the_answer_first_and_the_working_under_it(
    office: Office, charge: Charge, sign_in: SignIn
) -> None:
    page = sign_in(office.person(Role.COORDINATOR)).get(f"/charges/{charge.id}").text
    for words in (
        "£50.00 proposed to Rowan Valley Community Health",
        "Open to the agency until Wed 18 March",
        "Tue 24 Feb 2026 23:59",
        "5 working days before the event; no bank holiday between",
        "6 hours 30 minutes, over 4 hours",
        "Charge to the agency, never to the person",
        "The system never approves a charge",
    ):
        assert words in page


def test_an_agency_lead_sees_only_the_own_agencys_charges(office: Office, charge: Charge, sign_in: SignIn) -> None:
    other = office.missed()
    browser = sign_in(office.person(Role.AGENCY_LEAD, charge.agency))
    assert charge.agency.name in browser.get("/charges").text
    assert browser.get(f"/charges/{charge.id}").status_code == 200
    for path in ("", "/answer", "/appeal"):
        assert browser.get(f"/charges/{other.id}{path}").status_code == 404
    assert browser.post(f"/charges/{other.id}/answer", data={"words": "Not mine"}).status_code == 404
    assert browser.get(f"/charges/{charge.id}/decide").status_code == 403


def test_finance_sees_what_was_approved_and_nothing_before(office: Office, charge: Charge, sign_in: SignIn) -> None:
    browser = sign_in(office.person(Role.FINANCE))
    assert browser.get(f"/charges/{charge.id}").status_code == 404
    charge.state, charge.decided_by_id = ChargeState.APPROVED, office.person(Role.COORDINATOR).id
    office.make.commit()
    assert browser.get(f"/charges/{charge.id}").status_code == 200


def test_a_manager_answers_by_link_and_looking_answers_nothing(
    app: Flask, client: FlaskClient, office: Office, charge: Charge
) -> None:
    office.make.commit()
    address = f"/charges/answer/{token(app, office, charge, AnsweredAs.MANAGER)}"
    office.make.commit()
    page = client.get(address)
    assert page.status_code == 200
    assert "Do not name a child" in page.text
    office.session.refresh(charge)
    assert charge.answers == []
    office.make.commit()
    assert client.post(address, data={"suggests": "sickness", "words": "She rang at 08:15"}).status_code == 303
    office.session.rollback()
    (answer,) = charge.answers
    assert (answer.said_as, answer.name, answer.suggests) == (
        AnsweredAs.MANAGER,
        "Colette Barraclough-Ames",
        "sickness",
    )


def test_a_link_that_we_did_not_sign_or_whose_time_is_over_answers_nothing(
    app: Flask, client: FlaskClient, office: Office, charge: Charge, clock: Clock
) -> None:
    office.make.commit()
    good = token(app, office, charge, AnsweredAs.DELEGATE)
    office.make.commit()
    assert client.get(f"/charges/answer/x{good}").status_code == 404
    assert client.post("/charges/answer/forged", data={"words": "x"}).status_code == 404
    clock.now = datetime(2026, 3, 19, tzinfo=UTC)
    assert "can no longer be answered" in client.get(f"/charges/answer/{good}").text
    assert client.post(f"/charges/answer/{good}", data={"words": "Late"}).status_code == 409
    office.session.rollback()
    assert charge.answers == []


def test_what_a_delegate_says_is_for_the_office_and_not_for_the_agency(
    app: Flask, client: FlaskClient, office: Office, charge: Charge, sign_in: SignIn
) -> None:
    lead = sign_in(office.person(Role.AGENCY_LEAD, charge.agency))
    address = f"/charges/answer/{token(app, office, charge, AnsweredAs.DELEGATE)}"
    office.make.commit()
    client.post(address, data={"suggests": "disability", "words": "A flare-up of my condition"})
    seen = lead.get(f"/charges/{charge.id}").text
    assert "flare-up" not in seen
    page = sign_in(office.person(Role.COORDINATOR)).get(f"/charges/{charge.id}").text
    assert "flare-up" in page
    assert "can only be waived" in page


def test_a_decision_that_is_refused_says_why_and_keeps_what_was_typed(
    office: Office, charge: Charge, sign_in: SignIn
) -> None:
    address = f"/charges/{charge.id}/decide"
    browser = sign_in(office.person(Role.COORDINATOR))
    answer = browser.post(address, data={"decision": "waive", "reason": "", "note": "They rang"})
    assert answer.status_code == 422
    assert "Choose a reason for waiving." in answer.text
    assert "They rang" in answer.text
    early = browser.post(address, data={"decision": "approve", "reason": "", "note": "x"})
    assert early.status_code == 422
    assert "The agency can answer until Wed 18 Mar 2026 23:59" in early.text
    done = browser.post(address, data={"decision": "waive", "reason": "sickness", "note": "They rang"})
    assert done.status_code == 303
    office.session.rollback()
    assert charge.state is ChargeState.WAIVED


def test_the_list_takes_as_many_queries_for_many_charges_as_for_few(
    engine: Engine, app: Flask, office: Office, charge: Charge, sign_in: SignIn
) -> None:
    browser = sign_in(office.person(Role.COORDINATOR))
    counts = []
    for _ in range(2):
        with app.app_context(), counted_queries(app.extensions["sqlalchemy"].engine) as sent:
            assert browser.get("/charges").status_code == 200
        counts.append(len(sent))
        for _more in range(5):
            office.missed()
        office.make.commit()
    assert counts[0] == counts[1] <= 14


def test_only_the_agency_itself_makes_the_agency_have_answered(
    app: Flask, client: FlaskClient, office: Office, charge: Charge, sign_in: SignIn
) -> None:
    by_link = token(app, office, charge, AnsweredAs.DELEGATE)
    office.make.commit()
    client.post(f"/charges/answer/{by_link}", data={"words": "My train did not run"})
    coordinator = sign_in(office.person(Role.COORDINATOR))
    page = coordinator.get(f"/charges/{charge.id}").text
    assert "My train did not run" in page
    assert "The agency has answered" not in page
    lead = sign_in(office.person(Role.AGENCY_LEAD, charge.agency))
    assert "What does your agency say?" in lead.get(f"/charges/{charge.id}/answer").text
    assert lead.post(f"/charges/{charge.id}/answer", data={"words": "It did not"}).status_code in (302, 303)
    assert "The agency has answered" in coordinator.get(f"/charges/{charge.id}").text
