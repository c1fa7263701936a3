"""The project installed as a package, far from its source, has everything that it needs."""

from pathlib import Path

import pytest

from lms.frame.settings import ROOT
from tests.strangers import Installation, install

pytestmark = pytest.mark.slow

LOOK = """
import sys
import lms, wsgi
from lms.frame.settings import HOME
for command in (["init"], ["plugins", "new", "car_park"]):
    sys.argv = ["lms", *command]
    try:
        wsgi.main()
    except SystemExit as end:
        print(command[-1], "ended with", end.code, flush=True)
app = wsgi.application
client = app.test_client()
print("from", lms.__file__)
print("home", HOME)
for url in ("/health", "/courses", "/booking-policy", "/static/golden-thread.css", "/static/govuk/VERSION"):
    with client.get(url) as answer:
        print(url, answer.status_code)
app.jinja_env.get_template("email/layout.txt")
"""
KINDS = {".html", ".txt", ".css", ".csv", ".js", ".svg", ".toml", ".ttf", ".ini", ".mako", ".typed"}
PACKAGES = ("lms", "reviews", "courses", "charges", "surveys", "briefings")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel") / "installed"
    install(ROOT, folder)
    return folder


def files_of(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for package in PACKAGES for path in _walk(folder / package))
    return {str(path) for path in found if path.suffix in KINDS or path.suffix == ".py"}


def _walk(folder: Path) -> list[Path]:
    """Every file, also behind `lms/templates`, which leads to the templates beside the packages."""
    inside = [each for each in folder.iterdir() if each.name != "__pycache__"]
    return [path for each in inside for path in (_walk(each) if each.is_dir() else [each])]


def test_every_file_of_every_package_is_in_it(installed: Path) -> None:
    there, wanted = files_of(installed), files_of(ROOT)
    assert len(wanted) > 1000
    assert sorted(wanted - there) == []


def test_it_starts_and_answers_in_whatever_folder(installed: Path, tmp_path: Path) -> None:
    here = Installation("", tmp_path, [installed], {"LMS_INSTANCE": "", "LMS_SECRET_KEY": "", "LMS_DATABASE_URL": ""})
    said = here.python("-c", LOOK).said
    assert "Made a secret key in" in said
    assert "The database is ready.\ninit ended with 0\n" in said, said
    assert "car_park ended with 0\n" in said
    assert (tmp_path / "instance" / "lms.sqlite3").is_file()
    told = said[said.index("from ") :].splitlines()
    assert told[0] == f"from {installed / 'lms' / '__init__.py'}"
    assert told[1] == f"home {tmp_path}"
    assert [line.rpartition(" ")[2] for line in told[2:]] == ["200"] * 5
    assert (tmp_path / "golden-thread-car-park" / "golden_thread_car_park" / "plugin.py").is_file()
