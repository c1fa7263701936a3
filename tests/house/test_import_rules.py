"""The import rules close: each is broken on purpose here, and found. Files have the names that say their storey."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.frame.settings import ROOT

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
PACKAGES: list[str] = CONFIGURATION["root_packages"]
MACHINERY = {
    "lms/kit", "lms/kit/telling", "lms/kit/typesetting", "lms/frame", "lms/frame/plugins", "lms/testing",
    "lms/commands", "lms/mail", "lms/api", "lms/api/webhooks", "lms/hosting", "lms/limits", "lms/migrations",
    "lms/migrations/versions",
}  # fmt: skip
"""Parts of the host with names of their own."""
OWN_NAMES = {"lms/signin": {"security", "locks"}, "lms/jobs": {"worker"}, "lms/unsent": {"browser"}}

BROKEN = {
    "Plugins stand on each other and on the host, never sideways": {
        "reviews/up/queries.py": "import courses.facts",
        "surveys/sideways/queries.py": "import briefings.facts",
        "lms/up/queries.py": "import reviews.facts",
    },
    "The rooms of courses stand on each other": {
        "courses/programme/up/queries.py": "import courses.booking.bookings.rules",
        "courses/records/sideways/queries.py": "import courses.figures.queries",
        "courses/attic/__init__.py": "",
    },
    "Topics of a plugin stand on each other, never in a circle": {
        "charges/one/rules.py": "import charges.other.rules",
        "charges/other/rules.py": "import charges.one.rules",
    },
    "Nothing imports what hosts it": {"lms/commands/circle.py": "import wsgi"},
    "Topics of the host stand on each other, never in a circle": {
        "lms/one/rules.py": "import lms.other.rules",
        "lms/other/rules.py": "import lms.one.rules",
    },
    "The frame stands under the host's topics": {"lms/frame/leaning.py": "import lms.people.queries"},
    "Views are known to plugins and other views alone": {
        "courses/booking/broken/listeners.py": "import courses.booking.bookings.views",
        "surveys/broken/deeper/services.py": "import surveys.questions.views",
    },
    "What a plugin lists stands above services": {
        "briefings/broken/services.py": "import briefings.answering.jobs",
        "charges/broken/queries.py": "import charges.charge.tables",
    },
    "Services are called from above": {
        "courses/attendance/broken/queries.py": "import courses.booking.bookings.services",
        "reviews/broken/deeper/letters.py": "import reviews.actions.services",
        "surveys/broken/name_of_its_own.py": "import surveys.sending.services",
    },
    "Letters, forms and documents stand on what is read": {
        "lms/broken/queries.py": "import lms.reports.documents",
        "charges/broken/models.py": "import charges.charge.letters",
    },
    "What is read stands on models": {"courses/coverage/broken/models.py": "import courses.coverage.queries"},
    "Models stand on rules": {"surveys/broken/rules.py": "import surveys.questions.models"},
    "The kit is pure": {
        "lms/kit/with_database.py": "import sqlalchemy",
        "lms/kit/with_frame.py": "import lms.frame.access",
    },
    "Rules are pure": {
        "courses/broken/deeper/rules.py": "import sqlalchemy",
        "reviews/broken/rules.py": "import flask",
    },
    "Below views and forms nothing sees a request": {
        "courses/booking/broken/deeper/services.py": "import flask",
        "briefings/broken/deeper/documents.py": "import lms.frame.web",
        "charges/broken/jobs.py": "import wtforms",
    },
    "Views, forms and documents never write SQL": {
        "courses/booking/broken/deeper/views.py": "import sqlalchemy",
        "lms/broken/forms.py": "import sqlalchemy",
    },
}
"""For each rule the modules that break it, in topics that are there and in such as are not listed anywhere."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the tree in which every rule is broken."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copy(ROOT / "wsgi.py", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "static", "fonts"))
    for file, line in ((file, line) for files in BROKEN.values() for file, line in files.items()):
        path = copy / file
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in [path.parent, *path.parent.parents]:
            if folder == copy:
                break
            (folder / "__init__.py").touch()
        path.write_text(f"{line}\n", encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=copy, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_rule_is_broken_here() -> None:
    """A new rule needs what breaks it."""
    assert set(BROKEN) == {each["name"] for each in CONFIGURATION["contracts"]}


@pytest.mark.slow
@pytest.mark.parametrize("rule", BROKEN)
def test_what_breaks_a_rule_is_found(said: str, rule: str) -> None:
    assert re.search(rf"^{re.escape(rule)} BROKEN", said, re.MULTILINE), said[:3000]
    told = said.split(f"\n{rule}\n{'-' * len(rule)}\n")[1]
    told = re.split(r"\n[^\n]+\n-{5,}\n", told)[0]
    for file in BROKEN[rule]:
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        *_, topic, name = module.split(".")
        is_told = module in told or f"- {name}" in told or f" .{topic} " in told
        assert is_told, f"{module} breaks it and is not told:\n{told}"


@pytest.mark.parametrize(
    ("rule", "below"), [("The kit is pure", {"kit"}), ("The frame stands under the host's topics", {"kit", "frame"})]
)
def test_the_kit_and_the_frame_know_nothing_that_stands_on_them(rule: str, below: set[str]) -> None:
    forbidden = next(each for each in CONFIGURATION["contracts"] if each["name"] == rule)
    parts = {path.parent.name for path in (ROOT / "lms").glob("*/__init__.py")} - below
    assert {f"lms.{each}" for each in parts} - set(forbidden["forbidden_modules"]) == set()


def listed_names() -> set[str]:
    """The names in the table of `docs/architecture.md`."""
    table = ARCHITECTURE.split("## File names")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if re.match(r"\| \d ", line)]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def files() -> Iterator[tuple[str, str]]:
    """Every file of a topic: its folder, its name."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            folder = str(path.parent.relative_to(ROOT))
            if folder not in MACHINERY and path.stem != "__init__":
                yield folder, path.stem


def test_a_topic_holds_only_files_with_the_names_of_the_storeys() -> None:
    """When this fails, say what kind of file it is; two of a kind are two topics (docs/architecture.md)."""
    names = listed_names()
    assert {"rules", "queries", "services", "views", "plugin"} <= names
    others = [f"{folder}/{name}.py" for folder, name in files() if name not in names | OWN_NAMES.get(folder, set())]
    assert others == []


def test_every_name_stands_in_the_rules_of_its_storey() -> None:
    """What the table lists, a contract protects; so a new kind cannot be known to nobody's rule."""
    known = {each.removeprefix("**.") for contract in CONFIGURATION["contracts"] for each in _expressions(contract)}
    assert listed_names() - {"plugin", "panels", "permissions", "forms"} - known == set()


def _expressions(contract: dict[str, list[str]]) -> list[str]:
    return [*contract.get("protected_modules", ()), *contract.get("source_modules", ())]


def test_machinery_is_named_in_the_picture() -> None:
    named = ARCHITECTURE.split("These parts of the host are machinery")[1].split("\n\n")[0]
    for folder in MACHINERY - {
        "lms/migrations",
        "lms/migrations/versions",
        "lms/kit/telling",
        "lms/kit/typesetting",
    } | set(OWN_NAMES):
        assert f"`{folder}`" in named, f"{folder} is not named in docs/architecture.md."


@pytest.mark.slow
def test_the_picture_of_the_rooms_is_of_today_and_has_no_arrow_back_up() -> None:
    """`make rooms` draws it anew."""
    program = (
        "import sys; sys.path[:0] = ['.', 'bin']; from draw_rooms import *; d, b = picture(PACKAGES, SPLIT, TITLE)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; print(b); print(d, end='')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    back, _, drawing = done.stdout.partition("\n")
    assert back == "0"
    assert arrows(drawing) == arrows((ROOT / "docs" / "rooms.svg").read_text(encoding="utf-8"))


def arrows(drawing: str) -> str:
    return drawing.split("<desc>")[1].split("</desc>", maxsplit=1)[0]
