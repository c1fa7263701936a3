"""Settings: read once, and every wrong one named."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lms.frame.settings import ROOT, SettingsError, keep_secret_key, read_settings

KEY = "long enough to be a secret"

WRONG = [
    ("LMS_SECRET_KEY", "short"),
    ("LMS_SECRET_KEYS_BEFORE", "short"),
    ("LMS_SECRET_KEYS_BEFORE", "a key that is long enough, and one"),
    ("LMS_SECRET_KEYS_BEFORE", "a key that is long enough,a key that is long enough"),
    ("LMS_SECRET_KEYS_BEFORE", KEY),
    ("LMS_SECRET_KEYS_BEFORE", f"a key that is long enough,{KEY}"),
    ("LMS_SECRET_KEYS_BEFORE", "\0"),
    ("LMS_DATABASE_URL", "mysql://user@host/base"),
    ("LMS_DATABASE_URL", "postgresql+psycopg2://user@host/base"),
    ("LMS_DATABASE_URL", "postgresql://user@host:port/base"),
    ("LMS_DATABASE_URL", "sqlite://"),
    ("LMS_DATABASE_URL", "nonsense"),
    ("LMS_MAIL_URL", "http://mail.example.org"),
    ("LMS_MAIL_URL", "smtp://"),
    ("LMS_MAIL_URL", "smtp://mail.example.org:often"),
    ("LMS_MAIL_URL", "file://folder/mailbox"),
    ("LMS_MAIL_FROM", "Training team"),
    ("LMS_MAIL_FROM", "Training <training@example.org>, Others <others@example.org>"),
    ("LMS_MAIL_FROM", "=?utf-8?q?Training?= <training@example.org>"),
    ("LMS_MAIL_FROM", "training@..example.org"),
    ("LMS_BASE_URL", "training.example.org"),
    ("LMS_BASE_URL", "https://[::1"),
    ("LMS_BASE_URL", "https://training.example.org/?from=mail"),
    ("LMS_DEMO", "yes"),
    ("LMS_TIMEZONE", "Europe/Paris"),
]


def read(tmp_path: Path, **typed: str) -> object:
    return read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": KEY, **typed})


def test_keys_of_before_are_read_whole_the_newest_first(tmp_path: Path) -> None:
    typed = 'the key of last year, "a key, with a comma in it" , '
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": KEY, "LMS_SECRET_KEYS_BEFORE": typed})
    assert settings.secret_keys_before == ("the key of last year", "a key, with a comma in it")
    assert settings.keys.all == (KEY, *settings.secret_keys_before)


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    """Compose files pass on what nobody set."""
    keep_secret_key(tmp_path)
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": ""})
    assert len(settings.secret_key) > 16


@pytest.mark.parametrize(("name", "typed"), WRONG)
def test_a_wrong_setting_stops_the_start_and_is_named_alone(tmp_path: Path, name: str, typed: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, **{name: typed})
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{name} ")


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, LMS_SECRET_KEY="", LMS_MAIL_FROM="nobody", LMS_DEMO="yes")
    named = [line.split()[0] for line in str(refused.value).splitlines()]
    assert named == ["LMS_SECRET_KEY", "LMS_MAIL_FROM", "LMS_DEMO"]


def test_without_any_setting_but_the_key_everything_stays_in_the_instance_folder(tmp_path: Path) -> None:
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": KEY})
    assert settings.database_url == f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    assert settings.mail_url == f"file://{tmp_path / 'mailbox'}"
    assert settings.plugins == ()
    assert not settings.is_demo


@pytest.mark.parametrize(
    ("typed", "used"),
    [
        ("postgresql://me:word@host/base", "postgresql+psycopg://me:word@host/base"),
        ("postgres://me@host/base", "postgresql+psycopg://me@host/base"),
        ("postgresql+psycopg://me@host/base", "postgresql+psycopg://me@host/base"),
        ("sqlite:////var/lib/lms.sqlite3", "sqlite:////var/lib/lms.sqlite3"),
        ("sqlite:///instance/lms.sqlite3", f"sqlite:///{ROOT}/instance/lms.sqlite3"),
    ],
)
def test_the_database_address_is_taken_as_people_write_it(tmp_path: Path, typed: str, used: str) -> None:
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": KEY, "LMS_DATABASE_URL": typed})
    assert settings.database_url == used


def test_the_environment_goes_before_the_kept_file_and_an_empty_value_asks_for_the_default(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text(f"LMS_SECRET_KEY={KEY}\nLMS_DEMO=1\nLMS_PLUGINS=stranger , other\n")
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_DEMO": "0", "LMS_MAIL_URL": ""})
    assert not settings.is_demo
    assert settings.mail_url == f"file://{tmp_path / 'mailbox'}"
    assert settings.secret_key == KEY
    assert settings.plugins == ("stranger", "other")


def test_a_plugins_setting_is_handed_on_as_typed(tmp_path: Path) -> None:
    settings = read_settings({"LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": KEY, "LMS_COURSES_DAYS": "5", "X": "y"})
    assert settings.others == {"LMS_COURSES_DAYS": "5"}


def test_a_secret_key_is_made_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    kept = tmp_path / "settings.env"
    kept.write_text("LMS_DEMO=1")
    assert keep_secret_key(tmp_path)
    assert not keep_secret_key(tmp_path)
    assert kept.read_text().startswith("LMS_DEMO=1\nLMS_SECRET_KEY=")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert read_settings({"LMS_INSTANCE": str(tmp_path)})


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["-c", "import wsgi; wsgi.application"], ["-m", "flask", "--app", "wsgi", "check"]]
)
def test_a_wrong_setting_stops_the_program_with_words_and_no_trace(tmp_path: Path, command: list[str]) -> None:
    environ = {**os.environ, "LMS_INSTANCE": str(tmp_path), "LMS_SECRET_KEY": "short", "LMS_COURSES_NOTHING": "1"}
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "LMS_SECRET_KEY is missing or shorter" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_providers_of_accounts_at_work_are_read_and_a_wrong_one_is_named_with_all_else(tmp_path: Path) -> None:
    typed = {"LMS_SECRET_KEY": KEY, "LMS_INSTANCE": str(tmp_path), "LMS_OIDC_NHS_ISSUER": "https://login.example.org"}
    right = {"LMS_OIDC_NHS_CLIENT_ID": "id", "LMS_OIDC_NHS_CLIENT_SECRET": "s", "LMS_OIDC_NHS_DOMAINS": "nhs.net"}
    settings = read_settings(typed | right)
    assert [each.title for each in settings.providers] == ["NHS"]
    assert settings.others == {}
    with pytest.raises(SettingsError) as refused:
        read_settings(typed | right | {"LMS_DEMO": "yes", "LMS_OIDC_NHS_DOMAINS": ""})
    assert [line.split()[0] for line in str(refused.value).splitlines()] == ["LMS_DEMO", "LMS_OIDC_NHS_DOMAINS"]
