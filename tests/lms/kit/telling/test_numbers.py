"""How one number of people reads; and that these words stand in one place."""

import re
from pathlib import Path

import pytest

from lms.kit.telling.numbers import Told, as_told, told

ROOT = Path(__file__).parents[4]
HOUSES = ("lms", "reviews", "courses", "charges", "surveys", "briefings", "templates")
TYPED_BY_HAND = re.compile(
    r"fewer than (5|five)|[\"']hidden[\"'] (if|else)|else [\"']hidden[\"']|0 < [a-z_.]+ < 5", re.IGNORECASE
)
SAID_ABOUT_CODE = re.compile(r'"""(.|\n)*?"""')


@pytest.mark.parametrize(
    ("number", "bound", "shown"),
    [
        (0, None, "0"),
        (1, None, "fewer than 5"),
        (4, 9, "fewer than 5"),
        (5, None, "5"),
        (1478, None, "1,478"),
        (1, 1, "hidden"),
        (0, 4, "hidden"),
        (0, 0, "0"),
    ],
)
def test_a_number_reads_by_itself_and_by_its_bound(number: int, bound: int | None, shown: str) -> None:
    assert as_told(number, bound=bound) == shown


def test_a_hidden_number_is_never_said_to_be_small() -> None:
    """Twelve people who are hidden for the sake of others once read "Fewer than 5 people"."""
    assert told(12, is_hidden=True).of("person", "people") == "a hidden number of people"
    assert told(3).of("person", "people") == "fewer than 5 people"
    assert Told(1).of("person", "people") == "1 person"


def typed_by_hand(text: str) -> list[str]:
    return [line.strip() for line in SAID_ABOUT_CODE.sub("", text).splitlines() if TYPED_BY_HAND.search(line)]


def test_the_words_stand_in_this_room_alone() -> None:
    paths = [path for house in HOUSES for path in sorted((ROOT / house).rglob("*.*")) if "telling" not in path.parts]
    texts = {path: path.read_text(encoding="utf-8") for path in paths if path.suffix in (".py", ".html", ".txt")}
    assert {str(path.relative_to(ROOT)): found for path, text in texts.items() if (found := typed_by_hand(text))} == {}


def test_words_typed_by_hand_are_found() -> None:
    for line in ('{{ "fewer than 5" if 0 < n < 5 else n }}', 'x = n if told else "hidden"', "Fewer than five said so."):
        assert typed_by_hand(line)
