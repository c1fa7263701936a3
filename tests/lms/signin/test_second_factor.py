"""Those who hold much give a second factor before they are anybody here."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.frame.access import Role
from lms.people.accounts.models import Account
from lms.people.models import Person, RoleGrant
from lms.sessions.models import SignInSession
from lms.sessions.rules import FRESH_FOR
from lms.signin import rules
from lms.signin.locks import Locks
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def priyanka(make: Make) -> Person:
    person = make.coordinator()
    person.ref = "C1"
    make.account(person)
    make.invitation(person)
    make.commit()
    return person


@pytest.fixture
def secret(priyanka: Person, make: Make, locks: Locks) -> str:
    """Priyanka has an authenticator app."""
    made: str = locks.authenticator.generate_totp_secret()
    make.account(priyanka).tf_totp_secret = made
    make.account(priyanka).mf_recovery_codes = locks.lock_recovery_codes(["aaaa-bbbb-cccc"])
    make.commit()
    return made


def first_factor(browser: FlaskClient, post: Post, ref: str = "C1", wanted: str = "") -> str:
    page = browser.post(f"/sign-in?next={wanted}", data={"identifier": ref}).location
    return browser.post(page, data={"code": post.code()}).location


def key_on(browser: FlaskClient) -> str:
    """The secret that the set-up page shows, as it is kept in the session meanwhile."""
    browser.get("/account/second-factor")
    with browser.session_transaction() as kept:
        return str(kept["new_second_factor"])


def test_a_coordinator_sets_up_an_app_before_anything_else(
    client: FlaskClient, priyanka: Person, post: Post, locks: Locks, clock: Clock
) -> None:
    assert first_factor(client, post, wanted="/registrations") == "/account/second-factor?next=/registrations"
    assert who(client) == ""
    for path in ("/registrations", "/account"):
        assert client.get(path).location.startswith("/sign-in?next=")
    assert client.post("/account/password", data={}).location.startswith("/sign-in")
    page = client.get("/account/second-factor?next=/registrations")
    assert "<svg" in page.text
    assert " style=" not in page.text
    secret = key_on(client)
    assert locks.authenticator.get_totp_pretty_key(secret) in page.text
    shown = client.post(
        "/account/second-factor?next=/registrations", data={"code": locks.authenticator.code_at(secret, clock.now)}
    )
    assert shown.status_code == 200
    assert shown.text.count("<code>") == rules.RECOVERY_CODES
    assert 'href="/registrations"' in shown.text
    assert who(client) == "Priyanka Hallowdale"
    assert client.get("/registrations").status_code == 200


def test_a_wrong_first_code_sets_nothing_up(client: FlaskClient, priyanka: Person, post: Post) -> None:
    first_factor(client, post)
    answer = client.post("/account/second-factor", data={"code": "123"})
    assert answer.status_code == 422
    assert who(client) == ""


def test_the_app_is_asked_for_at_each_sign_in(
    client: FlaskClient, priyanka: Person, secret: str, post: Post, locks: Locks, clock: Clock
) -> None:
    assert first_factor(client, post, wanted="/registrations") == "/sign-in/second-factor?next=/registrations"
    assert who(client) == ""
    code = locks.authenticator.code_at(secret, clock.now)
    answer = client.post("/sign-in/second-factor?next=/registrations", data={"code": code})
    assert answer.location == "/registrations"
    assert client.get("/registrations").status_code == 200


def test_a_mailbox_is_not_enough_to_set_up_another_app(
    client: FlaskClient, priyanka: Person, secret: str, post: Post
) -> None:
    first_factor(client, post)
    assert client.get("/account/second-factor").location.startswith("/sign-in")
    assert client.post("/account/second-factor", data={"code": "123456"}).location.startswith("/sign-in")
    assert client.post("/account/recovery-codes").location.startswith("/sign-in")
    assert client.post("/account/second-factor/remove").location.startswith("/sign-in")


def test_an_app_code_cannot_be_replayed(
    app: Flask, client: FlaskClient, priyanka: Person, secret: str, post: Post, locks: Locks, clock: Clock
) -> None:
    code = locks.authenticator.code_at(secret, clock.now)
    first_factor(client, post)
    assert client.post("/sign-in/second-factor", data={"code": code}).status_code == 303
    thief = app.test_client()
    first_factor(thief, post)
    assert thief.post("/sign-in/second-factor", data={"code": code}).status_code == 422
    earlier = locks.authenticator.code_at(secret, clock.now - timedelta(seconds=30))
    assert thief.post("/sign-in/second-factor", data={"code": earlier}).status_code == 422
    assert who(thief) == ""


def test_the_first_code_of_the_set_up_cannot_be_replayed_either(
    app: Flask, client: FlaskClient, priyanka: Person, post: Post, locks: Locks, clock: Clock
) -> None:
    first_factor(client, post)
    code = locks.authenticator.code_at(key_on(client), clock.now)
    client.post("/account/second-factor", data={"code": code})
    thief = app.test_client()
    first_factor(thief, post)
    assert thief.post("/sign-in/second-factor", data={"code": code}).status_code == 422


def test_a_recovery_code_works_once(app: Flask, client: FlaskClient, priyanka: Person, secret: str, post: Post) -> None:
    first_factor(client, post)
    assert client.post("/sign-in/second-factor", data={"code": "AAAA bbbb-cccc"}).status_code == 303
    again = app.test_client()
    first_factor(again, post)
    assert again.post("/sign-in/second-factor", data={"code": "aaaa-bbbb-cccc"}).status_code == 422


def test_recovery_codes_are_kept_encrypted(priyanka: Person, secret: str, session: Session) -> None:
    account = session.query(Account).one()
    assert all("aaaa" not in each for each in account.mf_recovery_codes or [])
    assert secret.startswith('{"enckey"')


def test_ten_wrong_codes_close_the_second_factor_for_an_hour(
    client: FlaskClient, priyanka: Person, secret: str, post: Post, locks: Locks, clock: Clock
) -> None:
    first_factor(client, post)
    for _ in range(rules.WRONG_FACTORS):
        assert client.post("/sign-in/second-factor", data={"code": "no"}).status_code == 422
    code = locks.authenticator.code_at(secret, clock.now)
    assert rules.TOO_MANY_WRONG in client.post("/sign-in/second-factor", data={"code": code}).text
    assert post.newest("signin.second_factor_refused").person_id == priyanka.id
    assert len([each for each in post.all() if each.kind == "signin.second_factor_refused"]) == 1
    clock.now += rules.WRONG_FACTORS_WITHIN
    code = locks.authenticator.code_at(secret, clock.now)
    first_factor(client, post)
    assert client.post("/sign-in/second-factor", data={"code": code}).status_code == 303


@pytest.mark.parametrize("role", sorted(Role))
def test_a_role_granted_later_counts_at_once(
    client: FlaskClient, make: Make, post: Post, session: Session, role: Role
) -> None:
    person = make.person(ref="D1")
    make.commit()
    first_factor(client, post, "D1")
    assert who(client) != ""
    agency = person.agency_id if role is Role.AGENCY_LEAD else None
    session.add(RoleGrant(person_id=person.id, role=role, agency_id=agency, granted_at=NOW))
    session.commit()
    needs = rules.needs_second_factor(frozenset({role}), has_one=False)
    assert (who(client) == "") is needs
    assert client.get("/registrations").status_code == (302 if needs else 403)


def test_an_old_session_cannot_set_up_the_second_factor_of_a_role_granted_later(
    client: FlaskClient, make: Make, post: Post, session: Session, clock: Clock
) -> None:
    person = make.person(ref="D1")
    make.commit()
    first_factor(client, post, "D1")
    session.add(RoleGrant(person_id=person.id, role=Role.COORDINATOR, granted_at=NOW))
    session.commit()
    clock.now += FRESH_FOR
    page = client.get("/account/second-factor")
    assert "Sign in again" in page.text
    assert "<svg width" not in page.text


def test_a_delegate_may_have_one_and_give_it_up(
    app: Flask, sign_in: SignIn, make: Make, post: Post, locks: Locks, clock: Clock
) -> None:
    person = make.person(ref="D1")
    browser = sign_in(person)
    code = locks.authenticator.code_at(key_on(browser), clock.now)
    assert browser.post("/account/second-factor", data={"code": code}).status_code == 200
    assert who(browser) == "Amara Fenwick-Osei"
    assert "10 recovery codes" in browser.get("/account").text
    other = app.test_client()
    assert first_factor(other, post, "D1") == "/sign-in/second-factor"
    assert browser.post("/account/recovery-codes").text.count("<code>") == rules.RECOVERY_CODES
    browser.post("/account/second-factor/remove")
    assert first_factor(other, post, "D1") == "/"


def test_a_coordinator_may_not_give_it_up(sign_in: SignIn, priyanka: Person, secret: str) -> None:
    browser = sign_in(priyanka)
    assert browser.post("/account/second-factor/remove").status_code == 403
    assert "Remove it" not in browser.get("/account").text


@pytest.mark.parametrize(
    "path", ["/account/password/remove", "/account/recovery-codes", "/account/second-factor/remove"]
)
def test_ways_to_sign_in_are_changed_only_just_after_signing_in(
    sign_in: SignIn, make: Make, path: str, clock: Clock, session: Session
) -> None:
    browser = sign_in(make.person())
    session.execute(sa.update(SignInSession).values(began_at=clock.now - FRESH_FOR))
    session.commit()
    assert browser.post(path).status_code == 403
    assert "Sign in again" in browser.get("/account/password").text
    assert "Sign in again" in browser.get("/account").text


def test_the_office_resets_a_lost_one_and_the_person_is_told(
    app: Flask, make: Make, sign_in: SignIn, priyanka: Person, secret: str, post: Post, session: Session
) -> None:
    manager = make.person("Odile Marsh", roles=(Role.BUSINESS_MANAGER,))
    browser, hers = sign_in(manager), sign_in(priyanka)
    address = f"/people/{priyanka.id}/second-factor"
    assert address in browser.get(f"/people/{priyanka.id}").text
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(address, data={"reason": "Called back at her agency"}).status_code == 303
    assert hers.get("/account").status_code == 302
    assert "reset by Odile Marsh" in post.newest("signin.account_changed").context["what"]
    session.rollback()
    line = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "second factor reset by the office")).one()
    assert (line.person_id, line.actor_name) == (priyanka.id, "Odile Marsh")
    assert line.details == {"reason": "Called back at her agency"}
    assert browser.post(address, data={"reason": "Again"}).status_code == 409
    fresh = app.test_client()
    assert "/account/second-factor" in first_factor(fresh, post)


def test_nobody_resets_their_own_or_one_above_them(
    make: Make, sign_in: SignIn, priyanka: Person, secret: str, session: Session
) -> None:
    """What a coordinator enters about the entrusted waits for a business manager; others do not see the page."""
    officer = make.person("Imogen Lunn", roles=(Role.REVIEW_OFFICER,))
    make.account(officer).tf_totp_secret = secret
    other = make.person()
    browser, stranger = sign_in(priyanka), sign_in(other)
    for whose in (priyanka, officer):
        answer = browser.post(f"/people/{whose.id}/second-factor", data={"reason": "Lost"}, follow_redirects=True)
        assert "Nothing is changed until then" in answer.text
    assert stranger.get(f"/people/{officer.id}/second-factor").status_code == 403
    session.rollback()
    held = session.scalars(sa.select(Account.tf_totp_secret).order_by(Account.id)).all()
    assert held == [secret, secret, None]
