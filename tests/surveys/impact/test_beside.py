"""Beside the change: the then-test, intention, and the share right, by hand."""

from datetime import date

from surveys.impact.beside.figures import Beside, beside_of
from surveys.impact.beside.words import intention_rows, knowledge_rows, shift_rows
from surveys.impact.change.figures import AnswersBehind
from surveys.pairs.queries import AskedBeside, PracticeAsked, PracticeRead
from surveys.pairs.rules import Side, Steps
from surveys.questions.measures.rules import KNOWLEDGE, RIGHT, WRONG, Sense
from surveys.questions.rules import QuestionKind

FIRST, TODAY = date(2025, 4, 1), date(2026, 4, 20)
ASK = PracticeAsked("ask", QuestionKind.SCALE, "I ask again", "never", "always")
BESIDE = [
    AskedBeside("then.ask", "Looking back", Sense.LOOKING_BACK, "ask", False, 3),
    AskedBeside("meant.ask", "I will", Sense.INTENTION, "ask", False, 2),
    AskedBeside("case", "What do you do?", Sense.NOW, "", True, 2),
]


def told(sheets: list[PracticeRead], course: int | None = None) -> Beside:
    return beside_of(sheets, [ASK], BESIDE, TODAY, AnswersBehind(sheets, course, is_whole=True))


def person(before: int, then: int | None, meant: int | None, after: int, *, course: int = 1) -> PracticeRead:
    steps = {("ask", 0): Steps(before, None, after)}
    if then is not None:
        steps["then.ask", 0] = Steps(None, None, then)
    if meant is not None:
        steps["meant.ask", 0] = Steps(None, meant, None)
    return PracticeRead(course, FIRST, Side.BOTH, steps)


def knows(before: int, after: int, *, course: int = 1) -> PracticeRead:
    return PracticeRead(course, FIRST, Side.BOTH, {("case", KNOWLEDGE): Steps(before, None, after)})


def test_the_then_test_is_told_beside_before_and_after_of_the_same_people() -> None:
    """Before 6, looking back 4, 5, 4, 5, 4, 5, three months on 8: a shift of 1.5 down, and +3.5 instead of +2.

    Whoever did not look back counts among those who were asked. Of seven the means would say that one did not.
    """
    people = [person(6, 4 + place % 2, None, 8) for place in range(6)]
    others = [person(1, None, None, 10)] * 5
    assert told([*people, others[0]]).shifts == ()
    made = told([*people, *others])
    assert shift_rows(made) == [
        (
            "I ask again", 11, "6.0", "4.5", "8.0", "+2.0", "+3.5", "−1.5", "−2.1 to −0.9",
            "They put their start lower than they had said: a stricter measure now",
        )
    ]  # fmt: skip
    assert made.shift_words.startswith("On 1 of 1 practice people put their start lower")
    assert told(people[:4]).shifts == ()


def test_intention_is_held_against_what_people_do() -> None:
    people = [person(5, None, 9, 6 + place % 2) for place in range(6)]
    rows = intention_rows(told(people))
    assert rows == [("I ask again", 6, "9.0", "6.5", "−2.5", "−3.1 to −1.9", "Less than they meant")]


def test_the_share_right_is_told_whole_and_a_small_wrong_is_hidden_behind_most() -> None:
    people = [knows(WRONG, RIGHT)] * 14 + [knows(RIGHT, RIGHT)] * 12 + [knows(WRONG, WRONG)] * 6
    assert knowledge_rows(told(people)) == [
        ("The case: What do you do?", 32, "12 (37.5%)", "26 (81.3%)", "+43.8 points (21.8 to 65.7)")
    ]
    few_wrong = [knows(WRONG, RIGHT)] * 14 + [knows(RIGHT, RIGHT)] * 12 + [knows(WRONG, WRONG)] * 3
    assert knowledge_rows(told(few_wrong)) == [
        ("The case: What do you do?", 29, "12 (41.4%)", "most of 29", "not exact")
    ]
    assert told([*people[:6], *people[20:23]]).known == ()  # three of nine were right before
    assert told(people, course=2).known == ()


def test_of_a_learning_point_it_is_told_of_the_courses_that_teach_it_and_have_a_row_of_their_own() -> None:
    """Of 32 people of one course; never of 6 of another, and never of those by what is left of all."""
    large = [knows(WRONG, RIGHT)] * 14 + [knows(RIGHT, RIGHT)] * 12 + [knows(WRONG, WRONG)] * 6
    small = [knows(WRONG, RIGHT, course=2)] * 6
    others = [*[knows(RIGHT, RIGHT, course=3)] * 20, *[knows(WRONG, RIGHT, course=4)] * 15]
    everybody = [*large, *small, *others]

    def of_point(sheets: list[PracticeRead]) -> Beside:
        return beside_of(sheets, [ASK], BESIDE, TODAY, AnswersBehind(everybody, None, is_whole=False))

    [known] = of_point([*large, *small]).known
    assert (known.of, *known.shown) == (32, "12 (37.5%)", "26 (81.3%)")
    assert known.said.endswith("Right before 12 (37.5%), three months on 26 (81.3%), of 32.")
    assert of_point(small).known == ()
