"""Compared with people who waited: by hand, on 20 and more on each side, and the same wherever it is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from math import sqrt

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.figures import Period, ReportQuestion
from lms.people.models import Person
from surveys.comparison.queries import AskedWaiting
from surveys.impact.compared.figures import WaitingTold, compared_of
from surveys.impact.figures import impact_report
from surveys.impact.sections import gather_difference
from surveys.impact.student.rules import Difference, between, mean_of
from surveys.pairs.queries import PracticeAsked, PracticeRead
from surveys.pairs.rules import Side, Steps
from surveys.questions.rules import QuestionKind
from surveys.selection.rules import Selection, Span
from tests.make import Make
from tests.surveys.people import Asked

FIRST = date(2025, 4, 1)
ASK = PracticeAsked("ask", QuestionKind.SCALE, "I ask again", "never", "always")
CALL = PracticeAsked("call", QuestionKind.SCALE, "I call back", "never", "always")
HALF = Span("2025-h1", date(2025, 4, 1), date(2025, 9, 30), "April to September 2025")


def people(number: int, before: int, after: int, *, side: Side = Side.BOTH, course: int = 1) -> list[PracticeRead]:
    """Every second one says one more in the end. Nobody moves on the other practice."""
    return [
        PracticeRead(
            course, FIRST, side, {("ask", 0): Steps(before, None, after + place % 2), ("call", 0): Steps(5, None, 5)}
        )
        for place in range(number)
    ]


def told(came: list[PracticeRead], waited: list[PracticeRead], asked: int = 0, left: int = 0) -> WaitingTold:
    invited = [AskedWaiting(1, 1, FIRST, asked, left)]
    return compared_of(came, waited, [ASK, CALL], {1: "Neglect", 2: "Babies"}, invited, is_one_course=False)


def waiting(number: int, before: int, after: int, course: int = 1) -> list[PracticeRead]:
    return people(number, before, after, side=Side.WAITED, course=course)


def test_welch_as_a_textbook_has_it() -> None:
    """15 with mean 20.8 and variance 7.9, 15 with 23.0 and 3.8: t = −2.49, 24.99 degrees of freedom, p = 0.02."""
    made = between(Difference(20.8, sqrt(7.9 / 15), 14), Difference(23.0, sqrt(3.8 / 15), 14))
    assert (round(made.mean / made.error, 2), made.freedom, round(made.likely, 3)) == (-2.49, 24, 0.02)
    same = mean_of([3.0, 3.0, 3.0])
    assert between(same, same).interval() == (0.0, 0.0)


def test_the_change_of_both_stands_side_by_side_with_the_interval_of_the_difference() -> None:
    """+2.5 and +0.5: a difference of 2.0, with 38 degrees of freedom 2.024 times 0.162 to each side."""
    made = told(people(20, 5, 7), waiting(20, 5, 5), asked=47, left=9)
    assert made.rows == [
        (
            "I ask again (Neglect)", 20, "5.0 to 7.5", "+2.5", 20, "5.0 to 5.5", "+0.5", "+2.0", "1.7 to 2.3",
            "Rose more, or fell less, among those who came",
        ),
        (
            "I call back (Neglect)", 20, "5.0 to 5.0", "0.0", 20, "5.0 to 5.0", "0.0", "0.0", "0.0 to 0.0",
            "No clear difference",
        ),
    ]  # fmt: skip
    assert made.answer == (
        "Beside people who waited and had no place: of two practices compared, one rose more, or fell less, among "
        "those who came and one shows no clear difference. No one was put on a side by lot, so a difference can come "
        "from the course or from who they are."
    )
    assert made.note.startswith(made.answer)
    assert "At least 45 people who waited were asked, 20 answered twice." in made.note
    assert "At least 5 of those who were asked got a place and left." in made.note
    assert "rounded" not in made.note


@pytest.mark.parametrize(("came", "waited", "lines"), [(20, 20, 2), (19, 40, 0), (40, 19, 0)])
def test_nothing_is_told_with_fewer_than_twenty_on_a_side(came: int, waited: int, lines: int) -> None:
    made = told(people(came, 5, 7), waiting(waited, 5, 5))
    assert len(made.lines) == lines
    assert bool(made.answer) == bool(lines)


def test_courses_are_compared_each_with_its_own() -> None:
    """Twenty of one course are never set against the twenty of another."""
    assert told(people(20, 5, 7), waiting(20, 5, 5, course=2)).lines == ()
    made = told([*people(20, 5, 7), *people(30, 5, 5, course=2)], [*waiting(20, 5, 5), *waiting(25, 5, 7, course=2)])
    assert [(each.course, each.signed, each.group.value) for each in made.lines if each.words == ASK.words] == [
        ("Babies", "−2.0", "weaker"),
        ("Neglect", "+2.0", "stronger"),
    ]


def test_sides_that_began_apart_are_said_to() -> None:
    came = [
        replace(each, steps={("ask", 0): Steps(3 + place % 2, None, 7)}) for place, each in enumerate(people(20, 0, 0))
    ]
    there = [
        replace(each, steps={("ask", 0): Steps(7 + place % 2, None, 7)}) for place, each in enumerate(waiting(20, 0, 0))
    ]
    assert "On one of one the two sides began at clearly different places" in told(came, there).note
    assert "On none is it clear that the two sides began" in told(people(20, 5, 7), waiting(20, 5, 5)).note


@pytest.mark.parametrize(("answered", "asked", "said"), [(24, 24, 24), (22, 24, 22), (22, 31, 30)])
def test_who_did_not_answer_is_not_found_by_how_many_were_asked(answered: int, asked: int, said: int) -> None:
    assert told(people(20, 5, 7), waiting(answered, 5, 5), asked=asked).asked == said


def test_page_pdf_workbook_and_yearly_report_say_the_same(
    asked: Asked, make: Make, work: Work, sign_in: Callable[[Person], FlaskClient]
) -> None:
    course = make.course("Neglect: seeing it")
    event = asked.held(course, date(2025, 5, 6))
    asked.people(event, make.agency("Community Health", sector=make.sector("Health")), 30, 24)
    asked.pairs(event, *[(5, 8, 7), (5, 8, 8)] * 10)
    asked.pairs(event, *[(5, None, 5), (5, None, 6)] * 10, side=Side.WAITED)
    report = impact_report(work, Selection(HALF))
    assert report.changes.matched == 20  # who waited is nowhere else
    assert report.changes.practices[0].change.matched == 20
    [row] = report.beside.waiting.rows
    assert row[1:9] == (20, "5.0 to 7.5", "+2.5", 20, "5.0 to 5.5", "+0.5", "+2.0", "1.7 to 2.3")
    browser = sign_in(make.person(roles=(Role.CHAIR,)))
    page = browser.get("/impact?period=2025-h1").text
    assert "Beside people who waited" in page
    assert all(str(cell) in page for cell in row)
    book = load_workbook(BytesIO(browser.get("/impact.xlsx?period=2025-h1").data))
    assert tuple(each.value for each in book["Compared with people who waited"][2]) == row
    pdf = PdfReader(BytesIO(browser.get("/impact.pdf?period=2025-h1").data))
    text = " ".join("".join(each.extract_text() for each in pdf.pages).split())
    assert "Compared with people who waited" in text
    assert "1.7 to 2.3" in text
    question = ReportQuestion(Period(HALF.from_on, HALF.to_on, HALF.words))
    tables = {each.name: each for each in gather_difference(work, question).tables}
    assert tuple(tables["impact_beside_those_who_waited"].rows[0].values()) == row
