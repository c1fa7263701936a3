"""The contract's proof: a package that the host has never heard of comes with its own tables, changes them, and goes.

Everything is done as its users do it: by commands, in processes of their own.
"""

import csv
import io
import json
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.db import make_engine
from lms.frame.plugins import CONTRACT
from tests.make import Make
from tests.strangers import PARKING, Installation, install, migrated

pytestmark = pytest.mark.slow

FIRST_REVISION = """
from wsgi import make_application
from lms.frame.lines import lines_of
app = make_application()
with app.app_context():
    for line in lines_of(app.extensions["lms"].plugins):
        line.upgrade("0001" if line.plugin else "head")
"""
MAKE_QUEUE = """
import os, pathlib
from lms.frame.settings import read_settings
from lms.jobs.worker import open_queue
settings = read_settings(os.environ)
open_queue(settings.database_url, settings.instance)
"""


@pytest.fixture(scope="session")
def parking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("stranger") / "installed"
    install(PARKING, folder)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, parking: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation that was there before the stranger came."""
    with migrated(request.param, tmp_path) as url:
        yield Installation(url, tmp_path, [parking])


def done(here: Installation, *args: str, plugins: str = "parking") -> str:
    """What a command says that succeeds."""
    result = here.lms(*args, plugins=plugins)
    assert result.code == 0, result.said
    return result.said


def plates(here: Installation) -> list[str]:
    with here.database() as connection:
        return list(connection.scalars(sa.text("SELECT plate FROM parking_space ORDER BY id")))


def note_plate(here: Installation, plate: str) -> None:
    with here.database() as connection:
        connection.execute(sa.text("UPDATE parking_space SET plate = :plate"), {"plate": plate})


def somebody_and_an_event(here: Installation) -> None:
    engine = make_engine(here.url)
    with Session(engine) as session:
        make = Make(session)
        make.person("Zoë Quillfeather", ref="P1", email="zoe@rvch.example")
        make.event()
        make.commit()
    engine.dispose()


def comes_at_its_first_revision(here: Installation) -> None:
    result = here.python("-c", FIRST_REVISION, plugins="parking")
    assert result.code == 0, result.said
    assert here.tables("parking") == ["alembic_version_parking", "parking_space"]
    listed = done(here, "plugins", "list", plugins="")
    assert "parking          off  golden-thread-parking 2.0.0; contract 1.0; revision 0001, newest 0002" in listed
    somebody_and_an_event(here)
    with here.database() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO parking_space (event_id, person_id, told_at) "
                "SELECT event.id, person.id, event.created_at FROM event, person"
            )
        )


def changes_its_tables_and_keeps_its_rows(here: Installation) -> None:
    done(here, "init")
    assert plates(here) == [""]
    assert "on   golden-thread-parking 2.0.0; contract 1.0; revision 0002; keeps" in done(here, "plugins", "list")
    assert "ok      jobs.idle" in done(here, "check")


def is_left_alone_by_the_hosts_migrations(here: Installation) -> None:
    assert here.python("-c", MAKE_QUEUE, plugins="").code == 0
    for plugins in ("parking", ""):
        assert "No new upgrade operations detected" in done(here, "db", "check", plugins=plugins)
    assert "The tables are as the models say." in done(here, "plugins", "migrate", "parking", "Nothing new")


def is_switched_off_and_its_people_are_erased(here: Installation) -> None:
    note_plate(here, "AB12 CDE")
    done(here, "init", plugins="")
    done(here, "person", "erase", "P1", "--reason", "They asked on 2 April", "--commit", plugins="")
    assert plates(here) == [""]
    note_plate(here, "XY70 ZZZ")  # as a backup of the plugin's own might bring it back
    done(here, "init")
    assert plates(here) == [""]


def is_removed_with_an_export_first(here: Installation) -> None:
    file = here.folder / "parking.zip"
    refused = here.lms("plugins", "remove", "parking", "--export", str(file), plugins="parking")
    assert refused.code == 1
    assert "parking is switched on. Take it out of LMS_PLUGINS" in refused.said
    assert not file.exists()
    said = done(here, "plugins", "remove", "parking", "--export", str(file), plugins="")
    assert "1 table with 1 row went." in said
    assert here.tables("parking") == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        about = json.loads(archive.read("about.json"))
        rows = list(csv.DictReader(io.StringIO(archive.read("parking_space.csv").decode("utf-8-sig"))))
    assert (about["plugin"], about["revision"], about["tables"]["parking_space"]["rows"]) == ("parking", "0002", 1)
    assert [row["person_id"] for row in rows] == ["1"]
    again = here.lms("plugins", "remove", "parking", "--export", str(file), plugins="")
    assert "parking keeps nothing here" in again.said
    done(here, "check", plugins="")
    done(here, "init")
    assert here.tables("parking") == ["alembic_version_parking", "parking_space"]


def test_a_stranger_comes_changes_rests_and_goes(here: Installation) -> None:
    comes_at_its_first_revision(here)
    changes_its_tables_and_keeps_its_rows(here)
    is_left_alone_by_the_hosts_migrations(here)
    is_switched_off_and_its_people_are_erased(here)
    is_removed_with_an_export_first(here)


def test_its_own_tests_and_the_houses_pass(parking: Path, tmp_path: Path) -> None:
    """On both databases: its `conftest.py` asks for `lms.testing.fixtures`."""
    tests = PARKING / "tests"
    here = Installation("sqlite://", tmp_path, [parking])
    result = here.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", str(tests))
    assert result.code == 0, result.said[-4000:]
    assert "skipped" not in result.said


SPOILT = [
    (
        "raise RuntimeError('no car park')\n",
        "parking: golden_thread_parking.plugin:PLUGIN cannot be loaded: RuntimeError",
    ),
    ("import nowhere\n", "cannot be loaded: ModuleNotFoundError: No module named 'nowhere'"),
    ("raise SystemExit(0)\n", "cannot be loaded: SystemExit: 0"),
    ("PLUGIN = None\n", "parking: golden_thread_parking.plugin:PLUGIN is a NoneType; it should be a Plugin."),
    (
        "from dataclasses import replace\nPLUGIN = replace(PLUGIN, name='cars')\n",
        "parking: golden_thread_parking.plugin:PLUGIN is called cars. Give both one name.",
    ),
    (
        "from dataclasses import replace\nPLUGIN = replace(PLUGIN, contract='9.0')\n",
        f"parking: it was written for contract 9.0, and this site has {CONTRACT}.",
    ),
]


def spoilt(parking: Path, url: str, folder: Path, more: str) -> Installation:
    """The site where the package has a few lines more."""
    packages = shutil.copytree(parking, folder / "packages")
    plugin = packages / "golden_thread_parking" / "plugin.py"
    plugin.write_text(plugin.read_text(encoding="utf-8") + more, encoding="utf-8")
    return Installation(url, folder, [packages])


@pytest.mark.parametrize(("more", "words"), SPOILT, ids=[words for _, words in SPOILT])
def test_one_that_raises_or_contradicts_the_contract_stops_the_start_by_name(
    parking: Path, tmp_path: Path, more: str, words: str
) -> None:
    with migrated("sqlite", tmp_path) as url:
        here = spoilt(parking, url, tmp_path, more)
        result = here.lms("init", plugins="parking")
        assert result.code == 1
        assert words in result.said
        assert "Traceback" not in result.said
        assert "parking comes by LMS_PLUGINS. Take it out there to start without it." in result.said
        assert "courses          on   comes with Golden Thread" in done(here, "plugins", "list")
        assert here.lms("plugins", "check", "parking").code == 2


def test_the_site_starts_without_one_that_raises(parking: Path, tmp_path: Path) -> None:
    """Whatever is wrong with it: nobody imports what LMS_PLUGINS does not name."""
    with migrated("sqlite", tmp_path) as url:
        done(spoilt(parking, url, tmp_path, "raise SystemExit(0)\n"), "init", plugins="")
