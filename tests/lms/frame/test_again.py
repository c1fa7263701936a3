"""Two who write at the same moment: the one whom the database ended runs again, up to twice, and then is told so."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import time
from io import BytesIO

import psycopg
import pytest
import sqlalchemy as sa
from click import ClickException
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from lms.agencies.models import Sector
from lms.audit.models import AuditEntry
from lms.commands.units import in_one_unit
from lms.frame.again import again_when_met, met_others
from lms.frame.plugins import Job, Plugin
from lms.frame.settings import ROOT, Settings
from lms.frame.web import Answer, back_to, page, public, say, work
from lms.frame.work import Work
from lms.jobs.services import meet_jobs, run_due
from lms.mail.letters import Letter
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from tests.application import lent
from tests.conftest import Clock
from tests.databases import NoSite
from tests.make import Make
from tests.moments import NOW

bp = Blueprint("meeting", __name__)


def deadlock() -> OperationalError:
    return OperationalError("UPDATE person", None, psycopg.errors.DeadlockDetected())


@dataclass
class Meetings:
    """How often the database ends what is tried, and what each try found."""

    ends: int = 0
    tries: list[str] = field(default_factory=list)
    both: threading.Barrier | None = None


meetings = Meetings()


@bp.post("/meeting/add")
@public
def add() -> Answer:
    """Writes, tells the reader, sends a letter, reads what was sent; and then the database ends it."""
    meetings.tries.append(f"{request.form['name']}:{request.files['file'].read().decode()}")
    work().session.add(Sector(name=request.form["name"]))
    work().send(Letter("x.y", "x.y:1:1", {}, to_name="Bo", to_address="bo@ashgrove.example"))
    say("It is added.")
    work().session.flush()
    if len(meetings.tries) <= meetings.ends:
        raise deadlock()
    return back_to("meeting.shown")


@bp.get("/meeting/shown")
@public
def shown() -> Answer:
    return page("layouts/error.html", heading="Shown", words="As every page.")


@bp.post("/meeting/<int:first>/<int:second>")
@public
def lock_both(first: int, second: int) -> Answer:
    """Changes two people in this order, which another request does in the other order."""
    meetings.tries.append(f"{first}-{second}")
    for each in (first, second):
        work().session.execute(sa.update(Person).where(Person.id == each).values(job_title=Person.job_title + "x"))
        if each == first and meetings.both is not None and not meetings.both.broken:
            meetings.both.wait(10)
    meetings.both = None
    return back_to("meeting.shown")


PROBE = Plugin(name="meeting", title="Meeting", blueprints=(bp,))


@pytest.fixture(autouse=True)
def _anew() -> None:
    meetings.ends, meetings.tries, meetings.both = 0, [], None


@pytest.fixture
def meeting_app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    with lent(settings, clock, further=(PROBE,)) as app:
        app.config.update(WTF_CSRF_ENABLED=False)
        app.extensions["lms.wake_mail"] = lambda: None
        yield app


@pytest.fixture
def browser(meeting_app: Flask) -> FlaskClient:
    return meeting_app.test_client()


def post(browser: FlaskClient) -> tuple[int, str]:
    sent = {"name": "Wardens", "file": (BytesIO(b"a file"), "a.txt")}
    answer = browser.post("/meeting/add", data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.text


@pytest.mark.parametrize("ends", [0, 1, 2])
def test_a_request_that_met_others_runs_again_from_its_beginning(
    browser: FlaskClient, session: Session, ends: int
) -> None:
    meetings.ends = ends
    assert post(browser)[0] == 303
    assert meetings.tries == ["Wardens:a file"] * (ends + 1)
    assert session.scalars(sa.select(Sector.name).where(Sector.name == "Wardens")).all() == ["Wardens"]
    assert session.scalar(sa.select(sa.func.count(OutboxLetter.id))) == 1
    assert browser.get("/meeting/shown").text.count("It is added.") == 1


def test_the_third_time_the_reader_is_told_in_words(browser: FlaskClient, session: Session) -> None:
    meetings.ends = 9
    status, text = post(browser)
    assert (status, len(meetings.tries)) == (503, 3)
    assert "Others were saving at the same moment" in text
    assert "Nothing you did was saved" in text
    assert session.scalar(sa.select(sa.func.count()).where(Sector.name == "Wardens")) == 0
    assert "It is added." not in browser.get("/meeting/shown").text


def test_a_program_is_told_as_programs_are(
    meeting_app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended() -> None:
        raise deadlock()

    monkeypatch.setitem(meeting_app.view_functions, "api.openapi", ended)
    answer = browser.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_requests_that_wait_for_each_other_both_end_well(meeting_app: Flask, make: Make, session: Session) -> None:
    """A real deadlock, of which the database ends one."""
    one, other = make.person("One"), make.person("Other")
    make.commit()
    ids = (one.id, other.id)
    meetings.both = threading.Barrier(2)

    def ask(first: int, second: int) -> int:
        return meeting_app.test_client().post(f"/meeting/{first}/{second}").status_code

    with ThreadPoolExecutor(2) as both:
        answers = [each.result(30) for each in (both.submit(ask, *ids), both.submit(ask, *ids[::-1]))]
    assert answers == [303, 303]
    assert len(meetings.tries) == 3
    session.rollback()
    assert session.scalars(sa.select(Person.job_title).where(Person.id.in_(ids))).all() == ["xx", "xx"]


def job(run: Callable[[Work], object]) -> Job:
    return Job("test.sweep", "sweeps", run, daily_at=time(6))  # type: ignore[arg-type]


@pytest.mark.parametrize(("ends", "error"), [(2, False), (3, True)])
def test_a_job_that_met_others_runs_again_and_then_says_so(
    engine: Engine, session: Session, make: Make, ends: int, error: bool
) -> None:
    person = make.person()
    make.commit()
    seen: list[int] = []

    def sweep(work: Work) -> None:
        seen.append(len(seen))
        work.record("swept", work.session.get_one(Person, person.id))
        if len(seen) <= ends:
            raise deadlock()

    meet_jobs(engine, [job(sweep)], NOW)
    tomorrow = NOW.replace(day=17)
    [run] = run_due(engine, NoSite(), [job(sweep)], tomorrow)
    assert (len(seen), bool(run.error)) == (3, error)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "swept")) == int(not error)


@pytest.mark.parametrize(("ends", "is_saved"), [(2, True), (3, False)])
def test_a_command_that_met_others_runs_again_and_then_says_so(
    app: Flask, session: Session, make: Make, ends: int, is_saved: bool
) -> None:
    person_id, seen = make.person().id, []
    make.commit()

    def do(work: Work) -> str:
        person = work.session.get_one(Person, person_id)
        seen.append(person.job_title)
        person.job_title += "x"
        work.record("changed", person)
        if len(seen) <= ends:
            raise deadlock()
        return person.job_title

    with app.app_context(), nullcontext() if is_saved else pytest.raises(ClickException, match="Run it again"):
        assert in_one_unit("lms change", do) == "x"
    assert seen == [""] * 3, "each try reads again what there is"
    session.rollback()
    assert session.scalars(sa.select(Person.job_title).where(Person.id == person_id)).all() == ["x" * is_saved]
    assert session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "changed")) == int(is_saved)


def test_every_command_that_saves_does_it_in_a_unit_of_its_own() -> None:
    """But for the demonstration, which is loaded while nobody else is there."""
    files = (
        each for each in sorted((ROOT / "lms" / "commands").glob("*.py")) if each.name not in ("units.py", "demo.py")
    )
    assert [each.name for each in files if ".commit()" in each.read_text(encoding="utf-8")] == []


def test_only_what_the_database_ended_for_others_is_tried_again() -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorname = "SQLITE_BUSY"
    assert met_others(OperationalError("BEGIN IMMEDIATE", None, locked))
    assert met_others(OperationalError("UPDATE", None, psycopg.errors.SerializationFailure()))
    assert met_others(OperationalError("UPDATE", None, psycopg.errors.LockNotAvailable()))
    gone = OperationalError("SELECT", None, psycopg.errors.AdminShutdown())
    double = IntegrityError("INSERT", None, psycopg.errors.UniqueViolation())
    for other in (gone, double, sqlite3.OperationalError("no such table"), ValueError()):
        assert not met_others(other)
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise gone

    with pytest.raises(OperationalError):
        again_when_met(fail)
    assert len(tries) == 1
