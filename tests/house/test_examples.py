"""The examples are real: made by the guide alone, small, tried by their own tests, and they come and go by commands."""

import ast
import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from lms.frame.db import make_engine
from lms.frame.settings import ROOT
from lms.testing.databases import DatabaseKind
from tests.make import Make
from tests.strangers import Installation, install

pytestmark = pytest.mark.slow

IN_KIND = ROOT / "examples" / "in-kind-ledger"
GIFT = "ref,agency_code,kind,given_on,quantity,what,worth,person_ref\nIK-1,A1,room,2025-05-01,2,The hall,240,\n"


@pytest.fixture(scope="session")
def in_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip installs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("examples") / "installed"
    install(IN_KIND, folder)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def here(
    request: pytest.FixtureRequest, in_kind: Path, _kinds: Callable[[str], DatabaseKind], tmp_path: Path
) -> Iterator[Installation]:
    """An installation on an empty database."""
    with _kinds(request.param).empty() as url:
        yield Installation(url, tmp_path, [in_kind])


def lines_of_code(path: Path) -> int:
    """Without imports, docstrings, comments and what is empty."""
    source = path.read_text(encoding="utf-8")
    tree, left_out = ast.parse(source), set[int]()
    for node in ast.walk(tree):
        is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_words or isinstance(node, ast.Import | ast.ImportFrom):
            left_out |= {*range(node.lineno, (node.end_lineno or node.lineno) + 1)}  # type: ignore[attr-defined]
    lines = enumerate(source.splitlines(), start=1)
    return sum(bool(line.partition("#")[0].strip()) for number, line in lines if number not in left_out)


def test_it_has_less_than_300_lines_with_its_migration() -> None:
    files = list((IN_KIND / "golden_thread_in_kind").rglob("*.py"))
    assert len(files) > 10
    assert sum(map(lines_of_code, files)) < 300


@pytest.mark.parametrize(("without", "only"), [("", ""), ("charges", "test_in_kind")], ids=["whole", "without_charges"])
def test_its_own_tests_and_the_houses_pass(in_kind: Path, tmp_path: Path, without: str, only: str) -> None:
    """On both databases, and its own also where nobody is charged."""
    here = Installation("sqlite://", tmp_path, [in_kind], {"LMS_WITHOUT": without})
    tests = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", str(IN_KIND / "tests"), "-k", only]
    result = here.python("-m", "pytest", *tests)
    assert result.code == 0, result.said[-4000:]
    assert "skipped" not in result.said


def done(here: Installation, *args: str, plugins: str = "in_kind") -> str:
    """What a command says that succeeds."""
    result = here.lms(*args, plugins=plugins)
    assert result.code == 0, result.said
    return result.said


def test_it_comes_twice_keeps_its_rows_and_goes_with_an_export(here: Installation) -> None:
    done(here, "init")
    assert here.tables("in_kind") == ["alembic_version_in_kind", "in_kind_contribution"]
    engine = make_engine(here.url)
    with Session(engine) as session:
        Make(session).agency("Trust", code="A1")
        session.commit()
    engine.dispose()
    file = here.folder / "in-kind.csv"
    file.write_text(GIFT, encoding="utf-8")
    done(here, "import", "in-kind", str(file), "--commit")
    done(here, "init")
    assert "The hall" in done(here, "export", "in-kind")
    archive = here.folder / "in-kind.zip"
    assert here.lms("plugins", "remove", "in_kind", "--export", str(archive), plugins="in_kind").code == 1
    assert "1 table with 1 row went." in done(
        here, "plugins", "remove", "in_kind", "--export", str(archive), plugins=""
    )
    assert here.tables("in_kind") == []
    with zipfile.ZipFile(archive) as left:
        assert json.loads(left.read("about.json"))["plugin"] == "in_kind"
        rows = csv.DictReader(io.StringIO(left.read("in_kind_contribution.csv").decode("utf-8-sig")))
        assert [row["what"] for row in rows] == ["The hall"]
    done(here, "init")
    assert "The hall" not in done(here, "export", "in-kind")
