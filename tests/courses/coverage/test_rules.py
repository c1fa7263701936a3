"""Gaps, sentences and small numbers."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.coverage.reach.rules import is_thin
from courses.coverage.rules import (
    CoverageGap,
    Covered,
    GapKind,
    How,
    ThemeCover,
    gaps_of,
    last_delivered,
    learned_sentence,
    short_titles,
)
from courses.coverage.rules import is_thin as is_thin_theme
from lms.kit.telling.numbers import SMALL, is_small
from lms.kit.telling.sums import protect

POINT = date(2025, 6, 2)
REVIEWED = date(2025, 9, 1)
SINCE = date(2025, 7, 1)
HELD = date(2025, 10, 9)


def test_a_point_that_no_live_course_covers_has_that_gap_alone() -> None:
    assert gaps_of(POINT, []) == [CoverageGap(GapKind.NOT_COVERED)]


def test_a_point_that_is_taught_and_delivered_has_no_gap() -> None:
    assert gaps_of(POINT, [Covered("Neglect", How.TAUGHT, SINCE, HELD, REVIEWED)]) == []


def test_every_other_gap_is_named() -> None:
    stale = date(2024, 10, 1)
    assert gaps_of(POINT, [Covered("Neglect", How.MENTIONED, SINCE, None, stale)]) == [
        CoverageGap(GapKind.MENTIONED_ONLY),
        CoverageGap(GapKind.NOT_DELIVERED, day=SINCE),
        CoverageGap(GapKind.REVIEWED_BEFORE, "Neglect", stale),
    ]


def test_one_delivered_course_is_enough_but_each_old_review_is_named() -> None:
    courses = [
        Covered("Neglect", How.PRACTISED, SINCE, HELD, REVIEWED),
        Covered("Supervision", How.MENTIONED, SINCE, None, date(2025, 6, 1)),
    ]
    assert gaps_of(POINT, courses) == [CoverageGap(GapKind.REVIEWED_BEFORE, "Supervision", date(2025, 6, 1))]


def test_a_review_on_the_day_of_the_agreement_is_not_before_it() -> None:
    assert gaps_of(POINT, [Covered("Neglect", How.TAUGHT, SINCE, HELD, POINT)]) == []


@pytest.mark.parametrize(("held", "counts"), [(SINCE, True), (date(2025, 6, 30), False), (None, False)])
def test_only_events_since_the_point_is_covered_deliver_it(held: date | None, counts: bool) -> None:
    assert (last_delivered(SINCE, held) is not None) is counts


@pytest.mark.parametrize(
    ("theme", "thin"),
    [
        (ThemeCover("Child’s voice", 8, 13, 1, 0, 0), True),
        (ThemeCover("Neglect", 9, 13, 2, 2, 1), False),
        (ThemeCover("Neglect", 9, 13, 3, 3, 1), True),
        (ThemeCover("Housing", 1, 2, 1, 0, 0), False),
        (ThemeCover("Housing", 4, 13, 1, 0, 0), False),
        (ThemeCover("Housing", 5, 13, 0, 0, 0), True),
    ],
)
def test_a_common_theme_is_thin_without_a_course_or_with_less_than_half_taught(theme: ThemeCover, thin: bool) -> None:
    assert is_thin_theme(theme) is thin


def test_titles_are_cut_at_the_colon_where_that_tells_them_apart() -> None:
    assert short_titles(["Safer babies: the first year", "Neglect: a", "Neglect: b"]) == [
        "Safer babies",
        "Neglect: a",
        "Neglect: b",
    ]


@pytest.mark.parametrize(
    ("reviews", "text", "sentence"),
    [
        (3, "Find out who lives there.", "Covers learning from 3 reviews: find out who lives there."),
        (1, "NHS staff ask", "Covers learning from 1 review: NHS staff ask."),
        (0, "Ask again", "Covers learning from our reviews: ask again."),
    ],
)
def test_the_catalogue_says_it_in_a_sentence(reviews: int, text: str, sentence: str) -> None:
    assert learned_sentence(reviews, text) == sentence


def test_a_small_number_takes_one_with_it_by_its_place_whatever_its_size() -> None:
    found = protect([58, 96, 3, 12, 0])
    assert (found.small, found.hidden, found.is_total_hidden) == ({2}, {0, 2}, False)


def test_one_person_beside_five_takes_a_third_number() -> None:
    assert protect([1, 5, 9]).hidden == {0, 1, 2}


def test_a_small_number_alone_hides_the_sum() -> None:
    assert protect([3, 0]).is_total_hidden
    assert not protect([0, 0, 7]).is_total_hidden


@given(st.lists(st.integers(0, 9), max_size=5))
def test_nobody_can_work_out_a_small_number_from_the_sum(numbers: list[int]) -> None:
    found = protect(numbers)
    assert {place for place, number in enumerate(numbers) if is_small(number)} == found.small <= found.hidden
    if found.is_total_hidden:
        return
    total = sum(numbers[place] for place in found.hidden)
    places = sorted(found.hidden)
    ranges = [range(1, SMALL) if place in found.small else range(SMALL, total + 1) for place in places]
    possible = [each for each in product(*ranges) if sum(each) == total]
    for index, place in enumerate(places):
        if place in found.small:
            assert len({each[index] for each in possible}) > 1


@pytest.mark.parametrize(("reached", "thin"), [(21, True), (24, False)])
def test_a_sector_is_thin_below_two_thirds_of_the_share_of_all(reached: int, thin: bool) -> None:
    assert is_thin(reached, 165, 238, 1230) is thin
