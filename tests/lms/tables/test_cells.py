"""Cells: what people type is read, what cannot be read is refused at its column, and writing makes it again."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.frame import cells
from lms.kit.errors import Invalid


class Colour(StrEnum):
    RED = "red"
    VERY_RED = "very_red"


@pytest.mark.parametrize(
    ("read", "typed", "expected"),
    [
        (cells.text, "  Rowan \r\n Valley ", "Rowan \n Valley"),
        (cells.iso_date, "2026-04-09", date(2026, 4, 9)),
        (cells.iso_date, " ", None),
        (cells.wall_moment, "2026-04-09 09:30", datetime(2026, 4, 9, 8, 30, tzinfo=UTC)),
        (cells.wall_moment, "2026-01-09T09:30", datetime(2026, 1, 9, 9, 30, tzinfo=UTC)),
        (cells.whole_number, "24", 24),
        (cells.whole_number, "", None),
        (cells.pence, "£1,250.5", 125050),
        (cells.pence, "-35", -3500),
        (cells.yes_no, "Yes", True),
        (cells.yes_no, "", False),
        (cells.words, " one ; two;; three ", ["one", "two", "three"]),
        (cells.words, r"a\;b; c\\", ["a;b", "c\\"]),
        (cells.words, "", []),
        (cells.address, " Amara@RVCH.example ", "amara@rvch.example"),
    ],
)
def test_a_cell_is_read_as_people_type_it(read: Any, typed: str, expected: Any) -> None:
    assert read({"it": typed}, "it") == expected


@pytest.mark.parametrize(
    ("read", "typed", "words"),
    [
        (cells.iso_date, "09/04/2026", "year-month-day"),
        (cells.iso_date, "2026-02-30", "not a real date"),
        (cells.wall_moment, "half past nine", "2026-04-09T09:30"),
        (cells.wall_moment, "2026-03-29 01:30", "clocks go forward"),
        (cells.whole_number, "2.5", "whole number"),
        (cells.whole_number, "-1", "0 or more"),
        (cells.whole_number, "99999999999", "0 or more"),
        (cells.pence, "fifty", "50.00"),
        (cells.yes_no, "perhaps", "yes or no"),
        (cells.address, "amara at rvch", "name@example.org"),
        (lambda row, column: cells.text(row, column, required=True), " ", "Enter a value"),
        (lambda row, column: cells.choice(row, column, Colour), "blue", "red or very_red"),
        (lambda row, column: cells.one_of(row, column, {}, what="agency"), "X1", "no agency X1"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_column(read: Any, typed: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        read({"it": typed}, "it")
    assert refusal.value.field == "it"


def test_a_choice_may_be_written_in_words() -> None:
    assert cells.choice({"it": "Very red"}, "it", Colour) is Colour.VERY_RED
    assert cells.choice({"it": ""}, "it", Colour, empty=Colour.RED) is Colour.RED


@given(some.lists(some.text(some.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)))
def test_any_list_is_written_and_read_again(parts: list[str]) -> None:
    assert cells.words({"it": cells.said_words(parts)}, "it") == parts


@given(some.integers(-(10**9), 10**9))
def test_any_amount_is_written_and_read_again(amount: int) -> None:
    assert cells.pence({"it": cells.said_pence(amount)}, "it") == amount


@given(some.datetimes(datetime(2012, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(microsecond=0)))  # noqa: DTZ001
def test_a_london_wall_time_is_written_and_read_again(at: datetime) -> None:
    moment = at.replace(tzinfo=UTC)
    read = cells.wall_moment({"it": cells.said_wall(moment)}, "it")
    assert cells.said_wall(read) == cells.said_wall(moment)
