"""A password is a choice: set under "My account", offered to everybody alike, hashed with argon2."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.people.models import Person
from lms.signin import rules
from lms.signin.locks import Locks
from lms.signin.models import Account
from tests.lms.signin.conftest import Post, who
from tests.make import Make

PASSWORD = "otter lamp quarry Tuesday"
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def amara(make: Make, locks: Locks) -> Person:
    person = make.person("Amara Fenwick-Osei", ref="P9", email="amara@rvch.example")
    make.account(person).password = locks.hash_password(PASSWORD)
    make.commit()
    return person


def try_password(browser: FlaskClient, identifier: str, password: str) -> int:
    return browser.post("/sign-in/password", data={"identifier": identifier, "password": password}).status_code


@pytest.mark.parametrize("identifier", ["amara@rvch.example", "p9"])
def test_the_right_password_signs_in(client: FlaskClient, amara: Person, identifier: str) -> None:
    assert try_password(client, identifier, PASSWORD) == 303
    assert who(client) == "Amara Fenwick-Osei"


def test_wrong_password_no_password_and_stranger_read_the_same(client: FlaskClient, amara: Person, make: Make) -> None:
    make.person(ref="P10")
    make.commit()
    pages = set()
    for identifier in ("P9", "P10", "P11"):
        answer = client.post("/sign-in/password", data={"identifier": identifier, "password": "wrong, wrong, wrong"})
        assert answer.status_code == 422
        pages.add(re.sub(f"{identifier}|csrf_token.*", "", answer.text))
    assert len(pages) == 1
    assert who(client) == ""


def test_a_stranger_takes_a_hash_as_long_as_anybody(locks: Locks, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    verify = type(locks.passwords).verify
    monkeypatch.setattr(
        type(locks.passwords), "verify", lambda self, *given: checked.append(given[1]) or verify(self, *given)
    )
    assert not locks.is_password(PASSWORD, None)
    assert checked[0].startswith("$argon2id$")


def test_wrong_passwords_and_wrong_codes_are_counted_together(client: FlaskClient, amara: Person, post: Post) -> None:
    for _ in range(rules.WRONG_TRIES):
        assert try_password(client, "P9", "wrong, wrong, wrong") == 422
    assert try_password(client, "amara@rvch.example", PASSWORD) == 422
    page = client.post("/sign-in", data={"identifier": "P9"}).location
    assert client.post(page, data={"code": post.code()}).status_code == 422


def test_a_person_sets_a_password_and_every_other_session_ends(
    sign_in: SignIn, app: Flask, make: Make, post: Post, session: Session
) -> None:
    person = make.person(ref="P9")
    here, elsewhere = sign_in(person), sign_in(person)
    assert here.post("/account/password", data={"password": PASSWORD, "again": PASSWORD}).location == "/account"
    assert who(here) == "Amara Fenwick-Osei"
    assert who(elsewhere) == ""
    assert try_password(app.test_client(), "P9", PASSWORD) == 303
    assert "password was set" in post.newest("signin.account_changed").context["what"]
    assert "argon2id" in str(session.query(Account.password).scalar())
    session.rollback()
    here.post("/account/password/remove")
    assert try_password(app.test_client(), "P9", PASSWORD) == 422


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12 characters"),
        ("x" * 201, "x" * 201, "200 characters"),
        (PASSWORD, PASSWORD + "!", "not the same"),
    ],
)
def test_a_password_that_cannot_be_used_is_refused_in_words(
    sign_in: SignIn, make: Make, password: str, again: str, words: str
) -> None:
    answer = sign_in(make.person()).post("/account/password", data={"password": password, "again": again})
    assert answer.status_code == 422
    assert words in answer.text
    assert password not in answer.text
