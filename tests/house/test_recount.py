"""The chair's reports, cell by cell, against a count of its own: page, PDF, workbook, API, and the yearly report.

Of the demonstration and of a partnership with few answers (`tests/house/fifty_four.py`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lms.frame.access import Role
from tests.house.recount import beside, change, impact
from tests.house.recount.practices import Practices
from tests.house.recount.readings import Workbook, not_on, page_text, pdf_text, workbook
from tests.house.recount.tables import Db
from tests.house.world import World
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
