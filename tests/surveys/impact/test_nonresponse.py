"""Those who answered three months on beside those who did not: where they stood before, and when that is a warning."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from surveys.impact.nonresponse.figures import (
    ALL_TOGETHER,
    NonResponse,
    Sample,
    difference_of,
    routes_told,
    starts_of,
)
from surveys.invitations.rules import Route, route_named
from surveys.pairs.queries import PracticeAsked, PracticeRead
from surveys.pairs.rules import Side, Steps
from surveys.pairs.starts.rules import Start, starts_told
from surveys.questions.rules import QuestionKind

ASK = PracticeAsked("ask", QuestionKind.SCALE, "I ask again", "never", "always")
CALL = PracticeAsked("call", QuestionKind.SCALE, "I know who to call", "never", "always")


def sheets(side: Side, *numbers: tuple[int, int]) -> list[PracticeRead]:
    return [
        PracticeRead(1, date(2025, 4, 1), side, {("ask", 0): Steps(one), ("call", 0): Steps(two)})
        for one, two in numbers
    ]


KEEN = [(8, 6), (9, 7), (8, 5), (9, 6), (7, 6), (8, 6)]
OTHERS = [(4, 6), (5, 7), (4, 5), (3, 6), (4, 6), (5, 6)]


def test_a_warning_says_that_those_who_answered_began_higher() -> None:
    rows, same = starts_of(sheets(Side.BOTH, *KEEN) + sheets(Side.BEFORE, *OTHERS), [ASK, CALL])
    assert [(each.name, each.later.shown, each.others.shown) for each in rows] == [
        (ALL_TOGETHER, "7.08 (of 6)", "5.08 (of 6)"),
        ("I ask again", "8.17 (of 6)", "4.17 (of 6)"),
    ]
    assert same == 1
    assert "began higher than those who did not (7.08 against 5.08 of 10)" in NonResponse(tuple(rows), same).warning


def test_there_is_no_warning_where_they_are_alike_and_nothing_is_told_of_four() -> None:
    rows, same = starts_of(sheets(Side.BOTH, *KEEN) + sheets(Side.BEFORE, *KEEN), [ASK, CALL])
    assert (len(rows), same, NonResponse(tuple(rows), same).warning) == (1, 2, "")
    assert starts_of(sheets(Side.BOTH, *KEEN) + sheets(Side.BEFORE, *OTHERS[:4]), [ASK, CALL]) == ([], 0)


def test_the_interval_is_welchs() -> None:
    """t and freedom by hand: -3 / sqrt(1.6 + 0.2), and 1.8 squared / (1.6 squared / 9 + 0.2 squared / 19)."""
    made = difference_of(Sample(10, 20.0, 4.0, 10), Sample(20, 23.0, 2.0, 20))
    assert round(made.mean / made.error, 2) == -2.24
    assert made.freedom == 11


PEOPLE = st.lists(st.builds(Start, st.sampled_from([None, 1, 2, 3, 4]), st.floats(1, 10), st.booleans()), max_size=60)


@given(PEOPLE)
def test_by_sector_no_line_is_of_fewer_than_five_and_none_is_found_from_the_others(people: list[Start]) -> None:
    told = starts_told(people)
    for each in told:
        assert min(each.later_people, each.other_people) >= 5
    later = sum(each.is_later for each in people)
    left = (
        later - sum(each.later_people for each in told),
        len(people) - later - sum(each.other_people for each in told),
    )
    assert not told or left == (0, 0)


def test_small_ways_are_told_together() -> None:
    halves = [Counter({Route.LETTER: 40, Route.REMINDER: 21, Route.PAPER: 2}), Counter({Route.LETTER: 11})]
    told = routes_told(halves)
    assert NonResponse(routes=told).route_rows == [
        ("First email, or My learning", "51", "68.9%"),
        ("After a reminder, Code on a screen or sheet, Paper", "23", "31.1%"),
    ]
    assert routes_told([Counter()]) is None
    assert [route_named(each) for each in ("reminder", "qr", "", "paper")] == [
        Route.REMINDER,
        Route.QR,
        Route.LETTER,
        Route.LETTER,
    ]
