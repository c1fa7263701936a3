"""The documents: each is in the index, each link leads somewhere, decisions are numbered one after another."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_to_a_file(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).resolve().exists()] == []


def test_the_index_names_every_document() -> None:
    named = set(LINK.findall((DOCS / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} - named == set()


def test_decisions_are_numbered_one_after_another() -> None:
    assert [int(each.name[:4]) for each in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_index_of_decisions_names_each() -> None:
    named = LINK.findall((DOCS / "decisions" / "README.md").read_text(encoding="utf-8"))
    assert [each.name for each in DECISIONS] == [link for link in named if link[:4].isdigit()]


TOP = "|".join(sorted(each.name for each in ROOT.iterdir() if each.is_dir() and (each / "__init__.py").exists()))
PATH = re.compile(rf"`((?:{TOP}|docs|deploy|templates|bench|bin)/[\w./*-]*)(?:::(\w+))?`")


def paths_named(page: Path) -> list[tuple[str, str]]:
    """The files and folders of this project that a document names, and the test in them where it names one."""
    return PATH.findall(page.read_text(encoding="utf-8"))


OF_ANOTHER_PACKAGE = DOCS / "writing-a-plugin.md"


@pytest.mark.parametrize(
    "page", [each for each in PAGES if each not in (*DECISIONS, OF_ANOTHER_PACKAGE)], ids=lambda page: page.name
)
def test_every_file_that_a_document_names_is_there(page: Path) -> None:
    """Decisions stand as they were made, also where a file has another name today. What tells how to write a package
    of one's own names that package's files."""
    assert [path for path, _ in paths_named(page) if not any(ROOT.glob(path.rstrip("/")))] == []


def test_every_test_that_security_names_is_there() -> None:
    named = paths_named(DOCS / "security.md")
    tests = [(path, name) for path, name in named if name]
    assert len(tests) >= 10
    assert [each for each in tests if f"def {each[1]}(" not in (ROOT / each[0]).read_text(encoding="utf-8")] == []
