"""What is shipped to run it with fits the code: settings, units, images and the documents that name them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import wsgi
from lms.commands import TOPICS
from lms.frame.settings import OWN_NAMES, ROOT, Settings
from lms.frame.settings_told import HOST, NOT_SHOWN, in_force, told_of, without_password
from lms.hosting import host
from tests.forks import forked

DEPLOY = ROOT / "deploy"
SETTINGS = [each for plugin in (*host.PLUGINS, *wsgi.PLUGINS) for each in plugin.settings]
HEAD = """# Settings

From the environment, and from `instance/settings.env`; the environment goes before. A wrong one stops the start with
its name and what it should be; `lms settings` prints what is in force and where it was said. Providers of people's
accounts at work are named by `LMS_OIDC_<NAME>_...`: see [signing in](signing-in.md). Plugins of third parties bring
settings of their own.

| setting | what | without it |
|---|---|---|
"""


def test_the_document_of_settings_is_what_the_code_says() -> None:
    table = "".join(f"| `{each.name}` | {each.words} | {each.default or '-'} |\n" for each in told_of(SETTINGS))
    document = ROOT / "docs" / "settings.md"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        document.write_text(HEAD + table, encoding="utf-8")
    assert document.read_text(encoding="utf-8") == HEAD + table


def test_every_setting_of_the_host_is_told() -> None:
    assert {each.name for each in HOST} == OWN_NAMES


def named(told: str) -> set[str]:
    return set(re.findall(r"\bLMS_[A-Z_]+\b", told))


def test_every_setting_and_command_that_is_shipped_or_written_of_is_there() -> None:
    known = {each.name for each in told_of(SETTINGS)}
    commands = {each.name for topic in TOPICS for each in topic.COMMANDS}
    for file in [*DEPLOY.rglob("*"), ROOT / "docs" / "running-it.md", ROOT / "docs" / "watching.md"]:
        if file.is_file():
            told = file.read_text(encoding="utf-8")
            assert named(told) <= known, file.name
            assert set(re.findall(r"(?:bin/|`|\[\"|^)lms[\" ,]+\"?([a-z][a-z-]+)", told, re.M)) <= commands, file.name


def test_compose_runs_what_there_is_with_one_database_and_one_folder() -> None:
    made = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = made["services"]
    assert {"database", "init", "web", "worker", "proxy"} == services.keys()
    urls = {services[name]["environment"]["LMS_DATABASE_URL"] for name in ("init", "web", "worker")}
    volumes = {tuple(services[name]["volumes"]) for name in ("init", "web", "worker")}
    assert (len(urls), len(volumes)) == (1, 1)
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["init"]["condition"] == "service_completed_successfully"


def test_the_proxy_of_compose_is_the_tested_one_at_another_address() -> None:
    tested, other = (
        [line for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for name in ("nginx.conf", "nginx-compose.conf")
    )
    assert [pair for pair in zip(tested, other, strict=True) if pair[0] != pair[1]] == [
        ("    server 127.0.0.1:8000;", "    server web:8000;")
    ]


def test_what_the_image_copies_is_there_and_its_python_is_one_that_is_supported() -> None:
    told = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (version,) = set(re.findall(r"FROM python:3\.(\d+)", told))
    assert int(version) >= 11
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", told, re.M):
        assert (ROOT / source).exists()
        assert source not in ignored
    assert not {"lms", "courses", "charges", "reviews", "surveys", "briefings", "wsgi.py", "pyproject.toml"} & set(
        ignored
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    lms = tmp_path / "lms"
    lms.write_text("#!/bin/sh\n", encoding="utf-8")
    lms.chmod(0o755)
    for unit in (DEPLOY / "systemd").glob("*.service"):
        told = unit.read_text(encoding="utf-8").replace("/opt/golden-thread/bin/lms", str(lms))
        (tmp_path / unit.name.replace("@", "@rowanvalley")).write_text(told, encoding="utf-8")
    units = sorted(str(each) for each in tmp_path.glob("*.service"))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in said.stderr.splitlines() if "golden-thread" in line and "postgresql" not in line]
    assert ours == []


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_stays_where_codes_would_become_files_unasked(command: str, tmp_path: Path) -> None:
    environ = {**os.environ, "LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": "a key for tests, long enough"}
    environ.pop("LMS_MAIL_URL", None)
    code, said = forked([command], tmp_path, environ)
    assert (code, "LMS_MAIL_URL is not set" in said) == (1, True)
    code, said = forked([command], tmp_path, {**environ, "LMS_MAIL_URL": f"file://{tmp_path}"})
    assert (code, said.strip()) == (
        1,
        "Error: The database has not been made for this version yet. Run `lms init`.",
    )


def test_settings_in_force_say_where_they_were_said_and_no_secret(tmp_path: Path) -> None:
    said = {
        "LMS_SECRET_KEY": ("a key for tests, long enough", "instance/settings.env"),
        "LMS_MAIL_URL": ("smtps://us:hidden@mail.example.org", "the environment"),
        "LMS_OIDC_NHS_CLIENT_SECRET": ("hidden", "the environment"),
        "LMS_API_REQUESTS_A_MINUTE": ("60", "the environment"),
    }
    settings = Settings("key", "sqlite://", "file:///x", "a@b.example", "http://localhost", tmp_path, said=said)
    told = {row.name: (row.value, row.origin) for row in in_force(settings, SETTINGS)}
    assert told["LMS_SECRET_KEY"] == (NOT_SHOWN, "instance/settings.env")
    assert told["LMS_MAIL_URL"] == ("smtps://us:...@mail.example.org", "the environment")
    assert told["LMS_OIDC_NHS_CLIENT_SECRET"] == (NOT_SHOWN, "the environment")
    assert told["LMS_API_REQUESTS_A_MINUTE"] == ("60", "the environment")
    assert told["LMS_DEMO"] == ("0", "default")
    assert without_password("postgresql://u:p%40ss@h/d") == "postgresql://u:...@h/d"
    assert without_password("Training <a@b.example>") == "Training <a@b.example>"
