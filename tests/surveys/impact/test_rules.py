"""Change on matched people."""

from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.impact.rules import Matched, change_in_words, change_of, signed, t_quantile
from surveys.questions.rules import one_decimal

SCALE = st.integers(1, 10)
PEOPLE = st.lists(st.builds(Matched, SCALE, SCALE, SCALE), min_size=5, max_size=40)


def people(*pairs: tuple[int, int]) -> list[Matched]:
    return [Matched(before, after) for before, after in pairs]


def test_change_has_its_number_spread_and_interval() -> None:
    made = change_of([Matched(5, 7, 8), Matched(6, 8, 8), Matched(4, 7, 9), Matched(5, 6, 7), Matched(5, 8, 8)])
    assert made is not None
    assert (made.n, made.before, made.after, made.on_the_day) == (5, 5.0, 7.2, 8.0)
    assert (made.shown, made.interval, one_decimal(made.spread)) == ("+2.2", "1.2 to 3.2", one_decimal(0.84))
    assert made.is_clear
    assert (made.rose, made.same, made.fell) == (5, 0, 0)


def test_a_fall_is_shown_as_a_fall() -> None:
    made = change_of(people((7, 6), (8, 7), (7, 7), (6, 6), (7, 7)))
    assert made is not None
    assert made.is_fall
    assert (made.shown, made.interval) == ("fell by 0.4", "−1.1 to 0.3")
    assert not made.is_clear


def test_nothing_is_said_of_fewer_than_five_people() -> None:
    assert change_of(people((1, 9), (1, 9), (1, 9), (1, 9))) is None


def test_on_the_day_is_shown_only_when_all_of_the_same_people_were_asked() -> None:
    made = change_of([*people((1, 2)), *[Matched(1, 2, 3)] * 5])
    assert made is not None
    assert made.on_the_day is None


@pytest.mark.parametrize(("freedom", "t"), [(4, 2.776), (9, 2.262), (29, 2.045), (211, 1.971)])
def test_the_interval_is_students(freedom: int, t: float) -> None:
    assert t_quantile(freedom) == pytest.approx(t, abs=0.01)


@given(PEOPLE)
def test_the_change_is_the_mean_of_each_persons_own(answers: list[Matched]) -> None:
    made = change_of(answers)
    assert made is not None
    own = [each.after - each.before for each in answers]
    assert made.change == pytest.approx(mean(own))
    assert made.spread == pytest.approx(stdev(own))
    assert made.low <= made.change <= made.high
    assert made.rose + made.same + made.fell == made.n


def test_the_answer_comes_first_and_says_the_falls() -> None:
    rise = change_of(people(*[(5, 7)] * 5))
    small = change_of(people((5, 6), (5, 5), (5, 5), (5, 6), (5, 5)))
    fall = change_of(people(*[(7, 6)] * 5))
    assert rise is not None
    assert small is not None
    assert fall is not None
    words = change_in_words([rise, small, fall])
    assert words == "Two of three practices are stronger three months on, by 0.4 to 2.0 points. One has fallen."
    assert change_in_words([fall]) == "None of one practice are stronger three months on. One has fallen."
    assert "fewer than 5" in change_in_words([])


def test_nothing_never_has_a_minus() -> None:
    assert signed(-0.04) == "0.0"
    assert signed(-0.05) == "−0.1"
