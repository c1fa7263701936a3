"""The changelog has a heading for each version, newest first, and the project has the newest."""

import re
import tomllib
from datetime import date

import pytest

from bin.release import HEADING, released
from lms.frame.settings import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
BEFORE = "# What changed\n\n## Unreleased\n* New.\n\n## 0.3.0, 30 November 2026\n* Old.\n"


def test_versions_stand_newest_first_and_the_newest_is_the_project_s() -> None:
    versions = [tuple(map(int, each)) for each in HEADING.findall(CHANGELOG)]
    assert versions == sorted(set(versions), reverse=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == ".".join(map(str, versions[0]))
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert len(headings) == len(versions) + 1


def test_what_is_unreleased_goes_under_a_heading_with_its_day() -> None:
    text = released(BEFORE, "0.4.0", date(2026, 12, 1))
    assert text == BEFORE.replace("## Unreleased\n", "## Unreleased\n\n## 0.4.0, 1 December 2026\n")
    with pytest.raises(ValueError, match="Nothing stands under"):
        released(text, "0.5.0", date(2026, 12, 2))


@pytest.mark.parametrize("version", ["0.3.0", "0.2.9", "v0.4.0", "0.4", ""])
def test_a_version_that_is_none_or_not_later_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match=r"is not later than 0\.3\.0|three numbers"):
        released(BEFORE, version, date(2026, 12, 1))
