"""Whoever puts every page, file and answer about the same years side by side finds no small number of people.

What is read is what is printed to a chair: pages, workbooks, PDF, CSV and JSON, of several periods and courses.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag

from lms.frame.access import Role
from tests.house.recount.numbers import halves_named
from tests.house.recount.readings import Workbook, page_text, pdf_text, squeezed, workbook
from tests.house.recount.tables import Db
from tests.house.world import World
from tests.moments import NOW
from tests.reads_reach import LineRead, OneAsked, ReadsReach

ABOUT = "impact survey for events in"
OF_TABLES = {"By course": "course", "By sector": "sector", "By agency": "agency"}
STEPS = {
    "Attended or part attended": "attended",
    "Invited": "invited",
    "Delivered": "delivered",
    "Answered": "answered",
}
IN_REPORT = {f"survey_{step}": step for step in STEPS.values()}


def asked(world: World, halves: Sequence[date]) -> list[OneAsked]:
    """Everybody who was there, one by one, as the tables say."""
    with world.engine.connect() as connection:
        rows = Db(connection, NOW).stage("impact", halves).told
    return [
        OneAsked(row["half"], row["course"], row["sector"] or "No agency", row["agency"] or "No agency", _kind(row))
        for row in rows
    ]


def _kind(row: dict[str, object]) -> str:
    if row["answered"] is not None:
        return "answered"
    if row["sent_at"] is None:
        return "not_invited"
    return "silent" if row["bounced_at"] is None else "bounced"


def lines_of_book(book: Workbook) -> list[LineRead]:
    found = []
    for title, by in OF_TABLES.items():
        for name, *cells in book[title]:
            parent, (delivered, answered, _) = (cells[0], cells[1:]) if by == "agency" else ("", cells)
            if name != "All sectors":
                found.append(LineRead(by, name, str(delivered), str(answered), parent))
    return found


def lines_of_page(html: str) -> list[LineRead]:
    found = []
    for table in BeautifulSoup(html, "html.parser").select("table"):
        words = table.caption.get_text() if table.caption else ""
        if not words.startswith("Delivered, answered and response rate by "):
            continue
        for row in table.select("tbody tr"):
            head, delivered, answered, *_ = row.select("th, td")
            soft = head.select_one(".gt-soft")
            parent = soft.extract().get_text() if isinstance(soft, Tag) else ""
            by = words.rsplit(" ", 1)[1]
            found.append(LineRead(by, head.get_text().strip(), delivered.get_text(), answered.get_text(), parent))
    return found


def read_impact(world: World, reads: ReadsReach, periods: Sequence[str]) -> None:
    """The workbook of each period; page and PDF say what it says."""
    chair = world.browser(Role.CHAIR.value)
    for period in periods:
        book = workbook(chair.get(f"/impact.xlsx?period={period}").data)
        halves = book.halves("Who answered", ABOUT)
        steps = {STEPS[row[0]]: row[1] for row in book["Who answered"] if row[0] in STEPS}
        if not book["By course"]:
            continue
        reads.steps(halves, steps)
        reads.lines(halves, lines_of_book(book))
        if period != "all":
            continue
        html = chair.get(f"/impact?period={period}").get_data(as_text=True)
        assert sorted(map(str, lines_of_page(html))) == sorted(map(str, lines_of_book(book)))
        for text in (page_text(html), pdf_text(chair.get(f"/impact.pdf?period={period}").data)):
            for shown in steps.values():
                assert squeezed(shown) in squeezed(text), (period, shown)


def read_courses(world: World, reads: ReadsReach, periods: Sequence[str], courses: Sequence[str]) -> None:
    """The report of each course: how many letters arrived and who answered."""
    chair = world.browser(Role.CHAIR.value)
    for period in periods:
        for number in courses:
            book = workbook(chair.get(f"/impact.xlsx?period={period}&course={number}").data)
            steps = {STEPS[row[0]]: str(row[1]) for row in book["Who answered"] if row[0] in STEPS}
            halves = book.halves("Who answered", ABOUT)
            titles = {name for (name,) in reads.names["course"]}
            about = next(each for each in book.notes["Who answered"].splitlines() if ABOUT in each)
            named = [title for title in titles if title.partition(":")[0] in about]
            if set(steps) == {"delivered", "answered"} and len(named) == 1 and steps["delivered"] != "0":
                reads.lines(halves, [LineRead("course", named[0], steps["delivered"], steps["answered"])])


def yearly(world: World, years: Sequence[int]) -> Iterator[tuple[Sequence[date], dict[str, str]]]:
    """What the yearly figures print of it, as CSV and JSON."""
    chair = world.browser(Role.CHAIR.value)
    for year in years:
        period = f"period={date(year, 4, 1)}_{date(year + 1, 3, 31)}"
        told = json.loads(chair.get(f"/figures.json?{period}").data)["measures"]
        rows = list(csv.DictReader(io.StringIO(chair.get(f"/figures.csv?{period}").get_data(as_text=True))))
        shown = {name: told[name]["shown"] for name in IN_REPORT if name in told}
        assert {row["measure"]: row["shown"] for row in rows if row["measure"] in shown} == shown
        if shown:
            definition = told["survey_answered"]["definition"]
            yield halves_named(definition), {IN_REPORT[name]: words for name, words in shown.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demonstration", "fifty_four"])
def test_nobody_is_found_by_putting_every_door_side_by_side(worlds: Callable[[str], World], name: str) -> None:
    world = worlds(name)
    page = BeautifulSoup(world.browser(Role.CHAIR.value).get("/impact?period=all").data, "html.parser")
    periods = [str(each["value"]) for each in page.select("#period option")]
    courses = [str(each["value"]) for each in page.select("#course option") if each["value"]]
    book = workbook(world.browser(Role.CHAIR.value).get("/impact.xlsx?period=all").data)
    halves = book.halves("Who answered", ABOUT)
    reads = ReadsReach(asked(world, halves))
    assert len(reads.known.truth) > 50
    halves_told = [each for each in periods if each.endswith(("-h1", "-h2"))]
    read_impact(world, reads, ["all", *halves_told[-3:]])
    read_courses(world, reads, ["all"], courses[:3])
    for of_halves, steps in yearly(world, [max(halves).year - 1]):
        reads.steps(of_halves, steps)
    assert reads.finds() == []
