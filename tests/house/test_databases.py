"""Which tests may leave PostgreSQL out: pages that guard neither privacy, money nor places."""

import re

from lms.frame.settings import ROOT

TESTS = ROOT / "tests"
GUARDING = (
    "charges",
    "courses/attendance",
    "courses/booking",
    "courses/figures",
    "courses/records",
    "lms/api",
    "lms/audit",
    "lms/commands",
    "lms/entrusting",
    "lms/jobs",
    "lms/limits",
    "lms/lists",
    "lms/mail",
    "lms/merging",
    "lms/people",
    "lms/personal_data",
    "lms/retention",
    "surveys",
)
"""Whatever is tested there is tested on both kinds of database."""

LEAVES_ONE_OUT = re.compile(r"^@ON_SQLITE$|^pytestmark = .*\bON_SQLITE\b", re.MULTILINE)
ONE_TEST = re.compile(r"^@ON_SQLITE\n(?:[@ )].*\n)*def (\w+)\(((?:.|\n)*?)\) ->", re.MULTILINE)
OF_A_PAGE = re.compile(r"\b(app|browser|client|demo|sign_in|chromium|phone)\b")


def test_nothing_that_guards_privacy_money_or_places_leaves_a_database_out() -> None:
    wrong = [
        str(path.relative_to(TESTS))
        for folder in GUARDING
        for path in (TESTS / folder).rglob("test_*.py")
        if LEAVES_ONE_OUT.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
    assert all((TESTS / folder).is_dir() for folder in GUARDING)


def test_only_tests_of_pages_leave_a_database_out() -> None:
    """Services, queries, jobs, imports and migrations are tested on both."""
    marked = [
        (path.name, name, given)
        for path in TESTS.rglob("test_*.py")
        for name, given in ONE_TEST.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(marked) > 20
    assert [f"{file}: {name}" for file, name, given in marked if not OF_A_PAGE.search(given)] == []
