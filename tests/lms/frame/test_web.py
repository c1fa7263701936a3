"""Request glue: guards, one commit, refusals as pages, and a GET that changes nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from wtforms import FieldList, FormField, StringField
from wtforms import Form as PlainForm

from lms.agencies.models import Sector
from lms.frame.access import Role
from lms.frame.plugins import Permission, Plugin
from lms.frame.settings import Settings
from lms.frame.web import Answer, Form, back_to, page, public, requires, say, signed_in, work
from lms.hosting.app import create_app
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.people.models import Person
from tests.application import lent
from tests.built_in import BUILT_IN
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.make import Make

bp = Blueprint("probe", __name__)
WORDS = "Choose another name."
REFUSALS = {"invalid": Invalid, "not-allowed": NotAllowed, "not-found": NotFound, "conflict": Conflict}


class Day(PlainForm):
    starts = StringField("Starts")


class SectorForm(Form):
    name = StringField("Name")
    days = FieldList(FormField(Day), min_entries=1)


@bp.route("/probe/add/<name>", methods=["GET", "POST"])
@public
def add(name: str) -> Answer:
    work().session.add(Sector(name=name))
    work().session.flush()
    return "added"


@bp.post("/probe/refuse/<how>")
@public
def refuse(how: str) -> Answer:
    work().session.add(Sector(name="Never kept"))
    work().session.flush()
    raise REFUSALS[how]("Do this instead.")


@bp.get("/probe/refuse/<how>")
@public
def refuse_to_show(how: str) -> Answer:
    raise REFUSALS[how]("Do this instead.")


@bp.post("/probe/error-status")
@public
def answer_with_an_error() -> Answer:
    work().session.add(Sector(name="Never kept"))
    return "no", 422


@bp.post("/probe/form/<field>")
@public
def form(field: str) -> Answer:
    typed = SectorForm()
    if typed.validate_on_submit():
        with typed.refusals():
            work().session.add(Sector(name="Never kept"))
            work().session.flush()
            raise Invalid(WORDS, field=field)
    return f"{typed.name.data} {typed.errors}", 422 if typed.errors else 200


@bp.post("/probe/say")
@signed_in
def say_something() -> Answer:
    say("It is done.")
    return back_to("probe.show")


@bp.get("/probe/page")
@public
def show() -> Answer:
    return page("layouts/error.html", heading="A page", words="As every page.")


@bp.get("/probe/break")
@public
def break_down() -> Answer:
    raise ZeroDivisionError("a secret of the program")


@bp.get("/probe/coordinators")
@requires("probe.look")
def coordinators() -> Answer:
    return f"for {work().actor.name}"


PROBE = Plugin(
    name="probe",
    title="Probe",
    blueprints=(bp,),
    permissions=(Permission("probe.look", "look", frozenset({Role.COORDINATOR})),),
)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    with lent(settings, clock, further=(PROBE,)) as made:
        made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=True)
        made.extensions["lms.wake_mail"] = lambda: None
        yield made


def sectors(session: Session) -> list[str]:
    found = list(session.scalars(sa.select(Sector.name).order_by(Sector.name)))
    session.rollback()
    return found


def test_a_post_is_committed_once_at_its_end(client: FlaskClient, session: Session) -> None:
    assert client.post("/probe/add/Health").status_code == 200
    assert sectors(session) == ["Health"]


def test_a_get_that_writes_fails_and_leaves_nothing(client: FlaskClient, session: Session) -> None:
    for ask in (client.get, client.head):
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            ask("/probe/add/Health")
    assert sectors(session) == []


def test_the_connection_that_a_get_used_can_write_again(client: FlaskClient, session: Session) -> None:
    for number in range(3):
        assert client.get("/probe/page").status_code == 200
        assert client.post(f"/probe/add/Sector {number}").status_code == 200
    assert len(sectors(session)) == 3


def test_a_page_is_served_while_somebody_else_writes(client: FlaskClient, session: Session) -> None:
    session.add(Sector(name="Being written"))
    session.flush()
    assert client.get("/probe/page").status_code == 200
    assert client.get("/nowhere").status_code == 404
    assert client.get("/probe/refuse/conflict").status_code == 409
    session.rollback()


@pytest.mark.parametrize(
    ("how", "status"), [("invalid", 422), ("not-allowed", 403), ("not-found", 404), ("conflict", 409)]
)
def test_a_refusal_is_a_page_with_its_sentence_and_undoes_everything(
    client: FlaskClient, session: Session, how: str, status: int
) -> None:
    for ask in (client.post, client.get):
        answer = ask(f"/probe/refuse/{how}")
        assert answer.status_code == status
        assert "Do this instead." in answer.text
        assert "Worried about a child?" in answer.text
    assert sectors(session) == []


def test_an_answer_with_an_error_status_is_not_committed(client: FlaskClient, session: Session) -> None:
    assert client.post("/probe/error-status").status_code == 422
    assert sectors(session) == []


def test_two_changes_that_meet_answer_409_in_words(client: FlaskClient, session: Session) -> None:
    client.post("/probe/add/Health")
    answer = client.post("/probe/add/Health")
    assert answer.status_code == 409
    assert "Someone changed this at the same moment." in answer.text
    assert sectors(session) == ["Health"]


TYPED = {"name": "Healht", "days-0-starts": "nine"}


@pytest.mark.parametrize(
    ("field", "errors"),
    [
        ("name", {"name": [WORDS]}),
        ("days-0-starts", {"days": [{"starts": [WORDS]}]}),
        ("elsewhere", {"": [WORDS]}),
        ("days-0", {"": [WORDS]}),
    ],
)
def test_a_services_refusal_lands_at_its_field_with_what_was_typed(
    client: FlaskClient, session: Session, field: str, errors: dict[str, object]
) -> None:
    answer = client.post(f"/probe/form/{field}", data=TYPED)
    assert answer.status_code == 422
    assert answer.text == f"Healht {errors}"
    assert sectors(session) == []


def test_what_was_done_is_said_once_at_the_top_of_the_next_page(
    sign_in: Callable[[Person], FlaskClient], make: Make
) -> None:
    browser = sign_in(make.person())
    answer = browser.post("/probe/say")
    assert (answer.status_code, answer.location) == (303, "/probe/page")
    assert "It is done." in browser.get("/probe/page").text
    assert "It is done." not in browser.get("/probe/page").text


def test_somebody_not_signed_in_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    assert client.get("/probe/coordinators?page=2").location == "/sign-in?next=/probe/coordinators?page%3D2"
    assert client.post("/probe/say").location == "/sign-in?next=/"


def test_a_role_opens_what_its_permission_guards(sign_in: Callable[[Person], FlaskClient], make: Make) -> None:
    assert sign_in(make.person()).get("/probe/coordinators").status_code == 403
    assert sign_in(make.coordinator()).get("/probe/coordinators").text == "for Priyanka Hallowdale"


def test_a_wrong_method_is_refused_in_words_and_says_which_are_right(client: FlaskClient) -> None:
    answer = client.post("/probe/page")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Worried about a child?" in answer.text


def test_too_large_an_upload_is_refused_in_words(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/probe/say", data={"words": "far more than ten bytes"})
    assert answer.status_code == 413
    assert "may have 20 MB" in answer.text


def test_a_form_without_its_token_is_refused_in_words_and_changes_nothing(app: Flask, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/probe/add/Health")
    assert answer.status_code == 400
    assert "the page was open for too long" in answer.text
    assert "Worried about a child?" in answer.text
    assert sectors(session) == []


def test_a_fault_of_ours_shows_no_trace(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    answer = app.test_client().get("/probe/break")
    assert answer.status_code == 500
    assert "Something went wrong here." in answer.text
    assert "Worried about a child?" in answer.text
    assert "secret" not in answer.text
    assert "a secret of the program" in caplog.text


def test_a_head_is_answered_as_a_get_without_its_body(client: FlaskClient) -> None:
    answer = client.head("/probe/page")
    assert (answer.status_code, answer.text) == (200, "")


def test_no_page_is_kept_by_the_browser_and_none_asks_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/probe/page")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    with client.get("/static/mark.svg?v=1") as picture:
        assert "max-age=31536000" in picture.headers["Cache-Control"]
    with client.get("/static/mark.svg") as picture:
        assert picture.headers["Cache-Control"] == "no-cache", "it may be another one tomorrow, under this address"


class WithoutDatabase:
    """An application whose database is away, and somebody with a cookie from before."""

    def __init__(self, settings: Settings) -> None:
        away = replace(settings, database_url="postgresql+psycopg://nobody@localhost:1/nowhere")
        self.app = create_app(away, BUILT_IN)
        self.app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        self.browser = self.app.test_client()
        with self.browser.session_transaction() as kept:
            kept["_user_id"] = "somebody"


def test_without_a_database_the_process_answers_is_not_ready_and_pages_say_a_sentence(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    browser = WithoutDatabase(settings).browser
    assert browser.get("/health").status_code == 200
    ready = browser.get("/health/ready")
    assert (ready.status_code, (ready.json or {})["why_not"]) == (503, "The database does not answer.")
    for path in ("/probe/page", "/nowhere", "/api/v1/courses"):
        caplog.clear()
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "The service cannot reach its records now." in answer.text
        assert "Traceback" not in answer.text
        (line,) = caplog.messages
        assert len(line) < 300, "one line, and not a trace, of each request"


def test_a_text_too_long_for_an_index_is_refused_in_words(client: FlaskClient, session: Session) -> None:
    """PostgreSQL calls it a fault of its own; whoever typed it can shorten it. SQLite keeps it."""
    name = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(6_000))
    answer = client.post(f"/probe/add/{name}")
    is_kept = session.get_bind().dialect.name == "sqlite"
    assert answer.status_code == (200 if is_kept else 400)
    assert is_kept or "text that you sent is too large to keep" in answer.text
    assert len(sectors(session)) == is_kept


@ON_SQLITE
def test_a_proxy_that_keeps_host_to_itself_is_named_on_the_page_and_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser, inside = app.test_client(), "https://10.0.0.5:8000"
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.get("/sign-in", base_url=inside).text)
    assert token is not None
    typed = {"csrf_token": token[1], "email": "amara@rvch.example"}
    answer = browser.post("/sign-in", base_url=inside, data=typed, headers={"Referer": "https://localhost/sign-in"})
    assert answer.status_code == 400
    assert "its proxy must pass on “Host”" in answer.text
    assert "'10.0.0.5:8000'" in caplog.text
