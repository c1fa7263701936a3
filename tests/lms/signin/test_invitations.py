"""The first second factor of whoever is entrusted: by an invitation that a business manager made, or the operator."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import ENTRUSTED_ROLES, Role
from lms.people.accounts.models import Account
from lms.people.invitations.models import FactorInvitation
from lms.people.invitations.rules import INVITATION_LASTS
from lms.people.models import Person, RoleGrant
from lms.signin.locks import Locks
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]


def get_in(browser: FlaskClient, post: Post, ref: str) -> None:
    page = browser.post("/sign-in", data={"identifier": ref}).location
    assert browser.post(page, data={"code": post.code()}).location == "/account/second-factor"


def set_up(browser: FlaskClient, locks: Locks, clock: Clock) -> int:
    browser.get("/account/second-factor")
    with browser.session_transaction() as kept:
        secret = kept.get("new_second_factor") or locks.authenticator.generate_totp_secret()
    code = locks.authenticator.code_at(str(secret), clock.now)
    return browser.post("/account/second-factor", data={"code": code}).status_code


@pytest.fixture
def hamish(make: Make) -> Person:
    return make.person("Hamish Eldermoor", ref="B1", roles=(Role.BUSINESS_MANAGER,))


@pytest.mark.parametrize("role", sorted(ENTRUSTED_ROLES))
def test_a_mailbox_alone_sets_up_no_second_factor_of_whoever_is_entrusted(
    client: FlaskClient, make: Make, post: Post, locks: Locks, clock: Clock, session: Session, role: Role
) -> None:
    make.person("Robin", ref="C1", roles=(role,))
    make.commit()
    get_in(client, post, "C1")
    assert "You need an invitation" in client.get("/account/second-factor").text
    with client.session_transaction() as kept:
        kept["new_second_factor"] = locks.authenticator.generate_totp_secret()
    client.post("/account/second-factor", data={"code": "123456"})
    assert set_up(client, locks, clock) == 200
    assert who(client) == ""
    assert session.scalars(sa.select(Account.tf_totp_secret)).all() == [None]


def test_whoever_is_made_an_officer_is_invited_and_uses_it_once(
    client: FlaskClient,
    sign_in: SignIn,
    make: Make,
    post: Post,
    locks: Locks,
    clock: Clock,
    session: Session,
    hamish: Person,
) -> None:
    imogen = make.person("Imogen Lunn", ref="C1")
    assert sign_in(hamish).post(f"/people/{imogen.id}/roles", data={"role": "review_officer", "agency": "0"})
    letter = post.newest("signin.second_factor_invited")
    assert (letter.person_id, letter.context["by"]) == (imogen.id, "Hamish Eldermoor")
    assert letter.context["until"] == "Monday 30 March 2026"
    get_in(client, post, "C1")
    assert set_up(client, locks, clock) == 200
    assert who(client) == "Imogen Lunn"
    session.rollback()
    assert session.scalars(sa.select(FactorInvitation.ended_at)).one() is not None


@pytest.mark.parametrize("what", ["another address", "too late", "ended"])
def test_an_invitation_is_good_for_its_time_and_its_address(
    client: FlaskClient, make: Make, post: Post, locks: Locks, clock: Clock, what: str
) -> None:
    person = make.person("Robin", ref="C1", roles=(Role.FINANCE,))
    values = {"another address": {"address": "mallory@letterbox.example"}, "ended": {"ended_at": NOW}, "too late": {}}
    make.invitation(person, **values[what])
    make.commit()
    clock.now += INVITATION_LASTS if what == "too late" else timedelta(0)
    get_in(client, post, "C1")
    assert "You need an invitation" in client.get("/account/second-factor").text
    set_up(client, locks, clock)
    assert who(client) == ""


def test_whoever_is_not_invited_asks_and_a_business_manager_invites(
    client: FlaskClient, sign_in: SignIn, make: Make, post: Post, locks: Locks, clock: Clock, hamish: Person
) -> None:
    make.person("Imogen Lunn", ref="C1", roles=(Role.REVIEW_OFFICER,))
    make.commit()
    get_in(client, post, "C1")
    assert "Hamish Eldermoor has been asked" in client.post("/account/second-factor/ask", follow_redirects=True).text
    number = post.newest("people.decision_wanted").context["request_id"]
    his = sign_in(hamish)
    assert his.post(f"/people/requests/{number}", data={"answer": "agree"}).status_code == 303
    assert set_up(client, locks, clock) == 200
    assert who(client) == "Imogen Lunn"


def test_a_coordinator_cannot_invite_and_a_business_manager_not_themselves(
    sign_in: SignIn, make: Make, session: Session, hamish: Person
) -> None:
    imogen = make.person("Imogen Lunn", roles=(Role.REVIEW_OFFICER,))
    browsers = sign_in(make.coordinator()), sign_in(hamish)
    for browser in browsers:
        for whose in (imogen, hamish):
            browser.post(f"/people/{whose.id}/second-factor/invite")
    session.rollback()
    invited = session.execute(sa.select(FactorInvitation.person_id, FactorInvitation.made_by_id)).all()
    assert invited == [(imogen.id, hamish.id)]


def test_an_operator_opens_the_door_for_the_very_first(
    app: Flask, client: FlaskClient, make: Make, post: Post, locks: Locks, clock: Clock, session: Session
) -> None:
    """An empty installation: the first coordinator gets in by the command, and by it again when that took too long."""
    make.agency(code="RV")
    make.commit()
    run = app.test_cli_runner().invoke
    first = ["add-person", "Priyanka Hallowdale", "p@rvscp.example", "--agency", "RV", "--role", "coordinator"]
    assert run(args=first).exit_code == 0
    assert post.newest("signin.second_factor_invited").context["by"] == ""
    clock.now += INVITATION_LASTS
    get_in(client, post, "P00001")
    assert "You need an invitation" in client.get("/account/second-factor").text
    assert "lms person decide" in client.post("/account/second-factor/ask", follow_redirects=True).text
    assert run(args=["person", "reset-second-factor", "P00001"]).exit_code == 0
    assert set_up(client, locks, clock) == 200
    assert who(client) == "Priyanka Hallowdale"


def test_an_operator_grants_revokes_resets_and_changes_addresses_with_audit_lines(
    app: Flask, make: Make, post: Post, session: Session
) -> None:
    make.person("Second", roles=(Role.BUSINESS_MANAGER,))
    person = make.person("Hamish Eldermoor", ref="B1", email="old@rvscp.example")
    make.account(person).tf_totp_secret = "a factor"
    make.commit()
    run = app.test_cli_runner().invoke
    held = sa.select(RoleGrant.role).where(RoleGrant.person_id == person.id)
    for args in (
        ["grant", "B1", "business_manager"],
        ["reset-second-factor", "B1", "--reason", "Seen in person"],
        ["address", "B1", "new@rvscp.example"],
    ):
        answer = run(args=["person", *args])
        assert answer.exit_code == 0, answer.output
    session.rollback()
    assert session.scalars(held).all() == [Role.BUSINESS_MANAGER]
    assert session.scalars(sa.select(Account.tf_totp_secret)).all() == [None]
    assert session.get_one(Person, person.id, populate_existing=True).email == "new@rvscp.example"
    assert "old@rvscp.example" in {row.to_address for row in post.all()}
    session.rollback()
    assert run(args=["person", "revoke", "B1", "business_manager"]).exit_code == 0
    assert run(args=["person", "revoke", "B1", "business_manager"]).exit_code == 1
    lines = sa.text("SELECT event, actor_name FROM audit_entry WHERE actor_name LIKE 'lms person%' ORDER BY id")
    session.rollback()
    assert {tuple(row) for row in session.execute(lines)} >= {
        ("role granted", "lms person grant"),
        ("second factor reset by the office", "lms person reset-second-factor"),
        ("person changed", "lms person address"),
        ("role revoked", "lms person revoke"),
    }
