"""Which tests one process runs when several share the work, and which are begun first."""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

LONGEST = (
    "tests/house/test_pages_in_browser",
    "tests/house/test_stranger",
    "tests/house/test_without_charges",
    "tests/house/test_examples",
    "tests/house/test_plugin_skeleton",
    "tests/house/test_erasing_nothing_else",
    "tests/lms/frame/test_demonstration",
    "tests/reviews/test_embargo",
    "tests/house/test_upgrading",
    "tests/house/test_migrations",
    "tests/house/test_wheel",
)
"""Files, or what is shared with one of them, that take longest. They go first: one that is begun last, when everything
else is done, is waited for by one process alone."""

OF_WALKS = ("tests/house/test_forms", "tests/house/test_names")
"""Files whose forms are found on the walk through the partnership on SQLite, on whichever database they are tried."""

WALKS = re.compile(r"\bsqlite_world: World\b|\bundone: Work\b")
"""Tests that are given the large partnership."""


def is_begun_before(nodeid: str) -> int:
    """Where a test stands among all: a lower number is begun before."""
    return next((place for place, begun in enumerate(LONGEST) if nodeid.startswith(begun)), len(LONGEST))


class BySharedWorld(LoadScopeScheduling):
    """A file goes to one process; what walks through the large partnership goes by the kind of database it lives on."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file.startswith(OF_WALKS):
            return "partnership on SQLite"
        if walks(file):
            return "partnership on PostgreSQL" if "postgresql" in test else "partnership on SQLite"
        if file.startswith("tests/lms/frame/test_demonstration"):
            return f"{file} {'postgresql' in test}"
        return file


@cache
def walks(file: str) -> bool:
    """Whether tests of this file are given the large partnership."""
    return (
        file.startswith("tests/house/")
        and WALKS.search((Path(__file__).parents[1] / file).read_text(encoding="utf-8")) is not None
    )
