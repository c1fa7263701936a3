"""Tokens: shown once, kept as a hash, in scope, seen by their last use, revoked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.api.demonstration import load
from lms.api.tokens.models import ApiToken
from lms.api.tokens.rules import SANDBOX, TokenWanted, check_name, check_scope, digest
from lms.api.tokens.services import make_token
from lms.api.webhooks.delivery import deliver_facts
from lms.api.webhooks.models import Webhook
from lms.api.webhooks.rules import DeliveryState
from lms.api.webhooks.services import send_trial
from lms.audit.models import AuditEntry
from lms.frame.access import Actor, Role
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotAllowed
from lms.people.models import Person
from tests.conftest import Clock
from tests.lms.api.conftest import System
from tests.make import Make

NewSystem = Callable[..., System]


@pytest.mark.parametrize(
    ("role", "has_agency"),
    [(Role.DELEGATE, False), (Role.TRAINER, False), (Role.AGENCY_LEAD, False), (Role.COORDINATOR, True)],
)
def test_a_scope_that_does_not_fit_is_refused(role: Role, has_agency: bool) -> None:
    with pytest.raises(Invalid):
        check_scope(role, has_agency=has_agency)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_token_has_a_name(name: str) -> None:
    with pytest.raises(Invalid):
        check_name(name)


def test_the_administrator_makes_a_token_that_is_shown_once_and_revoked(
    sign_in: Callable[[Person], FlaskClient], make: Make, session: Session, app: Flask
) -> None:
    browser = sign_in(make.person(roles=(Role.BUSINESS_MANAGER,)))
    made = browser.post("/tokens", data={"name": "HR system", "role": "finance", "agency_id": "", "ends_on": ""})
    token = session.scalars(sa.select(ApiToken)).one()
    secret = next(word.strip("<>/code") for word in made.text.split('"gt-address">')[1:]).split("</code>")[0]
    assert digest(secret) == token.digest
    assert secret not in browser.get("/tokens").text
    assert secret not in str([entry.details for entry in session.scalars(sa.select(AuditEntry))])
    make.commit()
    system = System(app.test_client(), secret)
    assert system.get("/courses").status_code == 200
    assert system.get("/bookings").status_code == 403, "finance follows no bookings"
    assert "never</td>" not in browser.get("/tokens").text
    make.commit()
    browser.post(f"/tokens/{token.id}/revoke")
    assert system.get("/courses").status_code == 401
    assert browser.post(f"/tokens/{token.id}/revoke").status_code == 409
    assert "Revoked" in browser.get("/tokens").text


def test_only_the_business_manager_lets_systems_in(sign_in: Callable[[Person], FlaskClient], make: Make) -> None:
    assert sign_in(make.coordinator()).get("/tokens").status_code == 403


def test_a_form_that_cannot_be_right_is_refused_in_words(sign_in: Callable[[Person], FlaskClient], make: Make) -> None:
    browser = sign_in(make.person(roles=(Role.BUSINESS_MANAGER,)))
    refused = browser.post("/tokens", data={"name": "", "role": "agency_lead", "agency_id": "", "ends_on": "soon"})
    assert refused.status_code == 422
    assert "Enter which system uses it" in refused.text
    named = {"name": "HR", "role": "agency_lead", "agency_id": "", "ends_on": ""}
    assert "Choose the agency" in browser.post("/tokens", data=named).text
    past = {"name": "HR", "role": "finance", "agency_id": "", "ends_on": "2020-01-01"}
    assert "This day is past" in browser.post("/tokens", data=past).text


def test_nobody_gives_a_system_more_than_they_may(app: Flask, work: Work) -> None:
    finance = Actor("Finance", person_id=None, permissions=frozenset({"charges.see_charges"}))
    weak = replace(work, site=app.extensions["lms"], actor=finance)
    with pytest.raises(NotAllowed):
        make_token(weak, TokenWanted("HR", Role.COORDINATOR))


def test_no_token_reads_what_is_under_embargo(app: Flask) -> None:
    site = app.extensions["lms"]
    assert "reviews.read_embargoed" in site.permissions_of(frozenset({Role.REVIEW_OFFICER}))
    assert "reviews.read_embargoed" not in site.permissions_of_token(Role.REVIEW_OFFICER)


def test_a_token_ends_with_its_last_day_and_its_use_is_noted_at_times(
    app: Flask, work: Work, make: Make, session: Session, clock: Clock
) -> None:
    wanted = TokenWanted("HR", Role.FINANCE, ends_on=clock.now.date())
    token, secret = make_token(replace(work, site=app.extensions["lms"]), wanted)
    make.commit()
    system, began = System(app.test_client(), secret), clock.now
    for minutes, noted in ((0, 0), (2, 0), (6, 6)):
        clock.now = began + timedelta(minutes=minutes)
        assert system.get("/courses").status_code == 200
        session.refresh(token)
        assert token.last_used_at == began + timedelta(minutes=noted)
        make.commit()
    clock.now = began + timedelta(days=1)
    assert system.get("/courses").status_code == 401


def test_a_command_makes_a_token(app: Flask, make: Make, session: Session) -> None:
    make.agency(code="LARK")
    make.commit()
    made = app.test_cli_runner().invoke(args=["token", "create", "HR", "--role", "agency_lead", "--agency", "LARK"])
    assert made.exit_code == 0, made.output
    secret = made.stdout.split()[0]
    token = session.scalars(sa.select(ApiToken)).one()
    assert (token.digest, token.may_write) == (digest(secret), True)
    ask = app.test_cli_runner().invoke
    listed = ask(args=["token", "list"]).output
    assert f"{secret[:10]}...  valid  HR  agency lead, " in listed
    assert "never used" in listed
    assert secret not in listed
    assert ask(args=["token", "revoke", "gt_nobody"]).exit_code == 1
    assert ask(args=["token", "revoke", secret[:10]]).output == "HR: opens nothing any more.\n"
    assert "revoked 20" in ask(args=["token", "list"]).output
    again = ask(args=["token", "create", "X", "--role", "finance", "--ends-on", "2031-03-31"])
    assert again.exit_code == 0, again.output
    assert "valid until 2031-03-31" in ask(args=["token", "list"]).output
    make.commit()
    lines = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    audit = [(each.event, each.actor_name) for each in lines if each.record_type == "ApiToken"]
    made, gone = ("token made", "lms token create"), ("token revoked", "lms token revoke")
    assert audit == [made, gone, made]
    wrong = app.test_cli_runner().invoke(args=["token", "create", "HR", "--role", "agency_lead"])
    assert wrong.exit_code == 2
    assert "Choose the agency" in wrong.output


def test_the_token_of_the_demonstration_opens_nothing_elsewhere(
    app: Flask, demo_app: Flask, make: Make, work: Work, session: Session
) -> None:
    """Also where the database of a demonstration is served as a real one; and in a demonstration nothing is sent."""
    make.agency()
    load(Work(session, work.actor, work.now, demo_app.extensions["lms"]))
    make.mark_as_demonstration()
    make.commit()
    assert System(demo_app.test_client(), SANDBOX).get("/people").status_code == 200
    refused = System(app.test_client(), SANDBOX).get("/people")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "token_not_valid")
    hook = session.scalars(sa.select(Webhook)).one()
    hook.is_on = True
    in_demo = Work(session, work.actor, work.now, demo_app.extensions["lms"])
    trial = send_trial(in_demo, hook)
    make.commit()
    assert deliver_facts(demo_app, demo_app.extensions["lms.clock"]) == {DeliveryState.WITHDRAWN: 1}
    session.refresh(trial)
    assert trial.answer.startswith("Nothing leaves a demonstration. It would have been sent as: {")
