"""What is logged and reported holds nobody's data."""

import gzip
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from lms.frame.away import is_away, why_not_let_in
from lms.frame.logs import JsonLines, WithRequest
from tests.forks import forked

TYPED = "Nia Ashgrove needs a hearing loop"


def logged(error: BaseException) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("lms", logging.ERROR, __file__, 1, "It failed", (), sys.exc_info())
    WithRequest().filter(record)
    return JsonLines().format(record)


def test_a_json_line_says_the_kind_of_error_and_where_and_not_its_words() -> None:
    line = logged(ValueError(TYPED))
    assert "Nia" not in line
    told = json.loads(line)
    assert (told["level"], told["message"], told["request_id"]) == ("ERROR", "It failed", "")
    assert told["error"].startswith("ValueError\n")
    assert "test_logs.py" in told["error"]


def test_of_a_databases_error_the_first_line_is_told(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as caught:
        connection.execute(sa.text("SELECT :typed FROM nowhere"), {"typed": TYPED})
    line = logged(caught.value)
    assert "nowhere" in line
    assert "Nia" not in line


def test_a_database_that_is_away_is_told_from_one_that_refuses_a_statement(engine: Engine, tmp_path: Path) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as refused:
        connection.execute(sa.text("SELECT x FROM nowhere"))
    assert not is_away(refused.value)
    gone = sa.create_engine("postgresql+psycopg://nobody@localhost:1/nowhere")
    nowhere = sa.create_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder'}")
    for each in (gone, nowhere):
        with pytest.raises(sa.exc.OperationalError) as away:
            each.connect()
        assert is_away(away.value)
        assert why_not_let_in(away.value) == ""


def test_a_server_that_knows_no_such_database_is_a_sentence(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    with pytest.raises(sa.exc.OperationalError) as refused:
        sa.create_engine(engine.url.set(database="no_such_database")).connect()
    assert why_not_let_in(refused.value).startswith("The database server does not let this service in")


class Reports(BaseHTTPRequestHandler):
    """A service for reports of errors, which keeps what it is told."""

    kept: list[str] = []  # noqa: RUF012  (each test begins with none)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.kept.append((gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body).decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def reports() -> Iterator[str]:
    Reports.kept.clear()
    with HTTPServer(("127.0.0.1", 0), Reports) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1"
        server.shutdown()


FAILS = f"""
import sentry_sdk
from flask import abort
from lms.frame.error_reports import start_error_reports
from lms.frame.logs import start_logs
import wsgi
app = wsgi.application
start_logs(app.extensions["lms"].settings)
start_error_reports(app.extensions["lms"].settings)
def fails():
    typed = {TYPED!r}
    raise ValueError(typed)
fails.guard = "public"
app.view_functions["monitoring.health"] = fails
answer = app.test_client().get("/health?q=Ashgrove", headers={{"X-Request-ID": "abc-123-def", "Cookie": "a=Ashgrove"}})
assert answer.status_code == 500 and answer.headers["X-Request-ID"] == "abc-123-def", answer.headers
sentry_sdk.flush()
"""


def test_log_and_report_of_an_error_say_what_and_where_and_nothing_of_anybody(reports: str, tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "LMS_INSTANCE": str(tmp_path),
        "LMS_SECRET_KEY": "a key for tests, long enough",
        "LMS_ERROR_DSN": reports,
        "LMS_LOG_FORMAT": "json",
    }
    code, said = forked(["-c", FAILS], tmp_path, environ)
    assert code == 0, said
    assert "Ashgrove" not in said
    assert json.loads(said)["request_id"] == "abc-123-def"
    assert len(Reports.kept) == 1, Reports.kept
    (told,) = Reports.kept
    assert "Ashgrove" not in told
    for part in (
        '"type":"ValueError"',
        '"request_id":"abc-123-def"',
        '"view":"monitoring.health"',
        '"function":"fails"',
    ):
        assert part in told
