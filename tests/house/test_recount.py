"""The chair's reports, cell by cell, against a count of its own: page, PDF, workbook, API, and the yearly report.

Of the demonstration and of a partnership with few answers (`tests/house/fifty_four.py`).
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from lms.frame.access import Role, program
from lms.frame.work import Work
from tests.house.fifty_four import FewAnswers
from tests.house.recount import beside, change, day, impact, workforce
from tests.house.recount.practices import Practices
from tests.house.recount.printed import said
from tests.house.recount.readings import Workbook, not_on, page_text, pdf_text, workbook
from tests.house.recount.tables import Db
from tests.house.world import API_TOKEN, World
from tests.moments import NOW

OF_LINES, OF_ALL = range(4), range(9)
IN_PDF = {
    "Who did not answer": range(6),
    "Ways": range(3),
    "Change": OF_ALL,
    "How many said what": range(4),
    "Half-years": range(7),
    "By course": OF_LINES,
    "By sector": OF_LINES,
    "By agency": range(5),
    "Choices": (1,),
    "Managers": (1,),
    "Themes": range(2),
}
ON_PAGE = {
    **{title: places for title, places in IN_PDF.items() if title not in ("Change", "Half-years")},
    **dict.fromkeys(("Choices", "Managers"), (1, 2, 4)),
}
DAY_IN_PDF = {"What they said": (1,), "By course": (0, 1, 2), "Half-years": range(4)}
DAY_ON_PAGE = {
    "What they said": (1, 2, 4),
    "By course": (1, 0, 2),
    "Half-years": range(4),
    "Response by course": range(4),
    "Themes": range(2),
}
LATER, MANAGERS = "Delegates, three months on", "Line managers"
ABOUT, DAY_ABOUT = "impact survey for events in", "evaluation on the day of events in"
SELECTED = [
    ("demonstration", "all"),
    ("demonstration", "2025-h1"),
    ("fifty_four", "all"),
    ("fifty_four", "2024-h2"),
    ("postgresql", "all"),
]
Worlds = Callable[[str], World]


@pytest.fixture
def tokens(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """What opens the API of each."""
    return lambda name: API_TOKEN if name == "demonstration" else request.getfixturevalue("few_answers").filled.token


@contextmanager
def tables(world: World) -> Iterator[Db]:
    with world.engine.connect() as connection:
        yield Db(connection, NOW)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "span"), SELECTED)
def test_every_cell_of_the_report_on_impact_is_what_the_tables_say(worlds: Worlds, name: str, span: str) -> None:
    world = worlds(name)
    chair = world.browser(Role.CHAIR.value)
    book = workbook(chair.get(f"/impact.xlsx?period={span}").data)
    with tables(world) as db:
        assert wrong_cells(db, book) == []
    page = page_text(chair.get(f"/impact?period={span}").get_data(as_text=True))
    assert not_on(page, book, ON_PAGE) == []
    assert not_on(pdf_text(chair.get(f"/impact.pdf?period={span}").data), book, IN_PDF) == []


def wrong_cells(db: Db, book: Workbook) -> list[tuple[object, ...]]:
    """Of all courses together."""
    halves = book.halves("Who answered", ABOUT)
    assert halves
    assert book["Choices"]
    made = change.groups_of(book, Practices(db))
    later, managers, practices = db.stage("impact", halves), db.stage("managers_view", halves), Practices(db)
    return [
        *impact.who_answered(book, later, managers),
        *impact.ways(book, later),
        *impact.tables_of_lines(book, later),
        *impact.agencies(book, later),
        *impact.choices(book["Choices"], "Choices", later),
        *impact.choices(book["Managers"], "Managers", managers),
        *impact.themes(book, [later, managers]),
        *impact.examples(book, [later, managers]),
        *change.changes(book, practices),
        *change.distributions(book, practices),
        *change.half_years(book, practices),
        *change.starts(book, practices),
        *change.headline(headline_of(book), book.notes["Change"], made),
        *beside.beside(book, practices),
        *beside.points(book, practices),
        *beside.levels(book, practices, {LATER: later, MANAGERS: managers}, made),
        *impact.same_people(book, "Choices", "Answered", later),
        *impact.same_people(book, "Managers", "Managers’ views", managers),
        *impact.negatives(book["Choices"], later),
        *impact.negatives(book["Managers"], managers),
    ]


def headline_of(book: Workbook) -> str:
    """The answer first: the sentence about practices."""
    found = [
        each for each in book.notes["Change"].splitlines() if re.match("(Of|All) .* practices|The one|Nothing", each)
    ]
    return found[0]


def wrong_cells_of_course(db: Db, book: Workbook, course_id: int) -> list[tuple[object, ...]]:
    """Of one course: what it tells by itself of the half-years in which it may."""
    halves, courses = book.halves("Who answered", ABOUT), [course_id]
    later, managers = db.stage("impact", halves, courses), db.stage("managers_view", halves, courses)
    practices = Practices(db, course_id)
    made = change.groups_of(book, practices, courses)
    return [
        *impact.who_answered(book, later, managers),
        *impact.choices(book["Choices"], "Choices", later, is_whole=False),
        *impact.choices(book["Managers"], "Managers", managers, is_whole=False),
        *impact.themes(book, [later, managers]),
        *change.changes(book, practices, courses),
        *change.distributions(book, practices, courses),
        *change.half_years(book, practices, courses),
        *change.headline(headline_of(book), book.notes["Change"], made),
        *beside.beside(book, practices, courses),
    ]


@pytest.mark.slow
def test_four_of_five_true_pairs_are_told_and_check_finds_nothing(few_answers: FewAnswers) -> None:
    """Whoever answered before and three months on, by what they sent; and `lms check`, of this database alone."""
    world = few_answers.world
    book = workbook(world.browser(Role.CHAIR.value).get("/impact.xlsx?period=all").data)
    assert list(change.pairs_of_truth(book, few_answers.filled.true_pairs)) == []
    with world.app.app_context(), Session(world.engine) as session:
        work = Work(session=session, actor=program("house test"), now=NOW, site=world.site)
        checks = [each for each in world.site.checks if each.name != "signin.providers"]
        assert {each.name: found for each in checks if (found := list(each.find(work)))} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demonstration", "fifty_four"])
def test_the_report_on_each_course_is_what_the_tables_say(worlds: Worlds, name: str) -> None:
    world = worlds(name)
    chair = world.browser(Role.CHAIR.value)
    wrong: list[tuple[object, ...]] = []
    told = 0
    with tables(world) as db:
        for course_id in sorted({each["course_id"] for each in db.stage("impact", ()).events.values()}):
            book = workbook(chair.get(f"/impact.xlsx?period=all&course={course_id}").data)
            if not book["Who answered"]:
                assert set(book.rows) == {"Who answered"}  # as on the page: nothing but why nothing is told
                continue
            wrong += [(course_id, *each) for each in wrong_cells_of_course(db, book, course_id)]
            told += bool(book["Change"])
    assert wrong == []
    assert told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "span"), [("demonstration", "all"), ("fifty_four", "all")])
def test_every_cell_of_what_people_said_on_the_day_is_what_the_tables_say(worlds: Worlds, name: str, span: str) -> None:
    world = worlds(name)
    chair = world.browser(Role.CHAIR.value)
    book = workbook(chair.get(f"/on-the-day.xlsx?period={span}").data)
    with tables(world) as db:
        assert day.wrong_cells(db, book) == []
        said_no = impact.noes(book["What they said"], db.stage("on_the_day", book.halves("Who answered", DAY_ABOUT)))
    page = page_text(chair.get(f"/on-the-day?period={span}").get_data(as_text=True))
    pdf = pdf_text(chair.get(f"/on-the-day.pdf?period={span}").data)
    assert not_on(page, book, DAY_ON_PAGE) == []
    assert not_on(pdf, book, DAY_IN_PDF) == []
    assert said_no
    for text in (page, pdf):
        assert impact.not_seen(text, said_no) == []


@pytest.mark.slow
def test_every_cell_of_the_rounds_is_what_the_tables_say(sqlite_world: World) -> None:
    """Workforce surveys with the workforce, and beside the round before."""
    chair = sqlite_world.browser(Role.CHAIR.value)
    compared = 0
    with tables(sqlite_world) as db:
        rounds = db.rows("SELECT id, version_id FROM survey_round WHERE let_out_at IS NOT NULL ORDER BY id")
        for each in rounds:
            book = workbook(chair.get(f"/workforce/{each['id']}.xlsx").data)
            assert workforce.wrong_cells(db, book, each) == []
            page = page_text(chair.get(f"/workforce/{each['id']}").get_data(as_text=True))
            assert not_on(page, book, {"Compared": range(7)}) == []
            compared += len(book["Compared"])
    assert rounds
    assert compared


OF_TABLES = {
    "change_by_practice": "Change",
    "impact_how_many_said_what": "How many said what",
    "impact_half_years": "Half-years",
    "impact_who_did_not_answer": "Who did not answer",
    "impact_ways": "Ways",
    "impact_beside_those_who_waited": "Compared with people who waited",
    "impact_what_they_know": "What they know",
    "impact_what_they_meant_on_the_day": "What they meant on the day",
    "impact_looking_back": "Looking back",
    "impact_by_level": "By level",
    "impact_by_point": "Learning points",
}
"""The tables of the yearly report and the API, and the sheets of the workbook that say the same."""
MEASURES = {
    "survey_attended": "Attended or part attended",
    "survey_invited": "Invited",
    "reach_of_invitation": "Reach of the invitation",
    "survey_delivered": "Delivered",
    "survey_answered": "Answered",
    "response_rate": "Response rate",
    "matched_people": "Matched",
    "unpaired_answers": "Unpaired answers",
    "managers_invited": "Line managers asked",
    "managers_delivered": "Delivered to managers",
    "managers_views": "Managers’ views",
    "managers_response_rate": "Managers’ response rate",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "span", "days"),
    [
        ("demonstration", "2025-h1", ("2025-04-01", "2025-09-30")),
        ("fifty_four", "all", ("2024-10-01", "2025-09-30")),
    ],
)
def test_the_api_and_the_yearly_report_say_the_same_and_by_no_door_a_no_is_hidden(
    worlds: Worlds, tokens: Callable[[str], str], name: str, span: str, days: tuple[str, str]
) -> None:
    world = worlds(name)
    book = workbook(world.browser(Role.CHAIR.value).get(f"/impact.xlsx?period={span}").data)
    asked = {"path": f"/api/v1/figures/annual?from={days[0]}&to={days[1]}"}
    answered = world.app.test_client().get(**asked, headers={"Authorization": f"Bearer {tokens(name)}"})
    assert answered.status_code == 200, answered.text
    told = answered.json
    assert told is not None
    assert {each: told["measures"][each]["shown"] for each in MEASURES} == {
        each: said(book.value("Who answered", words)) for each, words in MEASURES.items()
    }
    command = ["report", "annual", "--from", days[0], "--to", days[1]]
    yearly = json.loads(world.app.test_cli_runner().invoke(args=command).output)
    for table, title in OF_TABLES.items():
        assert told.get(table) == yearly.get(table), table
        rows = [tuple(map(said, row.values())) for row in yearly.get(table, [])]
        assert rows == [tuple("" if cell == "not asked" else said(cell) for cell in row) for row in book[title]], table
    assert told["impact_choices"] == yearly["impact_choices"]
    chosen = [tuple(map(said, row.values())) for row in yearly["impact_choices"]]
    assert chosen == [tuple(map(said, row)) for row in (*book["Choices"], *book["Managers"])]
    with tables(world) as db:
        halves = book.halves("Who answered", ABOUT)
        said_no = [
            *impact.noes(book["Choices"], db.stage("impact", halves)),
            *impact.noes(book["Managers"], db.stage("managers_view", halves)),
        ]
    assert len({row[0] for row in said_no}) > 1
    assert {tuple(map(said, row)) for row in said_no} <= set(chosen)
    chair = world.browser(Role.CHAIR.value)
    page = page_text(chair.get(f"/impact?period={span}").get_data(as_text=True))
    for text in (page, pdf_text(chair.get(f"/impact.pdf?period={span}").data)):
        assert impact.not_seen(text, said_no) == []
