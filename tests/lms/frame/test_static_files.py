"""Scripts, styles and drawings: their content is in the address, also of what a script imports, and they are packed."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.frame.static_files import HOST_STATIC, start_static_files

ADDRESS = re.compile(r'from "(/static/govuk/govuk-frontend\.min\.js\?v=[0-9a-f]{12})"')


@pytest.fixture(scope="module")
def app() -> Flask:
    made = Flask("files", static_folder=None)
    start_static_files(made, [])
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    return str(app.jinja_env.globals["static_url"](name))  # type: ignore[operator]


def test_what_a_script_imports_carries_its_content_in_the_address(app: Flask, client: FlaskClient) -> None:
    found = ADDRESS.search(client.get(address(app, "start.js")).text)
    assert found is not None
    answer = client.get(found[1])
    assert answer.data == (HOST_STATIC / "govuk/govuk-frontend.min.js").read_bytes()
    assert answer.cache_control.max_age == 31_536_000


def test_a_new_part_gives_what_imports_it_a_new_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.frame.static_files.HOST_STATIC", tmp_path)
    (tmp_path / "whole.js").write_text('import { part } from "./part.js";')
    addresses = []
    for text in ("export const part = 1;", "export const part = 2;"):
        (tmp_path / "part.js").write_text(text)
        made = Flask("files", static_folder=None)
        start_static_files(made, [])
        addresses.append(address(made, "whole.js"))
    assert addresses[0] != addresses[1]


def test_no_script_of_ours_imports_without_it(client: FlaskClient) -> None:
    for path in HOST_STATIC.glob("*.js"):
        sent = client.get(f"/static/{path.name}").text
        assert re.findall(r"""(?:from|import)\s*\(?\s*["'](?!/static/\S+\?v=)[^"']+["']""", sent) == [], path.name


def test_a_style_is_packed_for_who_can_unpack_it_and_known_again(app: Flask, client: FlaskClient) -> None:
    at, plain = address(app, "golden-thread.css"), (HOST_STATIC / "golden-thread.css").read_bytes()
    packed = client.get(at, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(at).data == plain
    assert len(packed.data) < len(plain) / 3
    assert packed.headers["Vary"] == "Accept-Encoding"
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert client.get(at, headers=again).status_code == 304


@pytest.mark.parametrize("path", ["//etc/hosts.css", "../app.py", "govuk/../../frame/web.py", "none.css"])
def test_nothing_else_is_sent(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


def test_without_its_content_in_the_address_a_file_is_asked_for_anew(client: FlaskClient) -> None:
    assert client.get("/static/start.js").headers["Cache-Control"] == "no-cache"
    with client.get("/static/govuk/VERSION") as answer:
        assert "no-cache" in answer.headers["Cache-Control"]
