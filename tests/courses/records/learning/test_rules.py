"""What is due, and which date somebody is shown first."""

from dataclasses import dataclass
from datetime import date

import pytest

from courses.records.learning.rules import LearnedOn, due_by, due_words, first_date, near_towns

TODAY = date(2026, 3, 16)


@dataclass(frozen=True)
class Date:
    name: str
    left: int
    towns: frozenset[str] = frozenset()


LARKHAM, THORNMERE = frozenset({"Larkham"}), frozenset({"Thornmere"})


@pytest.mark.parametrize(
    ("last", "by"),
    [
        (date(2023, 6, 16), date(2026, 6, 16)),
        (date(2023, 6, 17), None),
        (date(2023, 3, 16), date(2026, 3, 16)),
        (date(2020, 1, 1), date(2023, 1, 1)),
    ],
)
def test_a_course_is_due_from_three_months_before_and_stays_so(last: date, by: date | None) -> None:
    assert due_by(LearnedOn(1, last, 36), TODAY) == by


def test_what_was_due_is_said_so() -> None:
    assert due_words(date(2026, 3, 16), TODAY) == "Refresh by 16 March 2026"
    assert due_words(date(2026, 3, 15), TODAY) == "Was due on 15 March 2026"


@pytest.mark.parametrize(
    ("near", "first"),
    [({"Larkham"}, "near"), ({"Elsewhere"}, "online"), (set(), "far")],
)
def test_a_date_with_a_place_near_somebody_comes_before_an_earlier_one_far_away(near: set[str], first: str) -> None:
    dates = [Date("full", 0, LARKHAM), Date("far", 3, THORNMERE), Date("online", 3), Date("near", 1, LARKHAM)]
    if "Larkham" in near:
        dates.remove(Date("online", 3))
    shown = first_date(dates, near)
    assert shown is not None
    assert shown.name == first


def test_a_full_date_is_better_than_none() -> None:
    assert first_date([Date("full", 0, THORNMERE)], {"Larkham"}) == Date("full", 0, THORNMERE)
    assert first_date([], {"Larkham"}) is None


def test_places_that_somebody_went_to_lately_are_near() -> None:
    assert near_towns(["", "Larkham", "Larkham", "A", "B", "C", "D", "E"]) == {"Larkham", "A", "B", "C", "D"}
