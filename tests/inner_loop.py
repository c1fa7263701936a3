"""Which tests the inner loop leaves out besides those that are marked `slow`: what takes long, as it was measured.

`make left-out` measures all of them and writes `tests/left_out.txt` anew.
"""

import os
import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("left_out.txt")
LONG_SECONDS, LONG_IN_ALL_SECONDS = 0.15, 0.6
"""Processor time of one case of a test, and of all its cases: together, those above it take most of the time."""

UPDATES = "UPDATE_LEFT_OUT"


def function_of(nodeid: str) -> str:
    """A test without its cases."""
    return nodeid.partition("[")[0]


def left_out() -> frozenset[str]:
    """The tests that the inner loop leaves out."""
    return frozenset(FILE.read_text(encoding="utf-8").split())


def long_ones(took: dict[str, list[float]]) -> list[str]:
    """Those among the tests that were measured that take long. Of each folder the quickest stays in the loop."""
    quickest: dict[str, str] = {}
    for name in sorted(took, key=lambda each: sum(took[each])):
        quickest.setdefault(name.rpartition("/")[0], name)
    return sorted(
        name
        for name, each in took.items()
        if (max(each) > LONG_SECONDS or sum(each) > LONG_IN_ALL_SECONDS) and name not in quickest.values()
    )


class MeasuringTests:
    """Takes the processor time of every test, and of what it started; writes down which take long."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """From the first thing that is made for it to the last that is put away."""
        before = _processor_seconds()
        done = yield
        self.took[function_of(item.nodeid)].append(_processor_seconds() - before)
        return done

    def pytest_sessionfinish(self) -> None:
        """What was not measured stays as it was."""
        kept = left_out() - self.took.keys()
        FILE.write_text("\n".join(sorted({*kept, *long_ones(self.took)})) + "\n", encoding="utf-8")


def _processor_seconds() -> float:
    told = os.times()
    return time.process_time() + told.children_user + told.children_system


def measure(config: pytest.Config) -> None:
    """Where somebody wants it measured."""
    if os.environ.get(UPDATES):
        config.pluginmanager.register(MeasuringTests())
