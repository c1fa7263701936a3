"""A password is a choice: set under "My account", offered to everybody alike, hashed with argon2."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.signin import rules
from lms.signin.locks import Locks
from tests.application import IN_EARNEST
from tests.conftest import Clock
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


def test_a_hash_costs_in_earnest_what_owasp_asks_for_at_least() -> None:
    least = {"argon2__memory_cost": 19 * 1024, "argon2__time_cost": 2, "argon2__parallelism": 1}
    assert all(IN_EARNEST[name] >= number for name, number in least.items())


def test_a_stranger_takes_as_many_hashes_as_anybody(
    client: FlaskClient, amara: Person, make: Make, locks: Locks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One, from the very first: no hash is made on the way for the comparison."""
    make.person(ref="P10")
    make.commit()
    hashes: list[str] = []
    for name in ("verify", "hash"):
        real = getattr(type(locks.passwords), name)

        def counted(self: object, *given: str, real: Any = real) -> Any:
            hashes.append(given[-1])
            return real(self, *given)

        monkeypatch.setattr(type(locks.passwords), name, counted)
    for identifier in ("nobody@rvch.example", "P10", "P9"):
        hashes.clear()
        try_password(client, identifier, "wrong, wrong, wrong")
        assert len(hashes) == 1
        assert hashes[0].startswith("$argon2id$")


def test_wrong_passwords_make_a_network_wait_and_no_code(app: Flask, client: FlaskClient, amara: Person) -> None:
    """Strangers in her own network: her password waits with theirs. Another network waits for nothing."""
    for _ in range(rules.WRONG_PASSWORDS_AT_ONCE):
        assert try_password(client, "P9", "wrong, wrong, wrong") == 422
    answer = client.post("/sign-in/password", data={"identifier": "P9", "password": PASSWORD})
    assert answer.status_code == 422
    assert "many wrong passwords from your network" in answer.text
    assert who(client) == ""
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert try_password(elsewhere, "P9", PASSWORD) == 303


def test_the_wait_grows_and_does_not_tell_who_is_known(app: Flask, amara: Person, clock: Clock) -> None:
    seen = []
    for network, identifier in enumerate(("P9", "nobody@rvch.example")):
        browser, texts = from_network(app, network), []
        for wrong in range(1, 16):
            texts.append(read(browser, identifier))
            seconds = rules.password_wait(wrong)
            if seconds:
                texts.append(read(browser, identifier))
                clock.now += timedelta(seconds=seconds)
        seen.append(texts)
    assert seen[0] == seen[1]
    assert sum("many wrong passwords from your network" in each for each in seen[0]) == 6
    assert [rules.password_wait(wrong) for wrong in (9, 10, 11, 12, 17, 18, 500)] == [0, 2, 4, 8, 256, 300, 300]


def read(browser: FlaskClient, identifier: str) -> str:
    answer = browser.post("/sign-in/password", data={"identifier": identifier, "password": "wrong, wrong, wrong"})
    assert answer.status_code == 422
    return re.sub(f"{identifier}|csrf_token.*", "", answer.text)


def test_a_hundred_wrong_passwords_switch_it_off_and_a_letter_says_so(
    app: Flask, client: FlaskClient, amara: Person, post: Post, clock: Clock
) -> None:
    """From many networks; a right one in between begins no new count."""
    for number in range(rules.PASSWORD_OFF_AFTER):
        typed = PASSWORD if number == 50 else "wrong, wrong, wrong"
        assert try_password(from_network(app, number), "P9", typed) == (303 if number == 50 else 422)
    assert [each.kind for each in post.all()] == []
    assert try_password(from_network(app, 0), "P9", PASSWORD) == 303
    assert try_password(from_network(app, 1), "P9", "wrong, wrong, wrong") == 422
    letter = post.newest("signin.password_off")
    assert letter.person_id == amara.id
    assert try_password(from_network(app, 2), "P9", PASSWORD) == 422
    page = client.post("/sign-in", data={"identifier": "P9"}).location
    assert client.post(page, data={"code": post.code()}).status_code == 303
    assert who(client) == "Amara Fenwick-Osei"
    assert try_password(from_network(app, 3), "P9", "wrong, wrong, wrong") == 422
    assert [each.kind for each in post.all()].count("signin.password_off") == 1


def test_setting_a_password_begins_the_count_anew(app: Flask, amara: Person, sign_in: SignIn, session: Session) -> None:
    for number in range(30):
        try_password(from_network(app, number), "P9", "wrong, wrong, wrong")
    browser = sign_in(amara)
    assert session.scalar(sa.select(Account.wrong_passwords)) == 30
    session.rollback()
    browser.post("/account/password", data={"password": PASSWORD, "again": PASSWORD})
    assert session.scalar(sa.select(Account.wrong_passwords)) == 0


def test_many_wrong_passwords_at_once_are_all_counted(app: Flask, amara: Person, session: Session) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: try_password(from_network(app, number), "P9", "wrong, wrong"), range(18)))
    assert session.scalar(sa.select(Account.wrong_passwords)) == 18


def from_network(app: Flask, number: int) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
    return browser


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
        (PASSWORD, PASSWORD + "!", "do not match"),
        ("password1234", "password1234", "too easy to guess"),
        ("Safeguarding2026!", "Safeguarding2026!", "too easy to guess"),
        ("qwertyuiop123456", "qwertyuiop123456", "too easy to guess"),
        ("Amara.Fenwick-Osei", "Amara.Fenwick-Osei", "too easy to guess"),
        ("person1@rvch.example", "person1@rvch.example", "too easy to guess"),
        ("safeguarding training!", "safeguarding training!", "too easy to guess"),
    ],
)
def test_a_password_that_cannot_be_used_is_refused_in_words(
    sign_in: SignIn, make: Make, password: str, again: str, words: str
) -> None:
    answer = sign_in(make.person()).post("/account/password", data={"password": password, "again": again})
    assert answer.status_code == 422
    assert words in answer.text
    assert password not in answer.text
