"""Sessions end: by a button, everywhere at once, by themselves, and with the person's leaving."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.frame.settings import Settings
from lms.frame.site import SiteError
from lms.hosting.app import create_app
from lms.people.models import Person
from lms.sessions.rules import IDLE
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]


def get_in(browser: FlaskClient, post: Post, ref: str) -> None:
    page = browser.post("/sign-in", data={"identifier": ref}).location
    assert browser.post(page, data={"code": post.code()}).status_code == 303


def test_signing_out_leaves_nothing_in_the_browser(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.person())
    assert browser.post("/sign-out").location == "/"
    assert who(browser) == ""
    with browser.session_transaction() as kept:
        assert "_user_id" not in kept


def test_signing_out_takes_a_button_not_a_link(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.person())
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/sign-out-everywhere").status_code == 405
    assert who(browser) != ""


def test_signing_out_everywhere_ends_other_sessions_too(sign_in: SignIn, make: Make) -> None:
    person = make.person()
    here, elsewhere, other = sign_in(person), sign_in(person), sign_in(make.person("Denzil Marrowby"))
    here.post("/sign-out-everywhere")
    assert [who(here), who(elsewhere), who(other)] == ["", "", "Denzil Marrowby"]


def test_nothing_of_the_session_before_survives_signing_in(client: FlaskClient, make: Make, post: Post) -> None:
    make.person(ref="P9")
    make.commit()
    with client.session_transaction() as kept:
        kept["planted"] = "by someone else"
        kept["csrf_token"] = "known to someone else"
        kept["second_factor"] = True
    get_in(client, post, "P9")
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert "second_factor" not in kept
        assert kept.get("csrf_token") != "known to someone else"
        assert not kept.permanent


def test_a_session_ends_when_nobody_is_there(client: FlaskClient, make: Make, post: Post, clock: Clock) -> None:
    make.person(ref="P9")
    make.commit()
    get_in(client, post, "P9")
    clock.now += timedelta(hours=6)
    assert who(client) != ""
    clock.now += timedelta(hours=5, minutes=59)
    assert who(client) != ""
    clock.now += timedelta(minutes=1)
    assert who(client) == ""


def test_an_idle_session_ends(client: FlaskClient, make: Make, post: Post, clock: Clock) -> None:
    make.person(ref="P9")
    make.commit()
    get_in(client, post, "P9")
    clock.now += IDLE
    assert who(client) == ""


@pytest.mark.parametrize("how", ["left", "merged", "switched off"])
def test_a_session_ends_with_the_persons_leaving(sign_in: SignIn, make: Make, how: str) -> None:
    kept, person = make.person(), make.person()
    browser = sign_in(person)
    if how == "left":
        person.left_on = person.created_at.date()
    elif how == "merged":
        person.merged_into_id = kept.id
    else:
        make.account(person).active = False
    make.commit()
    assert who(browser) == ""
    assert browser.get("/account").location == "/sign-in?next=/account"


def test_a_forged_or_stale_cookie_is_nobody(client: FlaskClient, make: Make) -> None:
    make.commit()
    client.set_cookie("golden_thread", "eyJfdXNlcl9pZCI6IjEifQ.forged.forged")
    assert who(client) == ""
    with client.session_transaction() as kept:
        kept["_user_id"] = "no such key"
    assert who(client) == ""


def test_no_token_in_an_address_or_header_signs_in(client: FlaskClient, make: Make) -> None:
    account = make.account(make.person())
    make.commit()
    given = {"Authentication-Token": account.fs_uniquifier}
    assert client.get(f"/account?auth_token={account.fs_uniquifier}", headers=given).status_code == 302


def test_behind_https_the_cookie_is_only_sent_there(settings: Settings, post: Post, make: Make) -> None:
    make.commit()
    app = create_app(replace(settings, base_url="https://training.rowanvalleyscp.example"))
    with app.test_client() as browser:
        cookie = browser.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-golden_thread=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_without_its_token_a_form_is_not_taken(settings: Settings, make: Make, post: Post) -> None:
    make.person(ref="P9")
    make.commit()
    app = create_app(settings)
    assert app.test_client().post("/sign-in", data={"identifier": "P9"}).status_code == 400
    assert app.test_client().post("/sign-out").status_code == 400
    assert post.all() == []
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_behind_a_proxy_each_browser_has_its_own_address(settings: Settings, make: Make) -> None:
    make.commit()
    app = create_app(replace(settings, others={"LMS_SIGNIN_TRUSTED_PROXIES": "1"}))
    app.config.update(WTF_CSRF_ENABLED=False)
    seen: list[str | None] = []

    @app.before_request
    def look() -> None:
        from flask import request  # noqa: PLC0415

        seen.append(request.remote_addr)

    app.test_client().get("/health", headers={"X-Forwarded-For": "192.0.2.7"})
    assert seen == ["192.0.2.7"]
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_a_wrong_number_of_proxies_stops_the_start(tmp_path: Path) -> None:
    wrong = Settings(
        secret_key="a key for tests, long enough",
        database_url="sqlite://",
        mail_url="file:///x",
        mail_from="a@b",
        base_url="http://localhost",
        instance=tmp_path,
        others={"LMS_SIGNIN_TRUSTED_PROXIES": "many"},
    )
    with pytest.raises(SiteError, match="LMS_SIGNIN_TRUSTED_PROXIES should be"):
        create_app(wrong)


def test_no_picture_or_style_sheet_asks_who_is_there(app: Flask, sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.person())
    with app.test_request_context():
        from sqlalchemy import event  # noqa: PLC0415

        from lms.frame.web import db  # noqa: PLC0415

        engine = db.engine
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    with browser.get("/static/mark.svg") as answer:
        assert answer.status_code == 200
    assert said == []


def test_asking_how_long_a_session_lasts_does_not_prolong_it_and_saying_that_one_is_here_does(
    client: FlaskClient, make: Make, post: Post, clock: Clock
) -> None:
    """WCAG 2.2.1: the end by time can be announced in time, and put off."""
    make.person(ref="P9")
    make.commit()
    assert client.get("/session").json == {"left": 0, "ends_anyway": False}
    get_in(client, post, "P9")
    clock.now += IDLE - timedelta(minutes=4)
    assert [client.get("/session").json for _ in range(2)] == [{"left": 240, "ends_anyway": False}] * 2
    assert client.post("/session", follow_redirects=True).json == {"left": 4 * 3600 + 240, "ends_anyway": True}
    clock.now += timedelta(minutes=5)
    assert who(client) != ""
    clock.now += timedelta(hours=4)
    assert who(client) == ""
    assert client.post("/session").location.startswith("/sign-in")


def test_who_was_typed_is_not_asked_again_on_the_way_in(
    client: FlaskClient, make: Make, post: Post, clock: Clock
) -> None:
    """WCAG 3.3.7: for a new code, a password, or as somebody new; nor told to the next one at a shared laptop."""
    make.person(ref="P9", email="amara@rvch.example")
    make.commit()
    at = ("/sign-in", "/sign-in/password", "/register")
    page = client.post("/sign-in", data={"identifier": "amara@rvch.example"}).location
    assert ["amara@rvch.example" in client.get(each).text for each in at] == [True, True, True]
    client.post("/sign-in", data={"identifier": "P9"})
    assert ['value="P9"' in client.get(each).text for each in at] == [True, True, False]
    client.post(page, data={"code": post.code()})
    client.post("/sign-out")
    assert ['value="P9"' in client.get(each).text for each in at] == [False, False, False]
    client.post("/sign-in/password", data={"identifier": "P9", "password": "no password of theirs"})
    assert 'value="P9"' in client.get("/sign-in").text
    clock.now += timedelta(minutes=30)
    assert 'value="P9"' not in client.get("/sign-in").text
