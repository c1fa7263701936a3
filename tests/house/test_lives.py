"""`docs/lives.md` says of bookings and events what their tables of steps say, and the tables are whole."""

import os
from enum import StrEnum

import pytest

from courses.booking.bookings.life import LIFE as BOOKING
from courses.booking.bookings.rules import BookingState
from courses.programme.events.life import LIFE as EVENT
from courses.programme.events.rules import EventState
from lms.frame.settings import ROOT
from lms.kit.lives import Life

PAGE = ROOT / "docs" / "lives.md"
LIVES = {"booking": (BOOKING, BookingState), "event": (EVENT, EventState)}
NOT_YET = {BookingState.TRANSFERRED}


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
    assert set(states) - reached - NOT_YET == set()
