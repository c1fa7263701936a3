"""The report on impact, on both databases: funnel, sectors, change, choices, and what nobody may work out."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import product

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from courses.coverage.models import Coverage
from courses.coverage.rules import How
from lms.frame.access import PUBLIC, Role
from lms.frame.work import Work
from lms.kit.figures import Period, ReportQuestion
from lms.people.models import Person
from reviews.cases.rules import Publication
from reviews.learning.models import Evidence
from reviews.learning.queries import find_point_by_ref
from reviews.learning.rules import EvidenceKind, Verdict
from surveys.free_text.rules import TextState
from surveys.impact.figures import impact_report
from surveys.impact.levels.figures import level_rows
from surveys.impact.sections import gather_difference, gather_response
from surveys.impact.selected.figures import point_selected
from surveys.invitations.rules import Route
from surveys.pairs.models import RouteCount
from surveys.pairs.rules import Side
from surveys.questions.rules import SurveyKind
from surveys.selection.rules import Selection, Span, told_from
from surveys.stages.rules import Stage
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries
from tests.surveys.people import Asked

YEAR = Span("2025", date(2025, 4, 1), date(2026, 3, 31), "the financial year 2025-26")
HALF = Span("2025-h1", date(2025, 4, 1), date(2025, 9, 30), "April to September 2025")
BABIES, NEGLECT = "Safer babies: the first year", "Neglect: seeing it"
SECRET = "Ask for Kestrel"


@pytest.fixture
def year(asked: Asked, make: Make) -> Asked:
    """Three events of two courses in a half that is complete; one whose few answers wait; one still open."""
    babies, neglect = make.course(BABIES), make.course(NEGLECT)
    health = make.agency("Community Health", sector=make.sector("Health"))
    police = make.agency("Rowan Police", sector=make.sector("Police"))
    probation = make.agency("Probation Service", sector=make.sector("Probation"))
    trainer = make.person("Tove Larch", roles=(Role.TRAINER,))
    first = asked.held(babies, date(2025, 5, 6), trainers=[trainer], ref="ONE")
    asked.people(first, health, 12, 7, bounced=1, no_address=1)
    asked.people(first, police, 8, 6)
    asked.people(first, probation, 4, 2)
    second = asked.held(neglect, date(2025, 6, 3), ref="TWO")
    asked.people(second, health, 9, 3)
    third = asked.held(babies, date(2025, 7, 1), ref="THREE")
    asked.people(third, police, 6, 5)
    asked.people(asked.held(neglect, date(2026, 2, 3), ref="OPEN"), health, 9, 8)
    asked.pairs(first, *[(5, 8, 7)] * 4, (6, 8, 8), (7, None, 6))
    asked.pairs(first, *[(0, None, 9)] * 6, side=Side.AFTER)
    for number in range(6):
        asked.sheet(SurveyKind.IMPACT, first, f"n{number}", options=(0,))
    for number in range(6):
        words = "I ask who sleeps here." if number == 0 else SECRET if number == 1 else ""
        state = TextState.HELD if number == 1 else TextState.SHOWN
        asked.sheet(
            SurveyKind.IMPACT, third, f"u{number}", 9, options=(0, 1), words=words, state=state, is_example=number < 2
        )
    asked.managers(first, 5)
    for number in range(5):
        asked.sheet(SurveyKind.MANAGERS_VIEW, first, f"m{number}", agree=5)
    ways = (first, Route.LETTER, 10), (first, Route.PAPER, 5), (second, Route.LETTER, 3), (third, Route.LETTER, 5)
    for event, route, people in ways:
        asked.session.add(RouteCount(event_id=event.id, stage=Stage.IMPACT, route=route, people=people))
    point = make.learning_point(ref="LP-1", addressed_since=(date(2025, 4, 1),))
    covered = {"how": How.TAUGHT, "since_on": date(2025, 4, 1), "created_at": NOW}
    asked.session.add(Coverage(course_version_id=babies.current.id, learning_point_id=point.id, **covered))
    practice, *_ = asked.versions[SurveyKind.IMPACT].questions
    practice.learning_point_id, practice.kirkpatrick = point.id, 3
    asked.versions[SurveyKind.MANAGERS_VIEW].questions[3].kirkpatrick = 4
    asked.session.flush()
    return asked


def test_the_report_is_right_and_nothing_small_can_be_worked_out(year: Asked, make: Make, work: Work) -> None:
    """One year of answers, looked at from every side: making it costs more than looking."""
    _funnel_change_and_choices(work)
    _sectors_are_told_for_whole_halves_with_small_ones_together(work)
    _no_two_reports_differ_by_a_small_number(work)
    _the_yearly_report_has_both_sections_and_none_for_one_agency(work)
    _what_questions_are_about_is_told(year, make, work)
    _more_events_need_no_more_queries(year, make, work)


def _funnel_change_and_choices(work: Work) -> None:
    report = impact_report(work, Selection(YEAR))
    funnel = report.funnel
    steps = [each.shown for each in (funnel.attended, funnel.invited, funnel.delivered, funnel.answered)]
    assert steps == ["29 to 32", "29 to 32", "28", "20"]  # 30 were there, 29 invited: one each is nobody's business
    assert (funnel.events, funnel.rate, funnel.reach) == (2, "71.4%", "at least 90.6%")
    # the second event waits, with its 3 answers and 9 people
    assert ((funnel.not_invited.shown, funnel.bounced.shown), funnel.reasons) == (("hidden", "fewer than 5"), ())
    assert report.who.routes is not None
    assert report.who.routes.of == funnel.answered.number  # those who wait are in neither
    assert [(each.words, told_from(each)) for each in report.to_come] == [
        ("October 2025 to March 2026", date(2026, 8, 29))
    ]
    assert [(row.name, row.answered.shown) for row in report.courses] == [("Safer babies: the first year", "20")]
    practice = report.changes.practices[0].change
    assert (practice.matched, practice.shown, practice.interval) == (6, "+1.5", "0.2 to 2.8")
    assert (report.changes.matched, report.changes.unpaired) == (6, 6)
    assert report.answer == "The one practice compared is stronger three months on."
    assert (practice.on_the_day, practice.day_people) == (8.0, 5)
    told = report.changes.practices[0].distribution
    assert told is None  # six of one half-year: who said what would be found
    [hindered] = report.choices
    assert hindered.counted == "several choices, of 12 answers"
    assert [(row.words, row.shown, row.share) for row in hindered.rows] == [
        ("Time", "12", "100.0%"),
        ("System", "6", "50.0%"),
        ("Nothing", "0", "0.0%"),
    ]
    managers = report.managers_funnel
    steps = [each.shown for each in (managers.invited, managers.delivered, managers.answered)]
    assert (steps, managers.rate) == (["23", "23", "5"], "21.7%")
    clear = next(each for each in report.managers if not each.is_several)
    assert [(row.words, row.shown) for row in clear.rows] == [
        ("Strongly agree", "5"),
        ("Agree", "0"),
        ("Neither", "0"),
        ("Disagree", "0"),
        ("Strongly disagree", "0"),
    ]
    assert [each.words for each in report.examples] == ["I ask who sleeps here."]


def _sectors_are_told_for_whole_halves_with_small_ones_together(work: Work) -> None:
    half = impact_report(work, Selection(HALF)).sectors
    assert [(row.name, row.delivered.shown, row.answered.shown) for row in half.sectors] == [
        ("Health, Police and Probation, together", "28", "20")  # of Police 3 did not answer, of Probation 2 did
    ]
    assert half.total is not None
    assert half.total.answered.number == 20
    assert half.agencies == ()
    course = impact_report(work, Selection(HALF, course_id=1)).sectors
    assert course.total is None
    assert "all courses together" in course.why_not


def _no_two_reports_differ_by_a_small_number(work: Work) -> None:
    """Every pair of selections that a reader can make, by course and by dates: answered, matched, each option."""
    spans = [Span("", date(2025, 4, 1), date(2025, month, 28), "") for month in (5, 7, 9)]
    spans += [HALF, YEAR, Span("", date(2025, 6, 1), date(2026, 3, 31), "")]
    seen: list[Counter[str]] = []
    for span, course_id in product(spans, (None, 1, 2)):
        report = impact_report(work, Selection(span, course_id=course_id))
        numbers = Counter({"answered": report.funnel.answered.number or 0, "matched": report.changes.matched})
        for table in (*report.choices, *report.managers):
            numbers.update({f"{table.code} {row.words}": row.people or 0 for row in table.rows})
        seen.append(numbers)
    assert len({str(each) for each in seen}) >= 2
    for one, other in product(seen, repeat=2):
        assert not [name for name in one if 0 < one[name] - other[name] < 5]


def _the_yearly_report_has_both_sections_and_none_for_one_agency(work: Work) -> None:
    question = ReportQuestion(Period(YEAR.from_on, YEAR.to_on, "the financial year 2025-26"))
    response = {each.name: each for each in gather_response(work, question).figures}
    assert (response["response_rate"].shown, response["response_rate"].denominator) == ("71.4%", 28)
    assert response["reach_of_invitation"].shown == "at least 90.6%"
    assert (response["survey_bounced"].shown, response["survey_bounced"].value) == ("fewer than 5", None)
    difference = gather_difference(work, question)
    assert difference.tables[0].rows[0]["change"] == "+1.5"
    one = ReportQuestion(question.period, agency_id=1)
    assert gather_response(work, one).figures == gather_difference(work, one).figures == ()


def _what_questions_are_about_is_told(year: Asked, make: Make, work: Work) -> None:
    """By level, with who says so; by learning point only the questions about it, and an embargoed one nowhere."""
    other = make.learning_point(ref="LP-2")
    point = find_point_by_ref(work.session, PUBLIC, "LP-1")
    counted = {"title": "Audit of files", "finding": "Better", "verdict": Verdict.PARTLY, "recorded_at": NOW}
    for day, met in ((date(2025, 3, 1), 14), (date(2025, 10, 1), 31)):
        audit = {"kind": EvidenceKind.AUDIT, "dated_on": day, "met": met, "of_all": 40}
        work.session.add(Evidence(learning_point_id=point.id, **audit, **counted))
    work.session.flush()
    report = impact_report(work, Selection(YEAR))
    assert level_rows(report.levels) == [
        (
            "3 Behaviour",
            "I ask about every adult",
            "Delegates, before and three months on",
            "Stronger (+1.5, 0.2 to 2.8)",
        ),
        ("4 Results", "It was clear", "Line managers", "5 of 5 agree (100.0%)"),
        (
            "4 Results",
            f"LP-1 {point.text}",
            "Audit of files, Wednesday 1 October 2025",
            "31 of 40 (77.5%). Before, 14 of 40 (35.0%)",
        ),
    ]
    [line] = report.points.rows
    assert line[1:] == ("I ask about every adult", 6, "5.5 to 7.0", "+1.5", "0.2 to 2.8", "stronger")
    of_point = impact_report(work, point_selected(work, point.id, YEAR))
    assert [each.words for each in of_point.changes.practices] == ["I ask about every adult"]
    assert (of_point.choices, of_point.managers, of_point.examples) == ((), (), ())
    of_other = impact_report(work, point_selected(work, other.id, YEAR))
    assert of_other.answer == "No question asks about it yet."
    point.review = make.review(publication=Publication.EMBARGOED)
    work.session.flush()
    hidden = impact_report(work, Selection(YEAR))
    assert hidden.points.rows == []
    assert "LP-1" not in str(level_rows(hidden.levels))


def test_the_chair_reads_page_pdf_and_workbook_and_names_nobody(
    year: Asked, make: Make, sign_in: Callable[[Person], FlaskClient]
) -> None:
    chair = sign_in(make.person("Odette Marlingford", roles=(Role.CHAIR,)))
    page = chair.get("/impact?period=2025").get_data(as_text=True)
    text = " ".join(page.split())
    assert "<strong>The one practice compared is stronger three months on.</strong>" in text
    assert "October 2025 to March 2026 is told from Saturday 29 August 2026." in text
    asked = "23 line managers were asked, 23 emails were delivered, 5 answered (21.7% of those delivered)."
    assert asked in text
    assert "I ask who sleeps here." in text
    assert SECRET not in text
    assert "Person 1" not in text
    document = PdfReader(BytesIO(chair.get("/impact.pdf?period=2025").data))
    words = " ".join(each.extract_text() for each in document.pages)
    assert "+1.5" in words
    assert SECRET not in words
    book = load_workbook(BytesIO(chair.get("/impact.xlsx?period=2025").data))
    sectors = [cell.value for cell in book["By sector"][2]]
    assert sectors == ["Health, Police and Probation, together", 28, 20, "71.4%"]
    assert [row[0].value for row in book["Change"].iter_rows(max_row=2)][1] == "I ask about every adult"
    assert chair.get("/impact?point=LP-1").status_code == 200
    assert chair.get("/impact?point=nothing").status_code == 404
    assert chair.get("/impact?period=1&course=x&trainer=9").status_code == 200
    delegate = sign_in(make.person("Amara"))
    assert delegate.get("/impact").status_code == 403


def _more_events_need_no_more_queries(year: Asked, make: Make, work: Work) -> None:
    engine = work.session.get_bind()
    everything = Span("all", date(2025, 1, 1), date(2026, 3, 31), "all")
    with counted_queries(engine) as few:
        impact_report(work, Selection(everything))
    course = make.course("Sharing information")
    for month in range(4, 9):
        event = year.held(course, date(2025, month, 10))
        year.people(event, make.agency(f"School {month}"), 6, 5)
        year.pairs(event, *[(3, 5, 6)] * 5)
    work.session.expire_all()
    with counted_queries(engine) as more:
        report = impact_report(work, Selection(everything))
    assert report.funnel.events == 7
    assert len(more) == len(few) <= 29
