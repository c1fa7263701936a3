"""The lock pins what pyproject.toml asks for, with hashes, and names no place to get it from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lms.frame.settings import ROOT

FILES = ["requirements.txt", "requirements-dev.txt"]


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return dict(re.match(r"([a-z0-9-]+)==([^ ;]+)", line).groups() for line in lines if "==" in line and line[0] != " ")  # type: ignore[union-attr]


@pytest.mark.parametrize("name", FILES)
def test_what_is_asked_for_is_pinned(name: str) -> None:
    """When this fails: `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["dev"] if "dev" in name else []
    pinned = pins(name)
    for asked in map(Requirement, [*project["dependencies"], *extra]):
        version = pinned.get(canonicalize_name(asked.name), "0")
        assert asked.specifier.contains(version), f"{name} pins {asked.name} {version}: run `make lock`"


def test_what_runs_is_what_was_tested() -> None:
    run, dev = (pins(name) for name in FILES)
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_its_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in entry
