"""The guide to plugins says what the contract is: its files are the tested ones, its code runs, no part is left out."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from lms.frame import plugins
from lms.frame.settings import ROOT, Settings
from lms.frame.site import assemble

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
