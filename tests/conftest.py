"""How the tests are begun, put in order and shared out. What they are given stands in `tests/given.py`."""

import gc
from collections.abc import Generator
from typing import Any

import pytest

from lms.testing.sharing import shared_folder
from tests.inner_loop import function_of, left_out, measure
from tests.moments import Clock  # noqa: F401  (tests have it from here)
from tests.sharing import BySharedWorld, is_begun_before


def pytest_configure(config: pytest.Config) -> None:
    """Whoever only hands tests to others, and waits for what comes of them, need not import the application.

    What workers of this run share is made known to them before they begin. Importing makes hardly any rubbish, and
    looking for it is a tenth of the time.
    """
    shared_folder()
    gc.disable()
    measure(config)
    only_hands_out = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if not only_hands_out:
        config.pluginmanager.import_plugin("tests.given")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first: begun last, everything else would be done and wait for it."""
    items.sort(key=lambda item: is_begun_before(item.nodeid))


LEFT_OUT = left_out()


def pytest_itemcollected(item: pytest.Item) -> None:
    """`postgresql` marks what needs that server, so that the lanes of `make` share nothing; `slow`, what takes long."""
    if function_of(item.nodeid) in LEFT_OUT:
        item.add_marker("slow")
    called_with = getattr(getattr(item, "callspec", None), "params", {})
    if "postgresql" in [value for value in called_with.values() if isinstance(value, str)]:
        item.add_marker("postgresql")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Files stay together, and so do tests that walk through the same large partnership, which is made once."""
    return BySharedWorld(config, log)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: looking through it for rubbish took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What hostile tests log may hold half a character, which cannot be told from one process to another."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report
