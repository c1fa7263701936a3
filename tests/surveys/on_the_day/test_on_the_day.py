"""What people said on the day, for the chair: each figure against one counted by plain loops over what people said."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from courses.programme.courses.models import CourseVersion
from lms.frame.access import Role
from lms.frame.work import Work
from lms.kit.figures import Period, ReportQuestion
from lms.people.models import Person
from surveys.free_text.rules import TextState
from surveys.on_the_day.figures import OnTheDayReport, on_the_day_report
from surveys.on_the_day.sections import gather_on_the_day
from surveys.questions.rules import SurveyKind
from surveys.selection.rules import Selection, Span
from surveys.stages.rules import Stage
from tests.make import Make
from tests.queries import counted_queries
from tests.surveys.people import Asked

HALF = Span("2025-h1", date(2025, 4, 1), date(2025, 9, 30), "April to September 2025")
EARLIER = "October 2024 to March 2025"
BABIES, NEGLECT, ABUSE = "Safer babies: the first year", "Neglect: seeing it", "Domestic abuse"
SAID = {
    (BABIES, date(2025, 5, 6)): [5] * 9 + [4] * 7 + [3] * 3 + [2] * 2,
    (NEGLECT, date(2025, 6, 3)): [5] * 6 + [4] * 3 + [1] * 6,
    (ABUSE, date(2025, 9, 30)): [5] * 2 + [4] * 6 + [2] * 5,
    (BABIES, date(2024, 11, 5)): [4] * 12 + [2] * 13,
}
"""Steps of agreement with "It was clear" (5 strongly agree), by course and day."""
SECRET = "Ask for Kestrel"


@pytest.fixture
def days(session: Session, make: Make) -> Asked:
    asked = Asked(session, make)
    health = make.agency("Community Health", sector=make.sector("Health"))
    courses = {title: make.course(title) for title in (BABIES, NEGLECT, ABUSE)}
    for number, ((title, held_on), steps) in enumerate(SAID.items()):
        event = asked.held(courses[title], held_on, ref=f"D{number}")
        asked.people(event, health, len(steps) + 6, len(steps), stage=Stage.ON_THE_DAY)
        for place, step in enumerate(steps):
            words = "The case was ours." if place == 0 else SECRET if place == 1 else ""
            state = TextState.HELD if place == 1 else TextState.SHOWN
            asked.sheet(
                SurveyKind.ON_THE_DAY,
                event,
                f"{number}-{place}",
                agree=step,
                words=words,
                state=state,
                is_example=place < 2,
            )
    late = asked.held(courses[NEGLECT], date(2026, 1, 20), ref="OPEN")
    asked.people(late, health, 9, 8, stage=Stage.ON_THE_DAY)
    return asked


def test_the_day_is_told_by_course_and_half_year(
    days: Asked, make: Make, session: Session, work: Work, sign_in: Callable[[Person], FlaskClient]
) -> None:
    """One year of answers, looked at from every side: making it costs more than looking."""
    with counted_queries(session.get_bind()) as queries:  # type: ignore[arg-type]
        report = on_the_day_report(work, Selection(HALF))
    assert len(queries) <= 17
    _as_plain_loops_count_it(report)
    _by_course_and_half_year(report)
    _half_year_by_half_year(report)
    _one_course_is_a_part_of_what_all_tell(report, work, session)
    _in_the_yearly_report(report, work)
    _page_pdf_and_workbook_say_the_same(report, sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,))))


def _of_half() -> list[int]:
    return [step for (_, day), steps in SAID.items() if HALF.has(day) for step in steps]


def _as_plain_loops_count_it(report: OnTheDayReport) -> None:
    steps = _of_half()
    funnel = report.funnel
    assert funnel.events == 3
    assert [each.number for each in (funnel.attended, funnel.delivered, funnel.answered)] == [67, 67, len(steps)]
    [table] = [each for each in report.tables if each.words == "It was clear"]
    assert table.of == len(steps)
    assert [(row.words, row.people) for row in table.rows] == [
        ("Strongly agree", steps.count(5)),
        ("Agree", steps.count(4)),
        ("Neither or disagree", steps.count(3) + steps.count(2)),  # 3 said neither
        ("Strongly disagree", steps.count(1)),
    ]
    agreed = sum(step >= 4 for step in steps)
    assert [yes.shown for yes in report.totals] == [f"{100 * agreed / len(steps):.1f}% of {len(steps)}"]
    assert report.answer == f"Agreed with “It was clear”: {100 * agreed / len(steps):.1f}% of {len(steps)}."
    assert [each.words for each in report.to_come] == []
    assert [each.words for each in report.quotations] == ["The case was ours."]


def _by_course_and_half_year(report: OnTheDayReport) -> None:
    expected = []
    for (course, day), steps in sorted(SAID.items()):
        if HALF.has(day):
            agreed = sum(step >= 4 for step in steps)
            expected.append((HALF.words, course, len(steps), (f"{100 * agreed / len(steps):.1f}% of {len(steps)}",)))
    assert [(row.half, row.course, row.answers, row.cells) for row in report.rows] == expected


def _half_year_by_half_year(report: OnTheDayReport) -> None:
    [trend] = report.trend
    assert [(point.half.words, point.yes.shown, point.interval) for point in trend.points] == [
        (EARLIER, "48.0% of 25", "30.0% to 66.5%"),  # 12 of 25, Wilson
        (HALF.words, "67.3% of 49", "53.4% to 78.8%"),  # 33 of 49
    ]
    assert [point.verdict for point in trend.points] == ["", "no clear change"]


def _one_course_is_a_part_of_what_all_tell(report: OnTheDayReport, work: Work, session: Session) -> None:
    courses = {each.course: each.answers for each in report.rows}
    ids = {each.title: each.course_id for each in session.scalars(sa.select(CourseVersion))}
    of_one = on_the_day_report(work, Selection(HALF, course_id=ids[NEGLECT]))
    assert of_one.funnel.answered.number == courses[NEGLECT] == 15
    assert (of_one.funnel.attended.shown, of_one.funnel.is_whole) == ("hidden", False)
    assert [yes.shown for yes in of_one.totals] == ["60.0% of 15"]
    assert (of_one.rows, of_one.reach) == ((), ())


def _in_the_yearly_report(report: OnTheDayReport, work: Work) -> None:
    period = Period(HALF.from_on, HALF.to_on, HALF.words)
    content = gather_on_the_day(work, ReportQuestion(period))
    assert {each.name: each.value for each in content.figures}["day_answered"] == report.funnel.answered.number
    courses, trend = content.tables
    assert [row["answers"] for row in courses.rows] == [row.answers for row in report.rows]
    assert len(trend.rows) == 2
    assert gather_on_the_day(work, ReportQuestion(period, agency_id=1)).figures == ()


def _page_pdf_and_workbook_say_the_same(report: OnTheDayReport, chair: FlaskClient) -> None:
    page = chair.get("/on-the-day?period=2025-h1").get_data(as_text=True)
    reader = PdfReader(BytesIO(chair.get("/on-the-day.pdf?period=2025-h1").data))
    pdf = " ".join(" ".join(each.extract_text() for each in reader.pages).split())
    book = load_workbook(BytesIO(chair.get("/on-the-day.xlsx?period=2025-h1").data))
    cells = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    for words in (report.answer, *(row.cells[0] for row in report.rows), "53.4% to 78.8%", "The case was ours."):
        assert words in page
        assert words in pdf
    assert {row.cells[0] for row in report.rows} | {"53.4% to 78.8%", "The case was ours."} <= cells
    for whole in (page, pdf, *cells):
        assert SECRET not in whole
    nothing = chair.get("/on-the-day?period=2025-h2").get_data(as_text=True)
    assert "is told from" in nothing
