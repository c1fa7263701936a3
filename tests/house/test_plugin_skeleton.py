"""`lms plugins new` writes a plugin that passes everything; each rule of the house is seen to fail on a spoilt one."""

import json
import shutil
from pathlib import Path

import pytest

from lms.frame.settings import ROOT
from lms.kit.errors import Conflict, Invalid
from lms.skeleton.services import write_skeleton
from lms.testing.house import RULES
from tests.strangers import Installation, install, migrated

WORDS = {
    "source": (
        "imports lms.people.views, which",
        "commits: whoever made",
        "does not name courses",
    ),
    "templates": ("more.html has a script or a style inside",),
    "letters": (
        "car_park.answered: its text says None",
        "cannot be put together: 'words' is undefined",
    ),
    "migrations": ("the models say something else than the migrations",),
    "rows": ("car_park_note has 2 rows at revision 0001, and 0 at the newest",),
    "people": ("erasing someone took rows away", "the copy of a person's data has what is no plain value"),
    "jobs": ("car_park.j writes again when it runs a second time", "car_park.j: KeyError: 'spaces'"),
    "checks": ("car_park.c: a space is promised twice", "car_park.c: KeyError: 'spaces'"),
    "files": ("cars: 1 added and 0 changed by its own export", "cars yields rows with other columns than it names"),
    "figures": ("two figures are called events_delivered",),
    "guests": (
        "its panel at people.person: KeyError: 'spaces'",
        "car_park.r: KeyError: 'spaces'",
        "car_park.l: KeyError: 'spaces'",
    ),
    "api": ("/api/v1/openapi.json answers 500",),
    "menu": ("The line Notes of the menu leads a delegate nowhere",),
    "pages": ("/car-park answers 500 to someone who is not signed in",),
    "opened": ("(car_park.answer) opens for no one",),
    "not found": ("/car-park/987654321 names nothing, and answers 200 to nobody",),
    "forms": ("the form of /car-park answers 500 to {'words': ''}",),
}


@pytest.fixture(scope="module")
def car_park(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A new plugin: its source, and where it is installed."""
    folder = tmp_path_factory.mktemp("skeleton")
    source = write_skeleton("car_park", folder / "golden-thread-car-park")
    install(source, folder / "installed")
    return source, folder / "installed"


@pytest.mark.slow
def test_a_new_plugin_passes_its_own_tests_and_the_houses(car_park: tuple[Path, Path], tmp_path: Path) -> None:
    source, installed = car_park
    here = Installation("sqlite://", tmp_path, [installed])
    result = here.python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", str(source / "tests"), "--import-mode=importlib"
    )
    assert result.code == 0, result.said[-4000:]
    assert "skipped" not in result.said
    checked = here.lms("plugins", "check", "car_park", "--database", "sqlite")
    assert checked.code == 0, checked.said
    assert checked.said.count("ok      ") == len(RULES)


@pytest.mark.slow
def test_every_rule_finds_what_it_is_for(car_park: tuple[Path, Path], tmp_path: Path) -> None:
    """Each in the same site, spoilt in one way after another."""
    here = Installation("sqlite://", tmp_path, [car_park[1], ROOT])
    result = here.python("-m", "tests.house.spoilt", str(tmp_path))
    assert result.code == 0, result.said[-4000:]
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert found.keys() == {rule.name for rule in RULES}
    unseen = [
        (name, words, lines)
        for name, wanted in WORDS.items()
        for words, lines in zip(wanted, found[name], strict=True)
        if not any(words in line for line in lines)
    ]
    assert unseen == []


def test_a_name_that_cannot_be_and_a_folder_that_is_there_are_refused(tmp_path: Path) -> None:
    for name in ("Car", "car-park", "1car", "", "x" * 31, "car__park"):
        with pytest.raises(Invalid, match="small letters, digits and underscores"):
            write_skeleton(name, tmp_path / "new")
    with pytest.raises(Conflict, match="is there already"):
        write_skeleton("car", tmp_path)


@pytest.mark.slow
def test_the_first_migration_is_written_from_the_models(car_park: tuple[Path, Path], tmp_path: Path) -> None:
    packages = shutil.copytree(car_park[1], tmp_path / "packages")
    folder = packages / "golden_thread_car_park" / "migrations"
    shutil.rmtree(folder)
    with migrated("sqlite", tmp_path) as url:
        _write_first_migration(Installation(url, tmp_path, [packages]), folder)


def _write_first_migration(here: Installation, folder: Path) -> None:
    refused = here.lms("init", plugins="car_park")
    assert (
        "car_park: it has car_park_note, but no folder migrations: lms plugins migrate car_park WORDS" in refused.said
    )
    written = here.lms("plugins", "migrate", "car_park", "Notes of people")
    assert written.code == 0, written.said
    assert [path.name for path in folder.glob("*.py")] == ["0001_notes_of_people.py"]
    assert "ck_car_park_note_answered" in (folder / "0001_notes_of_people.py").read_text(encoding="utf-8")
    assert here.lms("init", plugins="car_park").code == 0
    assert here.tables("car_park") == ["alembic_version_car_park", "car_park_note"]
    assert "The tables are as the models say." in here.lms("plugins", "migrate", "car_park", "Nothing").said
