"""Change on matched people."""

from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.impact.change.rules import Group, compared_in_words, groups_in_words, groups_of
from surveys.impact.rules import Matched, change_of, signed
from surveys.impact.student.rules import Difference, quantile
from surveys.questions.rules import one_decimal

SCALE = st.integers(1, 10)
PEOPLE = st.lists(st.builds(Matched, SCALE, SCALE, SCALE), min_size=5, max_size=40)


def people(*pairs: tuple[int, int]) -> list[Matched]:
    return [Matched(before, after) for before, after in pairs]


def test_change_has_its_number_spread_and_interval() -> None:
    made = change_of([Matched(5, 7, 8), Matched(6, 8, 8), Matched(4, 7, 9), Matched(5, 6, 7), Matched(5, 8, 8)])
    assert made is not None
    assert (made.matched, made.before, made.after, made.on_the_day) == (5, 5.0, 7.2, 8.0)
    assert (made.shown, made.interval, one_decimal(made.spread)) == ("+2.2", "1.2 to 3.2", one_decimal(0.84))
    assert (made.rose, made.same, made.fell) == (5, 0, 0)


def test_a_fall_is_shown_as_a_fall() -> None:
    made = change_of(people((7, 6), (8, 7), (7, 7), (6, 6), (7, 7)))
    assert made is not None
    assert made.is_fall
    assert (made.shown, made.interval) == ("fell by 0.4", "−1.1 to 0.3")


def test_nothing_is_said_of_fewer_than_five_people() -> None:
    assert change_of(people((1, 9), (1, 9), (1, 9), (1, 9))) is None


def test_who_did_not_answer_on_the_day_is_in_the_change_and_not_in_the_mean_of_the_day() -> None:
    made = change_of([*people((1, 2)), *[Matched(1, 2, 3)] * 5])
    assert made is not None
    assert (made.matched, made.on_the_day, made.day_people) == (6, 3, 5)
    few = change_of([*people(*[(1, 2)] * 5), *[Matched(1, 2, 3)] * 4])
    assert few is not None
    assert few.on_the_day is None


@pytest.mark.parametrize(
    ("freedom", "share", "t"),
    [(1, 0.975, 12.706), (2, 0.975, 4.303), (4, 0.975, 2.776), (9, 0.975, 2.262), (29, 0.975, 2.045),
     (211, 0.975, 1.971), (4, 0.995, 4.604), (10, 0.999, 4.144)],
)  # fmt: skip
def test_the_interval_is_students(freedom: int, share: float, t: float) -> None:
    assert quantile(freedom, share) == pytest.approx(t, abs=0.001)


@given(PEOPLE)
def test_the_change_is_the_mean_of_each_persons_own(answers: list[Matched]) -> None:
    made = change_of(answers)
    assert made is not None
    own = [each.after - each.before for each in answers]
    assert made.change == pytest.approx(mean(own))
    assert made.spread == pytest.approx(stdev(own))
    assert made.low <= made.change <= made.high
    assert made.rose + made.same + made.fell == made.matched


def test_a_change_whose_interval_spans_nothing_is_no_change_however_large() -> None:
    wide, clear, weaker = Difference(0.9, 0.6, 40), Difference(0.3, 0.05, 40), Difference(-0.5, 0.1, 40)
    assert groups_of([wide, clear, weaker]) == [Group.SAME, Group.STRONGER, Group.WEAKER]


def test_groups_are_decided_by_an_interval_for_as_many_as_are_compared() -> None:
    """Alone it is clear at 95%; one of ten like it is not, and does not come back after a larger one."""
    edge = Difference(0.22, 0.1, 60)
    assert groups_of([edge]) == [Group.STRONGER]
    assert groups_of([edge] * 10) == [Group.SAME] * 10
    # Holm: 0.25/0.1 fails as one of two with 0.9 first only where its own step says so.
    assert groups_of([Difference(0.9, 0.1, 60), edge]) == [Group.STRONGER, Group.STRONGER]


@given(st.lists(st.tuples(st.integers(-30, 30), st.integers(1, 20)), min_size=1, max_size=10))
def test_holm_finds_no_more_than_each_alone_and_no_less_than_all_at_once(found: list[tuple[int, int]]) -> None:
    differences = [Difference(mean / 10, error / 10, 20) for mean, error in found]
    for each, group in zip(differences, groups_of(differences), strict=True):
        low, high = each.interval()
        assert group is Group.SAME or low > 0 or high < 0
        low, high = each.interval(0.05 / len(differences))
        assert group is not Group.SAME or low <= 0 <= high


@pytest.mark.parametrize(
    ("stronger", "same", "weaker", "words"),
    [
        (4, 1, 1, "Of six practices, four are stronger three months on, one shows no clear change and one is weaker."),
        (1, 0, 0, "The one practice compared is stronger three months on."),
        (0, 3, 0, "All three practices show no clear change three months on."),
        (0, 1, 2, "Of three practices, one shows no clear change three months on and two are weaker."),
    ],
)
def test_the_answer_comes_first_and_says_every_group(stronger: int, same: int, weaker: int, words: str) -> None:
    groups = [Group.STRONGER] * stronger + [Group.SAME] * same + [Group.WEAKER] * weaker
    assert groups_in_words(groups) == words


def test_how_many_were_compared_is_said() -> None:
    assert "fewer than 5" in groups_in_words([])
    assert compared_in_words(6).startswith("Six practices were compared.")


def test_whether_figures_as_printed_add_up_is_known() -> None:
    made = change_of(people((1, 2), (1, 2), (1, 2), (1, 2), (1, 1)))
    assert made is not None
    assert made.adds_up  # 1.0, 1.8, +0.8
    odd = change_of(people(*[(5, 5)] * 3, (5, 6), (6, 6), (6, 7)))
    assert odd is not None
    assert (signed(odd.before), signed(odd.after), odd.shown) == ("5.3", "5.7", "+0.3")
    assert not odd.adds_up


def test_nothing_never_has_a_minus() -> None:
    assert signed(-0.04) == "0.0"
    assert signed(-0.05) == "−0.1"
