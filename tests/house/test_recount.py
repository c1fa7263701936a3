"""The chair's reports, cell by cell, against a count of its own: page, PDF, workbook, API, and the yearly report.

Of the demonstration and of a partnership with few answers (`tests/house/fifty_four.py`).
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lms.frame.access import Role
from tests.house.recount import beside, change, impact
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
LATER, MANAGERS = "Delegates, three months on", "Line managers"
ABOUT = "impact survey for events in"
SELECTED = [("demonstration", "all"), ("demonstration", "2025-h1"), ("fifty_four", "all"), ("fifty_four", "2024-h2")]
Worlds = Callable[[str], World]


@pytest.fixture
def worlds(request: pytest.FixtureRequest) -> Worlds:
    """The two partnerships, by name."""
    names = {"demonstration": "sqlite_world", "fifty_four": "fifty_four"}
    return lambda name: request.getfixturevalue(names[name])


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


OF_TABLES = {
    "change_by_practice": "Change",
    "impact_how_many_said_what": "How many said what",
    "impact_half_years": "Half-years",
    "impact_who_did_not_answer": "Who did not answer",
    "impact_ways": "Ways",
    "impact_beside_those_who_waited": "Beside those who waited",
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
def test_the_api_and_the_yearly_report_say_the_same(
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
