"""Of whom a question is told: of those whose version asks it, and whom an answer, in whatever words, leads to it."""

import pytest

from surveys.impact.choices.counted.figures import LinesRead
from surveys.impact.choices.figures import table_of
from surveys.impact.content.queries import AnswerRead, QuestionRead, SheetRead
from surveys.questions.rules import QuestionKind, SurveyKind
from tests.moments import NOW

OLD, NEW, SHORT = 1, 2, 3
USED = QuestionRead(
    "used",
    QuestionKind.CHOICE,
    "Used?",
    "",
    "",
    ((1, "Yes, once"), (2, "No"), (3, "Yes, now and then"), (4, "No")),
    (("once", "Yes, once"), ("no", "No"), ("once", "Yes, now and then"), ("no", "No")),
    versions=frozenset({OLD, NEW, SHORT}),
)
HELPED = QuestionRead(
    "helped",
    QuestionKind.CHOICES,
    "What helped?",
    "",
    "",
    ((9, "Supervision"),),
    show_if_code="used",
    show_if_values=("once",),
    versions=frozenset({OLD, NEW}),
)
HINDERED = QuestionRead(
    "hindered", QuestionKind.CHOICES, "What hindered?", "", "", ((8, "Time"),), versions=frozenset({OLD, NEW})
)


def sheets(number: int, version: int, *answers: tuple[str, int]) -> list[SheetRead]:
    given = [AnswerRead(code, item, 1) for code, item in answers]
    return [
        SheetRead(f"{version} {place}", SurveyKind.IMPACT, "", 1, 1, 1, "", NOW.date(), version, given)
        for place in range(number)
    ]


def told(question: QuestionRead, lines: dict[str, list[SheetRead]]) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Of how many, what they chose, and which lines are told."""
    read = LinesRead(lines, {"used": USED, "helped": HELPED, "hindered": HINDERED}).told(question)
    assert read is not None
    table = table_of(question, read.total)
    assert table is not None
    return table.of, [(row.words, row.shown) for row in table.rows], sorted(read.lines)


def test_whoever_chose_an_answer_in_its_old_words_is_asked_what_follows_from_it() -> None:
    old = sheets(12, OLD, ("used", 1), ("helped", 9), ("hindered", 8)) + sheets(8, OLD, ("used", 2))
    new = sheets(6, NEW, ("used", 3)) + sheets(7, NEW, ("used", 4))
    assert told(HELPED, {"A": old, "B": new})[:2] == (18, [("Supervision", "12")])


@pytest.mark.parametrize(("others", "of"), [(20, 30), (5, 30), (4, 34)])
def test_who_was_never_asked_gave_no_answer_only_where_they_are_few(others: int, of: int) -> None:
    """Few of another version would be found by subtracting."""
    lines = {"A": sheets(30, OLD, ("hindered", 8)), "B": sheets(others, SHORT)}
    assert told(HINDERED, lines)[:2] == (of, [("Time", "30" if of == 30 else "most of 34")])


def test_a_line_of_which_some_were_asked_is_told_with_all_others() -> None:
    lines = {
        "A": sheets(30, OLD, ("hindered", 8)),
        "B": sheets(15, OLD) + sheets(15, SHORT),
        "C": sheets(20, SHORT),
    }
    assert told(HINDERED, lines) == (45, [("Time", "30")], [])
    assert told(HINDERED, {"A": lines["A"], "B": sheets(15, OLD), "C": lines["C"]})[2] == ["A", "B"]
