"""What changed, of practice sheets: item by item, half-year by half-year, and how many said what."""

from collections.abc import Mapping
from datetime import date

from surveys.impact.change.figures import AnswersBehind, Changes, changes_of
from surveys.impact.distributions.figures import OfCourse, distribution_of
from surveys.impact.rules import Matched
from surveys.pairs.queries import PracticeAsked, PracticeRead
from surveys.pairs.rules import Item, Side, Steps
from surveys.questions.rules import QuestionKind

FIRST, SECOND, TODAY = date(2025, 4, 1), date(2025, 10, 1), date(2026, 4, 20)
ASK = PracticeAsked("ask", QuestionKind.SCALE, "I ask again", "never", "always")
OUT = PracticeAsked("out", QuestionKind.OUTCOMES, "Sure", "not", "fully")


def sheet(
    steps: Mapping[Item, Steps], *, half_on: date = FIRST, course_id: int = 1, side: Side = Side.BOTH
) -> PracticeRead:
    return PracticeRead(course_id, half_on, side, steps)


def changes(
    sheets: list[PracticeRead], *, outcomes: Mapping[Item, str] | None = None, course: int | None = None
) -> Changes:
    return changes_of(sheets, [ASK, OUT], outcomes or {}, TODAY, AnswersBehind(sheets, course, is_whole=True))


def test_a_hard_outcome_that_was_skipped_later_makes_no_change() -> None:
    """Nobody's confidence moved: they left the hard one out three months on."""
    skipped = {("out", 1): Steps(8, None, 8), ("out", 2): Steps(2, None, None)}
    made = changes([sheet(skipped)] * 6)
    assert [(each.change.shown, each.change.matched) for each in made.practices] == [("no change", 6)]


def test_outcomes_of_one_course_are_told_one_by_one() -> None:
    said = {("out", 1): Steps(5, 7, 8), ("out", 2): Steps(5, None, None)}
    named = {("out", 1): "name the signs", ("out", 2): "say who to call"}
    made = changes([sheet(said)] * 12, outcomes=named, course=1)
    assert [(each.words, each.item, each.change.matched) for each in made.practices] == [("name the signs", 1, 12)]


def test_pairs_are_people_in_one_course_and_half_year_only() -> None:
    said = {("ask", 0): Steps(5, None, 8)}
    assert changes([sheet(said)] * 6).is_people
    both = changes([sheet(said)] * 6 + [sheet(said, course_id=2)] * 6)
    assert (both.is_people, both.matched) == (False, 12)


def test_half_years_say_whether_more_comes_and_the_trend_has_each() -> None:
    said = {("ask", 0): Steps(5, None, 8)}
    fell = {("ask", 0): Steps(5, None, 4)}
    made = changes([sheet(said)] * 6 + [sheet(fell, half_on=SECOND)] * 7 + [sheet({}, side=Side.AFTER)] * 5)
    assert [(each.span.words, each.is_complete) for each in made.halves] == [
        ("April to September 2025", True),
        ("October 2025 to March 2026", False),
    ]
    assert [(each.change.matched, each.change.shown) for each in made.trend] == [(6, "+3.0"), (7, "fell by 1.0")]
    assert made.unpaired == 5


def people(course_id: int, *numbers: int, half_on: date = FIRST) -> list[OfCourse]:
    return [OfCourse(course_id, half_on, Matched(each, 11 - each)) for each in numbers]


def bands(people: list[OfCourse]) -> list[tuple[tuple[int, ...], int | None]]:
    """What they said before."""
    told = distribution_of(people, None, TODAY)
    assert told is not None
    return [(part.places, part.number) for part in told.before.parts]


def test_how_many_said_what_is_told_of_complete_half_years_with_small_answers_merged() -> None:
    many = people(1, *[9] * 6, *[7] * 7, *[5] * 8, *[2] * 2) + people(2, *[3] * 12)
    assert bands(many) == [((0,), 6), ((1,), 7), ((2,), 8), ((3,), 14), ((4,), 0)]
    assert bands(many[:23]) == [((0,), 6), ((1,), 7), ((2, 3), 10), ((4,), 0)]
    assert distribution_of(people(1, *[9] * 30, half_on=SECOND), None, TODAY) is None


def test_who_left_it_out_stands_with_the_lowest_answers_where_they_are_few() -> None:
    """Of 40 pairs, two left the practice out: they are in every denominator, and nobody reads that they are two."""
    given = [(9, 5)] * 12 + [(7, 9)] * 14 + [(3, 7)] * 12
    sheets = [sheet({("ask", 0): Steps(before, None, after)}) for before, after in given] + [sheet({})] * 2
    [practice] = changes(sheets).practices
    assert practice.distribution is not None
    assert (practice.change.matched, practice.distribution.before.of) == (40, 40)
    assert bands([*people(1, *[9] * 12, *[7] * 14, *[3] * 12), *[OfCourse(1, FIRST, None)] * 2])[-1] == ((3, 4), 14)
    assert bands([*people(1, *[9] * 12, *[7] * 14, *[3] * 12), *[OfCourse(1, FIRST, None)] * 6])[-1] == ((4,), 6)


def test_of_a_few_pairs_of_whom_one_left_it_out_nothing_is_told() -> None:
    """The mean of five has other decimals than that of six."""
    said = sheet({("ask", 0): Steps(5, None, 8)})
    assert changes([said] * 5 + [sheet({})]).practices == ()
    assert len(changes([said] * 9 + [sheet({})]).practices) == 1


def test_two_courses_are_told_together_only_since_each_is_what_the_other_leaves() -> None:
    many = people(1, *[9] * 6, *[2] * 6) + people(2, *[9] * 9, *[2] * 3)
    assert distribution_of(many, None, TODAY) is not None
    assert distribution_of(many, 1, TODAY) is None
