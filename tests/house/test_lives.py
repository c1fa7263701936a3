"""`docs/lives.md` says of each kind of thing what its table of steps says, and the tables are whole."""

import ast
import os
from collections.abc import Iterator
from enum import StrEnum

import pytest

from briefings.writing.life import LIFE as VERSION
from briefings.writing.rules import VersionState
from charges.charge.life import LIFE as CHARGE
from charges.charge.rules import ChargeState
from courses.booking.bookings.life import LIFE as BOOKING
from courses.booking.bookings.rules import BookingState
from courses.programme.courses.life import LIFE as COURSE
from courses.programme.courses.rules import CourseStatus
from courses.programme.events.life import LIFE as EVENT
from courses.programme.events.rules import EventState
from lms.entrusting.life import LIFE as REQUEST
from lms.entrusting.rules import RequestState
from lms.frame.settings import ROOT
from lms.kit.lives import Life
from lms.mail.life import LIFE as LETTER
from lms.mail.rules import LetterState
from reviews.actions.life import LIFE as ACTION
from reviews.actions.rules import ActionState
from reviews.cases.life import LIFE as REVIEW
from reviews.cases.rules import ReviewStage

PAGE = ROOT / "docs" / "lives.md"
LIVES = {
    "booking": (BOOKING, BookingState),
    "event": (EVENT, EventState),
    "course": (COURSE, CourseStatus),
    "charge": (CHARGE, ChargeState),
    "action": (ACTION, ActionState),
    "review": (REVIEW, ReviewStage),
    "version of a briefing": (VERSION, VersionState),
    "request": (REQUEST, RequestState),
    "letter": (LETTER, LetterState),
}
"""What is kept as a state. Where an invitation, a survey or an invoice stands follows from other things."""


@pytest.mark.parametrize("name", LIVES)
def test_the_page_shows_the_table(name: str) -> None:
    """UPDATE_SNAPSHOTS=1 writes it anew."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    written = PAGE.read_text(encoding="utf-8")
    before, _, rest = written.partition(begin)
    _, _, after = rest.partition(end)
    wanted = f"{before}{begin}" + "\n".join(LIVES[name][0].as_table()) + f"\n{end}{after}"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted


@pytest.mark.parametrize(("life", "states"), LIVES.values(), ids=LIVES)
def test_every_state_is_reached(life: Life[StrEnum], states: type[StrEnum]) -> None:
    reached = life.begins.union(*life.following.values())
    assert set(states) - reached == set()


def tables_by_hand(text: str) -> Iterator[int]:
    """Lines of dicts that lead from members of an enumeration to several members of the same."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Dict) or len(node.keys) < 2:
            continue
        owners = {ast.unparse(key.value) for key in node.keys if isinstance(key, ast.Attribute)}
        several = [each for each in node.values if isinstance(each, ast.Set | ast.Tuple | ast.List | ast.Call)]
        said = [named for each in several for named in ast.walk(each) if isinstance(named, ast.Attribute)]
        if len(owners) == 1 and said and {ast.unparse(each.value) for each in said} == owners:
            yield node.lineno


@pytest.mark.slow
def test_what_follows_what_stands_in_tables_of_steps_alone() -> None:
    packages = ("lms", "reviews", "courses", "charges", "surveys", "briefings")
    files = [path for package in packages for path in (ROOT / package).rglob("*.py") if path.name != "life.py"]
    found = [(path, line) for path in files for line in tables_by_hand(path.read_text(encoding="utf-8"))]
    assert [f"{path.relative_to(ROOT)}:{line}" for path, line in found] == []


def test_a_table_by_hand_is_found() -> None:
    assert list(tables_by_hand("NEXT = {S.A: frozenset({S.B}), S.B: frozenset()}")) == [1]
    assert list(tables_by_hand("NEXT = {S.A: (S.B,), S.B: ()}")) == [1]
    assert list(tables_by_hand("WORDS = {S.A: ('a', T.B), S.B: ()}")) == []
