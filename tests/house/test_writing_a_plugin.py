"""The guide to plugins says what the contract is: its files are the tested ones, its code runs, no part is left out."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from lms.frame import fields, plugins
from lms.frame.settings import ROOT, Settings
from lms.frame.site import assemble
from lms.frame.templates import HOST_TEMPLATES, LETTER_PARTS, WORDS
from lms.hosting import host
from lms.testing import fixtures
from lms.testing.house import RULES
from lms.testing.source import OPEN_FILES, OPEN_MODULES
from tests.built_in import BUILT_IN

GUIDE = (ROOT / "docs" / "writing-a-plugin.md").read_text(encoding="utf-8")
STRANGER = ROOT / "tests" / "stranger"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"# ([\w/]+\.\w+)\n(.*)", re.DOTALL)
PARTS = [each for each in vars(plugins).values() if isinstance(each, type) and dataclasses.is_dataclass(each)]


def blocks() -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in BLOCK.finditer(GUIDE)]


def files() -> list[tuple[str, str]]:
    named = [FILE_NAME.fullmatch(text) for _, text in blocks()]
    return [(found[1], found[2]) for found in named if found]


@pytest.mark.parametrize(("name", "text"), files(), ids=[name for name, _ in files()])
def test_a_file_of_the_guide_is_the_tested_one(name: str, text: str) -> None:
    assert text in (STRANGER / name).read_text(encoding="utf-8")
    assert text.strip()


@pytest.mark.parametrize("part", PARTS, ids=[part.__name__ for part in PARTS])
def test_every_part_of_the_contract_and_every_field_is_named(part: Any) -> None:
    named = set(re.findall(r"`(\w+)(?:\([^`]*\))?`", GUIDE))
    missing = {part.__name__, *(field.name for field in dataclasses.fields(part))} - named
    assert missing == set()


def test_the_code_of_the_guide_runs_and_fits_a_site(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    for kind, text in blocks():
        if kind == "python" and not FILE_NAME.fullmatch(text):
            exec(compile(text, "writing-a-plugin.md", "exec"), names)
    settings = Settings("a key for tests, long enough", "sqlite://", "file:///x", "a@b", "http://x", tmp_path)
    site = assemble(settings, [names["PARKING"]])
    assert [check.name for check in site.checks] == ["parking.room"]
    read = names["CAR_PARKS"].reader(None, [])
    assert read({"venue": "Ashbeck Centre"}) == plugins.UNCHANGED


NAMED = frozenset(re.findall(r"`([^`\n]+?)`", GUIDE))
PLACE = re.compile(r"^\| `([a-z_.]+)` \| (.+) \|$", re.MULTILINE)
BLOCK_OF_PAGE = re.compile(r"{% block (\w+)")
REQUIRED_BLOCK = re.compile(r"{% block (\w+) required %}")
MACRO = re.compile(r"{% macro ([a-z]\w*)")
IS_FIXTURE = "FixtureFunctionDefinition"


def template(name: str) -> str:
    return (HOST_TEMPLATES / name).read_text(encoding="utf-8")


def test_the_places_of_panels_are_those_that_there_are() -> None:
    places = [place for plugin in (*host.PLUGINS, *BUILT_IN) for place in plugin.places]
    said = {place.name: f"{place.words}{': an `<li>`' if place.is_list else ''}" for place in places}
    part = GUIDE.partition("| place | where")[2].partition("\n\n")[0]
    assert dict(PLACE.findall(part)) == said


@pytest.mark.parametrize("name", [path.name for path in (HOST_TEMPLATES / "components").glob("*.html")])
def test_every_macro_of_the_components_is_named(name: str) -> None:
    line = next(line for line in GUIDE.splitlines() if line.startswith(f"| `components/{name}` |"))
    assert set(re.findall(r"`(\w+)`", line)) == set(MACRO.findall(template(f"components/{name}")))


def test_blocks_of_pages_and_letters_are_named() -> None:
    assert set(BLOCK_OF_PAGE.findall(template("layouts/page.html"))) - NAMED == set()
    required = {block for end in ("txt", "html") for block in REQUIRED_BLOCK.findall(template(f"email/layout.{end}"))}
    assert required == {"heading", "body", "small"}
    assert required | set(LETTER_PARTS) <= NAMED


def test_filters_and_fields_are_named() -> None:
    assert {word.__name__ for word in WORDS} - NAMED == set()
    assert set(fields.__all__) - NAMED - {"SelectChoice"} == set()


def test_what_may_be_imported_is_named() -> None:
    part = GUIDE.partition("## What may be imported")[2].partition("\n## ")[0]
    said = set(re.findall(r"`([\w.]+)`", part))
    assert {name for name in said if name.startswith("lms.")} == set(OPEN_MODULES)
    assert set(OPEN_FILES) - said == set()


def test_every_rule_and_fixture_of_the_tests_is_named() -> None:
    given = {name for name, value in vars(fixtures).items() if type(value).__name__ == IS_FIXTURE}
    assert "browser" in given
    offered = {name for name in given if not name.startswith("_")}
    assert ({rule.name for rule in RULES} | offered) - NAMED == set()


def test_a_plugin_of_the_guide_starts_on_this_contract() -> None:
    said = re.findall(r'contract="([0-9.]+)"', GUIDE)
    assert said
    assert {each.partition(".")[0] for each in said} == {plugins.CONTRACT.partition(".")[0]}
