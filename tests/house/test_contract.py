"""The contract's shape changes with its version alone (`docs/writing-a-plugin.md` says what a version means)."""

import importlib
import os
from pathlib import Path

import pytest

from lms.frame.plugins import CONTRACT
from lms.testing.source import OPEN_MODULES
from tests.house import contract

FILE = Path(__file__).with_name("contract.txt")
FIRST = "contract "


def test_what_plugins_rely_on_changes_with_the_version_alone() -> None:
    """UPDATE_SNAPSHOTS=1 writes the shape anew, once `CONTRACT` in `lms/frame/plugins/` says that it changed.

    A version that was never released may change as it is: say `contract 0.0` in the first line of the file before.
    """
    first, *kept = FILE.read_text(encoding="utf-8").splitlines()
    now = contract.lines()
    wrong = contract.wrong_change((first.removeprefix(FIRST), kept), (CONTRACT, now))
    advice = "Raise the second number of CONTRACT for what is new, the first for what is gone or means something else:"
    assert not wrong, "\n".join([advice, *wrong])
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        FILE.write_text("\n".join([FIRST + CONTRACT, *now, ""]), encoding="utf-8")
    elif first.removeprefix(FIRST) != CONTRACT:
        pytest.fail("The contract has a new version. Enter its shape again: UPDATE_SNAPSHOTS=1")


FIELD, MORE = "lms.frame.plugins.Job.name: str", "lms.frame.plugins.Job.often: bool = ..."
WORD, OTHER_WORD = "lms.kit.words.pounds(pence: int) -> str", "lms.kit.words.pounds(pounds: int) -> str"


@pytest.mark.parametrize(
    ("before", "now", "wrong"),
    [
        (("1.0", [FIELD]), ("1.0", [FIELD]), []),
        (("1.0", [FIELD]), ("1.0", [FIELD, MORE]), [f"new: {MORE}"]),
        (("1.0", [FIELD]), ("1.1", [FIELD, MORE]), []),
        (("1.0", [FIELD]), ("1.0", [FIELD, WORD]), []),
        (("1.0", [FIELD, MORE]), ("1.0", [FIELD]), [f"gone: {MORE}"]),
        (("1.0", [FIELD, MORE]), ("1.1", [FIELD]), [f"gone: {MORE}"]),
        (("1.9", [FIELD, MORE]), ("2.0", [FIELD]), []),
        (("1.0", [WORD]), ("1.1", [OTHER_WORD]), [f"gone: {WORD}"]),
        (("1.0", [WORD]), ("0.9", [OTHER_WORD]), [f"gone: {WORD}"]),
        (("1.1", [FIELD]), ("1.0", [FIELD, MORE]), [f"new: {MORE}"]),
    ],
)
def test_a_change_without_its_version_is_found(
    before: tuple[str, list[str]], now: tuple[str, list[str]], wrong: list[str]
) -> None:
    assert contract.wrong_change(before, now) == wrong


def test_the_shape_has_what_plugins_are_made_of() -> None:
    now = contract.lines()
    for line in (
        "lms.frame.plugins.Plugin.name: str",
        "lms.frame.plugins.Job.daily_at: datetime.time | None = ...",
        "lms.frame.plugins.MenuGroup.OFFICE = 'Office'",
        "lms.frame.access.Role.DELEGATE = 'delegate'",
    ):
        assert line in now
    assert any(line.startswith("lms.frame.work.Work.send(") for line in now)
    assert any(line.startswith("lms.frame.web.requires(") for line in now)
    assert not any("._" in line for line in now)


@pytest.mark.parametrize("name", OPEN_MODULES)
def test_what_may_be_imported_is_there(name: str) -> None:
    assert importlib.import_module(name)
