"""Who got in, who did not and who went where they may not: noted with their network, counted for the business manager,
and gone after a month."""

import re
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.attempts.models import Attempt
from lms.attempts.personal_data import PERSONAL_DATA
from lms.attempts.rules import KEPT_DAYS, NOTED_AN_HOUR, What
from lms.attempts.services import note_attempt
from lms.frame.access import Role
from lms.frame.web import db
from lms.frame.work import Work
from lms.people.models import Person
from lms.retention.services import set_hold
from tests.lms.signin.conftest import Post
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]
WRONG = "wrong, wrong, wrong"


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


def noted(engine: Engine) -> list[tuple[str, int | None, str, str]]:
    with Session(engine) as session:
        rows = session.scalars(sa.select(Attempt).order_by(Attempt.id)).all()
        return [(each.what.value, each.person_id, each.network, each.page) for each in rows]


def from_network(app: Flask, network: str) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = network
    return browser


def test_sign_ins_and_failures_are_noted_with_their_network(app: Flask, make: Make, post: Post, engine: Engine) -> None:
    person_id = make.person(ref="P9").id
    make.commit()
    browser = from_network(app, "2001:db8:1:2::9")
    page = browser.post("/sign-in", data={"identifier": "P9"}).location
    browser.post(page, data={"code": "no"})
    browser.post("/sign-in/password", data={"identifier": "P9", "password": WRONG})
    browser.post("/sign-in/password", data={"identifier": "nobody@rvch.example", "password": WRONG})
    browser.post(page, data={"code": post.code()})
    home = "2001:db8:1:2::/64"
    assert noted(engine) == [
        ("wrong code", person_id, home, ""),
        ("wrong password", person_id, home, ""),
        ("wrong password", None, home, ""),
        ("signed in", person_id, home, ""),
    ]


def test_a_refused_page_is_noted_although_the_request_is_undone(
    app: Flask, sign_in: SignIn, make: Make, engine: Engine
) -> None:
    person = make.person()
    browser = sign_in(person)
    assert browser.get("/audit").status_code == 403
    assert browser.post("/registrations/1/refuse").status_code == 403
    assert noted(engine) == [
        ("page not allowed", person.id, "127.0.0.1", "audit.audit"),
        ("page not allowed", person.id, "127.0.0.1", "registrations.refuse_registration"),
    ]
    app.test_client().get("/audit")
    assert len(noted(engine)) == 2, "someone not signed in is asked to sign in"


def test_a_refused_page_answers_although_somebody_else_is_writing(sign_in: SignIn, make: Make, engine: Engine) -> None:
    """Also where the note itself has to wait for them, and does not."""
    browser = sign_in(make.person())
    with engine.begin() as other:
        if engine.dialect.name == "postgresql":
            other.execute(sa.text("LOCK TABLE sign_in_attempt IN EXCLUSIVE MODE"))
        other.execute(sa.text("UPDATE person SET name = name"))
        assert browser.get("/audit").status_code == 403
        assert browser.get("/letters").status_code == 403
    assert noted(engine) == []


@pytest.mark.parametrize(
    "trouble",
    [
        sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")),
        sa.exc.TimeoutError("QueuePool limit of size 10 overflow 20 reached"),
        sa.exc.InternalError("INSERT", {}, Exception("cannot execute INSERT in a read-only transaction")),
        sa.exc.IntegrityError("INSERT", {}, Exception("the person was erased just now")),
        sa.exc.DataError("INSERT", {}, Exception("no such character")),
        PermissionError("the file beside the database, where tries are counted"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_refused_page_stays_one_whatever_keeps_its_note_from_being_written(
    sign_in: SignIn, make: Make, engine: Engine, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    browser = sign_in(make.person())
    monkeypatch.setattr("lms.hosting.forbidden.attempt_of", Mock(side_effect=trouble))
    for answer in (browser.get("/audit"), browser.post("/registrations/1/refuse")):
        assert answer.status_code == 403
        assert "Your role does not include this page" in answer.text
    assert noted(engine) == []


def test_a_refused_page_is_noted_by_a_connection_that_is_left_or_not_at_all(
    app: Flask, sign_in: SignIn, make: Make
) -> None:
    """As many requests as there are connections, each with its own: none waits for a second one to say no."""
    browser = sign_in(make.person())
    with app.app_context():
        pool = db.engine.pool
    held = []
    assert isinstance(pool, sa.pool.QueuePool)
    for _ in range(pool.size() + pool._max_overflow - 1):
        held.append(pool.connect())
    began = pool.checkedout()
    try:
        answers = [browser.get("/audit").status_code for _ in range(2)]
    finally:
        for each in held:
            each.close()
    assert answers == [403, 403]
    assert pool.checkedout() <= began


def test_one_network_cannot_fill_the_disk(work: Work) -> None:
    work.network = "192.0.2.7"
    for _ in range(NOTED_AN_HOUR + 10):
        note_attempt(work, What.FORBIDDEN)
    note_attempt(work, What.WRONG_CODE)
    work.session.flush()
    assert work.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == NOTED_AN_HOUR + 1


def test_the_business_manager_sees_them_counted_and_nobody_else_does(
    app: Flask, sign_in: SignIn, make: Make, work: Work
) -> None:
    amara, denzil = make.person("Amara Fenwick-Osei"), make.person("Denzil Marrowby")
    manager = sign_in(make.person("Bea Lindqvist", roles=(Role.BUSINESS_MANAGER,)))
    now = work.now
    for days, person, network, what in (
        (0, amara, "192.0.2.1", What.WRONG_PASSWORD),
        (0, amara, "192.0.2.2", What.WRONG_PASSWORD),
        (3, denzil, "192.0.2.2", What.WRONG_CODE),
        (20, amara, "192.0.2.3", What.WRONG_PASSWORD),
        (0, amara, "192.0.2.4", What.SIGNED_IN),
    ):
        work.now, work.network = now - timedelta(days=days, minutes=1), network
        note_attempt(work, what, person_id=person.id)
    work.session.commit()
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", manager.get("/sign-ins").text))
    assert "Wrong passwords 2 2 3" in text
    assert "Wrong codes by email 0 1 1" in text
    assert "Signed in 1 1 1" in text
    assert "192.0.2.2 2 2" in text
    assert "192.0.2.1 1 1" in text
    assert "192.0.2.4" not in text, "where someone signed in is no one's business"
    assert "Amara Fenwick-Osei 2 2" in text
    for role in set(Role) - {Role.BUSINESS_MANAGER}:
        assert sign_in(make.person(roles=(role,))).get("/sign-ins").status_code == 403


def test_they_go_after_a_month_unless_held(work: Work, make: Make) -> None:
    held = make.person()
    set_hold(work, person=held, reason="A complaint", look_again_on=work.now.date() + timedelta(days=90))
    now, work.network = work.now, "192.0.2.7"
    for days in (KEPT_DAYS - 1, KEPT_DAYS + 1):
        work.now = now - timedelta(days=days)
        note_attempt(work, What.WRONG_CODE, person_id=held.id)
        note_attempt(work, What.WRONG_CODE)
    work.now = now
    (retention,) = PERSONAL_DATA.retention
    assert retention.run(work) == 1
    assert work.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 3


def test_what_concerns_somebody_is_theirs_and_goes_with_them(work: Work, make: Make) -> None:
    person = make.person()
    work.network = "192.0.2.7"
    note_attempt(work, What.WRONG_CODE, person_id=person.id)
    work.session.flush()
    (line,) = PERSONAL_DATA.export(work, person.id)["Sign-ins and refusals"]
    assert (line["What"], line["Network address"]) == ("wrong code", "192.0.2.7")
    PERSONAL_DATA.erase(work, person.id)
    assert work.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0
