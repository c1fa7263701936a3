"""Sessions live on the server: a copied cookie is worth nothing once they end, and people see and end their own."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.frame.work import Work
from lms.people.models import Person
from lms.sessions.models import SignInSession
from lms.sessions.rules import IDLE, LONGEST_SESSION
from lms.sessions.services import end_all_sessions, forget_over
from tests.conftest import Clock
from tests.lms.signin.conftest import Post, who
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile/15E148 Safari/604.1"


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


def get_in(app: Flask, post: Post, ref: str, user_agent: str = FIREFOX) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["HTTP_USER_AGENT"] = user_agent
    page = browser.post("/sign-in", data={"identifier": ref}).location
    assert browser.post(page, data={"code": post.code()}).status_code == 303
    return browser


def copied(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie."""
    cookie = browser.get_cookie("golden_thread")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("golden_thread", cookie.value)
    return thief


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, make: Make, post: Post) -> None:
    make.person("Amara Fenwick-Osei", ref="P9")
    make.commit()
    browser = get_in(app, post, "P9")
    thief = copied(app, browser)
    assert who(thief) == "Amara Fenwick-Osei"
    browser.post("/sign-out")
    assert who(thief) == ""
    assert post.count("sign_in_session") == 0


def test_a_copied_cookie_is_worth_nothing_after_signing_in_again(app: Flask, make: Make, post: Post) -> None:
    make.person("Amara Fenwick-Osei", ref="P9")
    make.commit()
    browser = get_in(app, post, "P9")
    thief = copied(app, browser)
    browser.post("/sign-out?next=/account")
    page = browser.post("/sign-in", data={"identifier": "P9"}).location
    browser.post(page, data={"code": post.code()})
    assert (who(browser), who(thief)) == ("Amara Fenwick-Osei", "")


def test_my_account_lists_my_sessions_with_device_and_time_and_ends_each(
    app: Flask, make: Make, post: Post, clock: Clock
) -> None:
    make.person("Amara Fenwick-Osei", ref="P9")
    make.person("Denzil Marrowby", ref="P8")
    make.commit()
    phone = get_in(app, post, "P9", IPHONE)
    other = get_in(app, post, "P8", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36")
    clock.now += timedelta(hours=1)
    laptop = get_in(app, post, "P9")
    page = laptop.get("/account").text
    listed = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.split('id="sessions"')[1].split("</ul>")[0]))
    assert "Firefox on Windows (this one)" in listed
    assert "Safari on an iPhone" in listed
    assert "last used" in listed
    assert "Chrome" not in listed
    ends = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert len(ends) == 1
    assert other.post(ends[0]).status_code == 404
    assert who(phone) != ""
    assert laptop.post(ends[0]).location == "/account"
    assert (who(phone), who(laptop), who(other)) == ("", "Amara Fenwick-Osei", "Denzil Marrowby")
    assert laptop.post(ends[0]).status_code == 404


def test_a_session_that_ended_by_itself_is_not_listed_and_goes(
    app: Flask, make: Make, post: Post, clock: Clock, work: Work
) -> None:
    make.person(ref="P9")
    make.commit()
    get_in(app, post, "P9", IPHONE)
    clock.now += IDLE
    laptop = get_in(app, post, "P9")
    assert "iPhone" not in laptop.get("/account").text
    clock.now += LONGEST_SESSION - IDLE
    work.now = clock.now
    forget_over(work)
    work.session.commit()
    assert post.count("sign_in_session") == 1


def test_when_a_session_was_last_used_is_noted_by_looking_and_by_doing(
    app: Flask, make: Make, post: Post, clock: Clock, session: Session
) -> None:
    make.person(ref="P9")
    make.commit()
    browser = get_in(app, post, "P9")
    for look in (lambda: browser.get("/account"), lambda: browser.post("/account/second-factor/remove")):
        clock.now += timedelta(minutes=6)
        look()
        assert session.scalar(sa.select(SignInSession.seen_at)) == clock.now
        session.rollback()


def test_a_page_is_read_although_somebody_else_is_writing(
    app: Flask, make: Make, post: Post, clock: Clock, engine: Engine
) -> None:
    """Noting when a session was last used can wait for the next page."""
    make.person(ref="P9")
    make.commit()
    browser = get_in(app, post, "P9")
    clock.now += timedelta(minutes=6)
    with engine.begin() as other:
        other.execute(sa.text("UPDATE sign_in_session SET device = 'x'"))
        assert browser.get("/account").status_code == 200


def test_what_the_browser_holds_is_not_in_the_database(app: Flask, make: Make, post: Post, session: Session) -> None:
    make.person(ref="P9")
    make.commit()
    browser = get_in(app, post, "P9")
    with browser.session_transaction() as kept:
        key = kept["_user_id"]
    row = session.scalars(sa.select(SignInSession)).one()
    assert key not in str(vars(row))


def test_all_sessions_of_one_person_end_at_once(app: Flask, make: Make, post: Post, work: Work) -> None:
    amara = make.person(ref="P9")
    make.person("Denzil Marrowby", ref="P8")
    make.commit()
    mine, others = [get_in(app, post, "P9") for _ in range(2)], get_in(app, post, "P8")
    assert end_all_sessions(work, amara.id) == 2
    work.session.commit()
    assert [who(each) for each in (*mine, others)] == ["", "", "Denzil Marrowby"]


def test_the_second_factor_begins_another_session(app: Flask, make: Make, post: Post) -> None:
    """What was copied before the second factor was given is worth nothing after it."""
    person = make.person(ref="C1", roles=(Role.COORDINATOR,))
    locks = app.extensions["lms.locks"]
    secret = locks.authenticator.generate_totp_secret()
    make.account(person).tf_totp_secret = secret
    make.commit()
    browser = get_in(app, post, "C1")
    thief = copied(app, browser)
    code = locks.authenticator.code_at(secret, app.extensions["lms.clock"]())
    assert browser.post("/sign-in/second-factor", data={"code": code}).status_code == 303
    assert who(browser) != ""
    assert who(thief) == ""
    assert thief.get("/sign-in/second-factor").location == "/sign-in"
    assert post.count("sign_in_session") == 1
