"""A partnership can leave charges out: everything else starts, migrates, works and says nothing that is untrue."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from charges.plugin import PLUGIN as CHARGES
from lms.frame.settings import ROOT
from lms.frame.site import SiteError, leave_out
from lms.testing.databases import DatabaseKind
from tests.built_in import BUILT_IN

TABLES = {"charge", "charge_answer", "charge_exemption", "invoice", "invoice_line", "invoice_number", "invoice_payment"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def found(
    request: pytest.FixtureRequest,
    _kinds: Callable[[str], DatabaseKind],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """What a process of its own tells that cannot import charges, on an empty database."""
    folder = tmp_path_factory.mktemp("without")
    with _kinds(request.param).empty() as url:
        program = [sys.executable, "-W", "error", "-m", "tests.house.without_charges", url, str(folder)]
        done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {**told, "report": report, "csv": (folder / "report.csv").read_text(encoding="utf-8")}


@pytest.mark.slow
def test_every_command_passes(found: dict[str, Any]) -> None:
    failed = {name: output for name, (code, output) in found["commands"].items() if code}
    assert failed == {}


@pytest.mark.slow
@pytest.mark.parametrize("found", ["sqlite"], indirect=True)
def test_every_page_opens_and_none_speaks_of_charges(found: dict[str, Any]) -> None:
    assert found["walked"] > 500
    assert found["broken"] == []
    assert found["untrue"] == []


@pytest.mark.slow
def test_no_letter_speaks_of_charges(found: dict[str, Any]) -> None:
    assert found["letters"] > 0
    assert found["untrue_letters"] == []


@pytest.mark.slow
def test_the_report_says_that_charges_are_not_applicable(found: dict[str, Any]) -> None:
    measures = found["report"]["measures"]
    assert measures["attendances"]["value"] > 100
    for step in ("raised", "invoiced", "paid", "waived", "credited"):
        told = measures[f"charges_{step}_pence"]
        assert (told["value"], told["shown"]) == (None, "not applicable")
        assert told["definition"]
    assert "charges_raised_pence" in found["csv"]


@pytest.mark.slow
def test_the_tables_are_there_for_the_day_when_charges_come_back(found: dict[str, Any]) -> None:
    assert set(found["tables"]) >= TABLES
    assert not TABLES & set(found["known"])


def test_a_setting_leaves_a_built_in_plugin_out() -> None:
    assert leave_out(BUILT_IN, ["charges"]) == [plugin for plugin in BUILT_IN if plugin is not CHARGES]
    with pytest.raises(SiteError, match=r"LMS_WITHOUT names parking\. Built in: reviews, courses, charges"):
        leave_out(BUILT_IN, ["parking"])
