"""The partnerships of the house tests, large and small: filled once in a run, of which every process has copies."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from lms.frame.db import make_engine
from lms.frame.settings import Settings
from lms.kit.providers import OidcProvider
from lms.mail.delivery import deliver_due
from lms.testing.databases import KINDS, DatabaseKind
from lms.testing.sharing import shared_folder
from tests.application import lent
from tests.databases import fill as found
from tests.demonstrations import demo_settings, demonstrated
from tests.house.records import fill
from tests.moments import NOW


def world_settings(url: str, folder: Path) -> Settings:
    """Demonstration mode, with a provider of accounts at work that nobody asks."""
    provider = OidcProvider("work", "Work", "https://login.work.example", "id", "secret", ("work.example",))
    return replace(demo_settings(url, folder), providers=(provider,))


@dataclass(frozen=True)
class Partnership:
    """Somebody in every role and what they did, the first letters of it sent."""

    databases: DatabaseKind
    kept: Path
    """The folder of its letters, and of how sessions of people are known."""

    @property
    def uniquifiers(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.kept / "uniquifiers.json").read_text(encoding="utf-8"))
        return found

    @contextmanager
    def copied(self, folder: Path) -> Iterator[str]:
        """The address of a database of one's own; its letters come into this folder."""
        shutil.copytree(self.kept / "mailbox", folder / "mailbox")
        with self.databases.fresh() as url:
            yield url


def partnership(kind: str, *, demonstration: bool) -> Partnership:
    """On a kind of database; with or without the demonstration around it."""
    called = "large" if demonstration else "small"
    kept = shared_folder() / f"{called}-{kind}"
    begins_as = demonstrated(kind) if demonstration else KINDS[kind]("tests", found)
    try:
        return Partnership(KINDS[kind](called, lambda url: _fill(url, kept), like=begins_as), kept)
    finally:
        begins_as.stop()


def _fill(url: str, kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)  # of somebody who did not come to the end
    kept.mkdir()
    engine = make_engine(url)
    with lent(world_settings(url, kept), lambda: NOW) as app:
        with Session(engine) as session:
            uniquifiers = fill(session, app.extensions["lms"])
        deliver_due(app, lambda: NOW, most=3)
    engine.dispose()
    (kept / "uniquifiers.json").write_text(json.dumps(uniquifiers), encoding="utf-8")
