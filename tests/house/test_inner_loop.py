"""What the inner loop leaves out is there, and takes long."""

import re

from lms.frame.settings import ROOT
from tests.inner_loop import LONG_IN_ALL_SECONDS, LONG_SECONDS, function_of, left_out, long_ones


def test_what_is_left_out_is_there() -> None:
    """When this fails after a test was renamed or went away: do the same in `tests/left_out.txt`."""
    gone = []
    for name in left_out():
        file, _, test = name.partition("::")
        path = ROOT / file
        if not path.exists() or not re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            gone.append(name)
    assert gone == []


def test_something_of_every_folder_is_left() -> None:
    """Whoever changes something in a room hears of it within the minute."""
    named = left_out()
    kept = {
        path.parent
        for path in (ROOT / "tests").rglob("test_*.py")
        for test in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        if f"{path.relative_to(ROOT)}::{test}" not in named
    }
    assert {path.parent for path in (ROOT / "tests").rglob("test_*.py")} - kept == set()


def test_one_long_case_or_many_short_ones_take_long() -> None:
    took = {
        "one/test.py::a": [LONG_SECONDS * 1.01],
        "one/test.py::b": [LONG_SECONDS / 2] * 2,
        "one/test.py::c": [LONG_SECONDS / 2] * 20,
        "another/test.py::d": [LONG_SECONDS * 9],
        "another/test.py::e": [LONG_SECONDS * 8],
    }
    assert LONG_IN_ALL_SECONDS > LONG_SECONDS
    assert long_ones(took) == ["another/test.py::d", "one/test.py::a", "one/test.py::c"]
    assert function_of("tests/test_a.py::test_b[sqlite-1]") == "tests/test_a.py::test_b"
