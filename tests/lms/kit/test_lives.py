"""Steps are open, refused in words, and drawn as a table."""

from enum import StrEnum

import pytest

from lms.kit.errors import Conflict
from lms.kit.lives import Life, Step, each_to


class Lamp(StrEnum):
    OFF = "off"
    TURNED_ON = "turned_on"
    BROKEN = "broken"


LIGHT = Step(
    "light",
    "anyone",
    each_to({Lamp.OFF}, Lamp.TURNED_ON),
    "The lamp is {state}, so it cannot be lit.",
    before_start=frozenset({Lamp.OFF}),
    too_late="The film has begun.",
    refused_in={Lamp.BROKEN: "Buy another one."},
)
DUST = Step("dust", "the owner", each_to({Lamp.OFF, Lamp.BROKEN}), "It is hot.")
BREAK = Step("break", "the cat", each_to({Lamp.TURNED_ON}, Lamp.BROKEN, Lamp.OFF), "")
LIFE = Life(begins=frozenset({Lamp.OFF}), steps=(LIGHT, DUST, BREAK))


def test_a_step_is_refused_in_its_own_words() -> None:
    LIGHT.check(Lamp.OFF)
    for state, has_started, words in (
        (Lamp.TURNED_ON, False, "The lamp is turned on, so it cannot be lit."),
        (Lamp.BROKEN, False, "Buy another one."),
        (Lamp.OFF, True, "The film has begun."),
    ):
        assert not LIGHT.is_open(state, has_started=has_started)
        with pytest.raises(Conflict, match=words):
            LIGHT.check(state, has_started=has_started)


def test_what_no_step_leads_to_does_not_happen() -> None:
    LIFE.check_can_become(None, Lamp.OFF)
    LIFE.check_can_become(Lamp.TURNED_ON, Lamp.OFF)
    LIFE.check_can_become(Lamp.BROKEN, Lamp.BROKEN)
    for state, following in ((None, Lamp.BROKEN), (Lamp.BROKEN, Lamp.TURNED_ON), (Lamp.OFF, Lamp.BROKEN)):
        with pytest.raises(Conflict):
            LIFE.check_can_become(state, following)


def test_pages_offer_what_is_open() -> None:
    assert LIFE.open_steps(Lamp.OFF) == {"light", "dust"}
    assert LIFE.open_steps(Lamp.OFF, has_started=True) == {"dust"}
    assert LIFE.open_steps(Lamp.TURNED_ON) == {"break"}


def test_the_table_says_each_step_once_for_each_outcome() -> None:
    assert list(LIFE.as_table())[2:] == [
        "| light | anyone | off; before the start | turned on |",
        "| dust | the owner | off, broken | stays |",
        "| break | the cat | turned on | off or broken |",
    ]


def test_a_step_from_each_to_any_other_is_one_line() -> None:
    paint = Step("paint", "anyone", each_to(tuple(Lamp), *Lamp), "")
    assert list(Life(begins=frozenset(Lamp), steps=(paint,)).as_table())[2:] == [
        "| paint | anyone | off, turned on, broken | another of these |"
    ]
