"""What somebody typed when their session had ended comes back to them, on every form, and to nobody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.work import Work
from lms.people.models import Person
from lms.sessions.models import SignInSession
from lms.unsent.models import UnsentAnswers
from lms.unsent.rules import KEPT_FOR, are_of, opened, sealed, worth_keeping
from lms.unsent.services import forget_old
from tests.conftest import Clock
from tests.lms.signin.conftest import Post
from tests.make import Make

TYPED = {"note": "In spring, please", "csrf_token": "a mark"}


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


def get_in(app: Flask, post: Post, ref: str, browser: FlaskClient | None = None, then: str = "/") -> FlaskClient:
    """Sign in by a code, in this browser or a fresh one."""
    browser = browser or app.test_client()
    page = browser.post("/sign-in", query_string={"next": then}, data={"identifier": ref}).location
    assert browser.post(page, data={"code": post.code()}).location == then
    return browser


def cut_off(session: Session) -> None:
    """Every session ends."""
    session.rollback()
    session.execute(sa.delete(SignInSession))
    session.commit()


@pytest.fixture
def amara(make: Make) -> Person:
    return make.person("Amara Fenwick-Osei", ref="P9")


def test_what_was_typed_comes_back_after_signing_in_and_is_gone_once_sent(
    app: Flask, make: Make, session: Session, post: Post, amara: Person
) -> None:
    path = f"/courses/{make.course().code}/interest"
    make.commit()
    browser = get_in(app, post, "P9")
    cut_off(session)
    turned_away = browser.post(path, data=TYPED)
    assert (turned_away.status_code, turned_away.location) == (303, f"/sign-in?next={path}")
    assert "kept what you entered" in browser.get(turned_away.location).text
    session.rollback()
    kept = session.scalars(sa.select(UnsentAnswers)).one()
    assert "spring" not in kept.answers, "no one reads it but the browser"
    with browser.session_transaction() as cookie:
        assert "spring" not in str(dict(cookie))
    get_in(app, post, "P9", browser, then=path)
    page = browser.get(path).text
    assert "In spring, please" in page
    assert "You were signed out before this was sent" in page
    assert browser.get(path).text.count("In spring, please") == 1, "reading takes nothing away"
    assert browser.post(path, data=TYPED).status_code == 303
    session.rollback()
    assert session.scalars(sa.select(UnsentAnswers)).all() == []
    assert "You were signed out before this was sent" not in browser.get(path).text


def test_it_comes_back_to_nobody_else_and_not_after_hours(
    app: Flask, make: Make, session: Session, post: Post, clock: Clock, amara: Person
) -> None:
    path = f"/courses/{make.course().code}/interest"
    make.person("Tobiah Hanley-Roe", ref="P8")
    make.commit()
    browser = get_in(app, post, "P9")
    cut_off(session)
    browser.post(path, data=TYPED)
    get_in(app, post, "P8", browser, then=path)
    assert "In spring, please" not in browser.get(path).text, "a shared laptop"
    get_in(app, post, "P9", then=path)
    clock.now += KEPT_FOR
    browser.post("/sign-out")
    get_in(app, post, "P9", browser, then=path)
    assert "In spring, please" not in browser.get(path).text


def test_nothing_is_kept_of_whom_nobody_knows_and_of_buttons(client: FlaskClient, make: Make, session: Session) -> None:
    path = f"/courses/{make.course().code}/interest"
    make.commit()
    assert client.post(path, data=TYPED).location == f"/sign-in?next={path}"
    assert client.post(f"{path}/withdraw").location == "/sign-in?next=/"
    session.rollback()
    assert session.scalars(sa.select(UnsentAnswers)).all() == []


def test_old_answers_are_forgotten(work: Work, make: Make, amara: Person) -> None:
    for hours in (0, 5):
        make.session.add(
            UnsentAnswers(
                browser=str(hours),
                path="/",
                person_id=amara.id,
                answers="",
                was_cut_off=True,
                kept_at=work.now - timedelta(hours=hours),
            )
        )
    make.session.flush()
    forget_old(work)
    assert work.session.scalars(sa.select(UnsentAnswers.browser)).all() == ["0"]


def test_the_rules_of_what_is_kept() -> None:
    typed = worth_keeping({"note": ["a"], "csrf_token": ["b"], "new_password": ["c"]})
    assert typed == {"note": ["a"]}
    assert worth_keeping({"note": ["x" * 200_001]}) == {}
    assert opened("mine", sealed("mine", typed)) == typed
    assert opened("another", sealed("mine", typed)) == {}
    assert are_of({"days-0-on": ["x"]}, ["days"])
    assert not are_of({"days-0-on": ["x"]}, ["day"])
