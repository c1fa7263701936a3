"""What comes out of the pairs that wait, when, and how it looks: five or more who look the same, whatever happens."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.pairs import Partnership, simulate
from surveys.pairs.rules import (
    KEPT_BACK,
    Said,
    Sheet,
    Side,
    Steps,
    coming_out,
    evened_out,
    half_to_join,
    practices_in,
    sheet_of,
)
from surveys.questions.rules import Ask, QuestionKind

HALF = date(2025, 4, 1)
OPEN, COMPLETE = date(2025, 12, 1), date(2026, 3, 15)
ONE, TWO = ("practice.one", 0), ("practice.two", 0)
SAYS = Said(frozenset({ONE, TWO}), {ONE: 3, TWO: 7})
OLDER = Said(frozenset({ONE}), {ONE: 4})


def pair(*, has_day: bool = True, said: Said = SAYS) -> Sheet:
    return sheet_of(said, said if has_day else None, said)


def test_scales_and_outcomes_are_practices_and_what_was_skipped_was_asked_all_the_same() -> None:
    asks = [
        Ask(1, "one", QuestionKind.SCALE, "One"),
        Ask(2, "two", QuestionKind.SCALE, "Two"),
        Ask(3, "out", QuestionKind.OUTCOMES, "Sure of", outcomes=("a", "b")),
        Ask(4, "used", QuestionKind.CHOICE, "Used"),
    ]
    said = practices_in(asks, {"one": 7, "out": {"2": 4}, "used": "often"})
    assert dict(said.numbers) == {("one", 0): 7, ("out", 2): 4}
    assert said.asked == {("one", 0), ("two", 0), ("out", 1), ("out", 2)}
    assert practices_in(asks, {"one": 7, "two": 1}, frozenset({"two"})).numbers == {("two", 0): 1}


def test_who_did_not_answer_on_the_day_is_a_pair_like_any_other() -> None:
    made = pair(has_day=False)
    assert (made.side, made.has_day) == (Side.BOTH, False)
    assert made.steps[ONE] == Steps(3, None, 3)
    assert sheet_of(SAYS, None, None).side is Side.BEFORE
    assert sheet_of(None, SAYS, SAYS).side is Side.AFTER
    assert sheet_of(None, SAYS, None).side is Side.NEITHER


@pytest.mark.parametrize(
    ("waiting", "today", "out"),
    [
        (4, OPEN, 0),
        (KEPT_BACK + 4, OPEN, 0),
        (KEPT_BACK + 5, OPEN, 5),
        (KEPT_BACK + 11, OPEN, 11),
        (4, COMPLETE, 0),
        (5, COMPLETE, 5),
        (KEPT_BACK + 3, COMPLETE, KEPT_BACK + 3),
    ],
)
def test_five_or_more_come_out_and_the_last_of_a_half_are_never_fewer(waiting: int, today: date, out: int) -> None:
    assert len(coming_out([pair()] * waiting, HALF, today)) == out


def test_what_comes_too_late_for_its_half_joins_the_next_that_is_open() -> None:
    assert half_to_join(date(2025, 5, 6), OPEN) == HALF
    assert half_to_join(HALF, COMPLETE) == date(2025, 10, 1)
    assert half_to_join(HALF, date(2027, 1, 1)) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("with_day", "without", "shown"), [(20, 0, 20), (20, 1, 16), (20, 7, 20), (7, 2, 0), (3, 6, 0)]
)
def test_a_few_without_the_day_are_joined_by_others(with_day: int, without: int, shown: int) -> None:
    made = evened_out([pair()] * with_day + [pair(has_day=False)] * without)
    assert len(made) == with_day + without
    days = [each.steps[ONE].on_the_day for _, each in made]
    assert sum(day is not None for day in days) == shown
    assert all((each.steps[ONE].before, each.steps[ONE].after) == (3, 3) for _, each in made)


PEOPLE = st.lists(st.builds(pair, has_day=st.booleans(), said=st.sampled_from([SAYS, OLDER])), min_size=5, max_size=40)


@given(PEOPLE, st.sampled_from([OPEN, COMPLETE]))
def test_nobody_looks_like_fewer_than_five_of_those_who_come_out_together(people: list[Sheet], today: date) -> None:
    made = coming_out(people, HALF, today)
    looks = Counter((each.has_day, each.asked) for _, each in made)
    assert all(number >= 5 for number in looks.values())
    assert len({place for place, _ in made}) == len(made)
    for place, each in made:
        assert each.has_day <= people[place].has_day
        assert all(steps.on_the_day is None or each.has_day for steps in each.steps.values())
        assert set(each.steps) <= each.asked <= people[place].asked
    left = len(people) - len(made)
    assert left == 0 if today == COMPLETE else (left == len(people) or left >= 5)


@pytest.mark.parametrize("seed", range(3))
def test_a_partnership_with_few_answers_reports_four_of_five_of_its_pairs(seed: int) -> None:
    made = simulate(Partnership((60, 85, 25)), Random(seed))
    assert made.fewest_together >= 5
    assert made.share >= 0.8
    assert made.with_day >= 0.3 * made.answered_day
    assert made.pairs > 150
