"""What is asked of whom, and which answers are in order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.errors import Invalid
from lms.kit.telling.groups import kept_groups
from surveys.free_text.rules import check_covered
from surveys.questions.rules import (
    Ask,
    Choice,
    QuestionKind,
    asked_pages,
    first_open_page,
    number_rows,
    read_answer,
    unanswered_page,
)
from surveys.questions.writing.rules import check_can_publish, check_code, check_options

USED = Ask(
    1,
    "used",
    QuestionKind.CHOICE,
    "Used?",
    "A",
    is_required=True,
    choices=(Choice(7, "yes", "Yes"), Choice(8, "no", "No")),
)
EXAMPLE = Ask(2, "example", QuestionKind.TEXT, "How?", "B", show_if_code="used", show_if_values=("yes",))
HELPED = Ask(
    3,
    "helped",
    QuestionKind.CHOICES,
    "What helped?",
    "C",
    choices=(Choice(9, "time", "Time"), Choice(10, "form", "Forms")),
)
SURE = Ask(4, "sure", QuestionKind.OUTCOMES, "How sure?", "C", outcomes=("name the signs", "say who to call"))
ASKS = [USED, EXAMPLE, HELPED, SURE]


def codes(pages: list[list[Ask]]) -> list[list[str]]:
    return [[ask.code for ask in page] for page in pages]


def test_a_page_is_asked_only_of_those_whose_answer_leads_to_it() -> None:
    assert codes(asked_pages(ASKS, {"used": "yes"})) == [["used"], ["example"], ["helped", "sure"]]
    assert codes(asked_pages(ASKS, {"used": "no"})) == [["used"], ["helped", "sure"]]


def test_somebody_goes_on_where_they_stopped_and_nothing_needed_is_left_out() -> None:
    pages = asked_pages(ASKS, {"used": "yes"})
    assert first_open_page(pages, {}) == 0
    assert first_open_page(pages, {"used": "yes"}) == 1
    assert first_open_page(pages, {"used": "yes", "example": "x", "helped": ["time"]}) == 2
    assert unanswered_page(pages, {"example": "x"}) == 0
    assert unanswered_page(pages, {"used": "yes"}) is None


@pytest.mark.parametrize(
    ("ask", "typed", "answer", "rows"),
    [
        (USED, {"q1": ["yes"]}, "yes", [(7, 1)]),
        (HELPED, {"q3": ["form", "time"]}, ["time", "form"], [(9, 1), (10, 1)]),
        (SURE, {"q4-1": ["7"], "q4-2": ["3"]}, {"1": 7, "2": 3}, [(1, 7), (2, 3)]),
        (EXAMPLE, {"q2": [" I asked again.\r\nTwice. "]}, "I asked again.\nTwice.", []),
        (Ask(5, "n", QuestionKind.NUMBER, "How many?"), {"q5": ["12"]}, 12, [(0, 12)]),
        (Ask(5, "s", QuestionKind.SCALE, "Always?"), {"q5": ["10"]}, 10, [(0, 10)]),
        (Ask(5, "a", QuestionKind.AGREEMENT, "Agree?"), {"q5": ["5"]}, 5, [(0, 5)]),
        (USED, {"q1": [" "]}, None, []),
    ],
)
def test_an_answer_is_read_and_kept_as_a_number(ask: Ask, typed: dict[str, list[str]], answer: Any, rows: Any) -> None:
    assert read_answer(ask, typed) == answer
    assert number_rows(ask, answer) == rows


@pytest.mark.parametrize(
    ("ask", "typed"),
    [
        (USED, {"q1": ["maybe"]}),
        (USED, {"q1": ["yes", "no"]}),
        (HELPED, {"q3": ["time", "luck"]}),
        (SURE, {"q4-2": ["11"]}),
        (Ask(5, "s", QuestionKind.SCALE, "Always?"), {"q5": ["0"]}),
        (Ask(5, "a", QuestionKind.AGREEMENT, "Agree?"), {"q5": ["6"]}),
        (Ask(5, "n", QuestionKind.NUMBER, "How many?"), {"q5": ["-1"]}),
        (Ask(5, "n", QuestionKind.NUMBER, "How many?"), {"q5": ["٣"]}),
        (EXAMPLE, {"q2": ["x" * 2001]}),
    ],
)
def test_what_is_not_among_the_answers_is_refused(ask: Ask, typed: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid):
        read_answer(ask, typed)


def test_a_condition_must_stand_on_a_page_before() -> None:
    check_can_publish(ASKS)
    with pytest.raises(Invalid, match="not on a page before"):
        check_can_publish([EXAMPLE, USED])
    with pytest.raises(Invalid, match="Add a question"):
        check_can_publish([])


def test_codes_and_options_are_checked() -> None:
    assert check_code("practice.other-adults") == "practice.other-adults"
    for wrong in ("", "Practice", "a b", "ä", "-a"):
        with pytest.raises(Invalid):
            check_code(wrong)
    with pytest.raises(Invalid):
        check_options(QuestionKind.CHOICE, ["only one"])
    with pytest.raises(Invalid):
        check_options(QuestionKind.CHOICES, ["same", "same"])


# How much may be kept


@given(st.dictionaries(st.integers(0, 9), st.integers(1, 40), max_size=8))
def test_groups_that_are_not_kept_are_none_or_at_least_five_together(sizes: dict[int, int]) -> None:
    kept = kept_groups(sizes)
    assert all(sizes[name] >= 5 for name in kept)
    left = sum(number for name, number in sizes.items() if name not in kept)
    assert left == 0 or left >= 5 or not kept


def test_a_small_sector_takes_the_next_one_with_it() -> None:
    assert kept_groups({"health": 12, "police": 9, "probation": 2}) == {"health"}
    assert kept_groups({"health": 12, "police": 9}) == {"health", "police"}
    assert kept_groups({"health": 3}) == frozenset()


def test_words_may_be_taken_out_or_covered_and_none_added() -> None:
    check_covered("I asked Jaden about it.", "I asked [removed] about it.")
    check_covered("I asked Jaden about it.", "I asked")
    for wrong in ("I asked him about it.", "   ", "asked I about"):
        with pytest.raises(Invalid):
            check_covered("I asked Jaden about it.", wrong)
