"""Files belong to the service's own user alone, and what is erased is in none of them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import truncate_log_after
from lms.frame.private import close_to_others, own_files
from lms.frame.settings import Settings, SettingsError
from tests.forks import forked
from tests.make import Make


def open_to_others(folder: Path) -> list[str]:
    return sorted(str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077)


@pytest.mark.slow
def test_what_a_new_installation_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Also where the user's own habit is to let everybody read."""
    instance = tmp_path / "instance"
    environ = {**os.environ, "LMS_INSTANCE": str(instance), "LMS_DEMO": "0"}
    environ.pop("LMS_DATABASE_URL", None)
    for command in (["init"], ["jobs", "list"]):
        assert forked(command, tmp_path, environ)[0] == 0
    assert (instance / "lms.sqlite3").exists()
    assert open_to_others(instance) == []


def test_what_others_could_read_is_closed_at_the_start(settings: Settings, tmp_path: Path) -> None:
    database, mailbox = tmp_path / "old.sqlite3", tmp_path / "mailbox"
    mailbox.mkdir()
    paths = [
        database,
        Path(f"{database}-wal"),
        tmp_path / "queue.sqlite3",
        tmp_path / "settings.env",
        mailbox / "a.eml",
    ]
    for path in paths:
        path.touch()
        path.chmod(0o644)
    mailbox.chmod(0o755)
    tmp_path.chmod(0o755)
    old = replace(settings, database_url=f"sqlite:///{database}")
    assert set(paths) <= set(own_files(old))
    close_to_others(old)
    assert open_to_others(tmp_path) == []


@pytest.mark.slow
def test_every_start_looks_for_what_others_could_read(tmp_path: Path) -> None:
    """An installation of before, with backups beside its database: each command and the web server begin alike."""
    environ = {**os.environ, "LMS_INSTANCE": str(tmp_path), "LMS_DEMO": "0"}
    environ.pop("LMS_DATABASE_URL", None)
    assert forked(["init"], tmp_path, environ)[0] == 0
    (tmp_path / "backups").mkdir()
    for name in ("lms.sqlite3.before-upgrade", "backups/2026-03-01.sqlite3"):
        (tmp_path / name).touch()
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert forked(["jobs", "list"], tmp_path, environ)[0] == 0
    assert open_to_others(tmp_path) == []


def test_copies_beside_a_database_elsewhere_are_closed_and_nothing_that_a_link_points_at(
    settings: Settings, tmp_path: Path
) -> None:
    elsewhere, instance = tmp_path / "srv", tmp_path / "instance"
    elsewhere.mkdir()
    instance.mkdir()
    database, others = elsewhere / "gt.sqlite3", elsewhere / "others.txt"
    for path in (database, Path(f"{database}.bak"), others):
        path.touch()
        path.chmod(0o644)
    (instance / "link").symlink_to(others)
    close_to_others(replace(settings, instance=instance, database_url=f"sqlite:///{database}"))
    assert open_to_others(elsewhere) == [str(elsewhere), str(others)]


def test_what_is_another_users_stops_the_start_with_its_name(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "settings.env"
    kept.touch()
    kept.chmod(0o644)

    def refuse(path: Path, mode: int) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(SettingsError, match="can be read by other users of this machine"):
        close_to_others(settings)


def test_what_is_erased_is_in_no_file_of_the_database(engine: Engine, make: Make, session: Session) -> None:
    """Neither on a free page nor in the write-ahead log."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its server's: docs/personal-data.md")
    word = "Unmistakable-Quillfeather"
    for number in range(50):
        make.person(f"{word} {number}")
    make.commit()
    session.close()
    path = Path(str(engine.url.database))
    with Session(engine) as own:
        for table in ("person_affiliation", "person"):
            own.execute(sa.text(f"DELETE FROM {table}"))
        truncate_log_after(own)
        own.commit()
    kept = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert word.encode() not in kept
