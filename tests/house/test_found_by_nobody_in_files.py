"""Whoever puts the figures of a year side by side, live and published, and knows the rules, finds no small number.

Nor by who is up to date, whom a learning point reached, and who answered a round.
"""

import csv
import io
import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from courses.figures.queries import PeriodRecords, facts_of
from courses.figures.sections import COUNTED_TYPES
from lms.frame.access import Role
from lms.kit.figures import ReportQuestion
from lms.kit.telling.numbers import is_small
from lms.reports.models import YearlyReport
from lms.reports.rules import financial_year, quarters_of
from tests.adversary import Adversary
from tests.house.gathering import gathered_once
from tests.house.recount.readings import Workbook, pdf_text, squeezed, workbook
from tests.house.recount.tables import Db
from tests.house.world import World
from tests.moments import NOW
from tests.reads_shares import ALL as EVERYBODY
from tests.reads_shares import ReadsShares
from tests.reads_year import MEASURES, ReadsYear, is_among


def facts(world: World, year: int) -> PeriodRecords:
    """Every claim of a year and how it ended: what the telling starts from."""
    with Session(world.engine) as session:
        return facts_of(session, ReportQuestion(financial_year(year)))


def read_programme(world: World, reads: ReadsYear, year: int) -> dict[str, str]:
    """The year and its quarters as JSON; CSV, workbook and PDF of the year say what it says. Measures by title."""
    chair, whole, titles = world.browser(Role.CHAIR.value), financial_year(year), dict[str, str]()
    for quarter, period in ((None, whole), *enumerate(quarters_of(whole))):
        asked = f"period={period.from_on}_{period.to_on}"
        told = json.loads(chair.get(f"/figures.json?{asked}").data)
        measures = told["measures"]
        reads.measures(quarter, {name: each["shown"] for name, each in measures.items()}, _parts(measures))
        reads.tables({name: told[name] for name in PROGRAMME if name in told})
        titles |= {each["title"]: name for name, each in measures.items()}
        if quarter is not None:
            continue
        book = workbook(chair.get(f"/figures.xlsx?{asked}").data)
        assert [(row[1], row[3]) for row in book["Measures"]] == [(e["title"], e["shown"]) for e in measures.values()]
        for name, title in PROGRAMME.items():
            assert [_as_words(row.values()) for row in told[name]] == [_as_words(row) for row in book[title]]
        rows = list(csv.DictReader(io.StringIO(chair.get(f"/figures.csv?{asked}").get_data(as_text=True))))
        shown = {row["measure"]: row["shown"] for row in rows if row["table"] == "measures"}
        assert shown == {name: each["shown"] for name, each in measures.items()}
        printed = squeezed(pdf_text(chair.get(f"/figures.pdf?{asked}").data))
        assert [name for name in MEASURES if squeezed(measures[name]["shown"]) not in printed] == []
    return titles


def read_published(world: World, reads: ReadsYear, year: int, titles: Mapping[str, str]) -> int:
    """What the published reports of a year froze, as their workbooks say it. `titles`: measures by their titles."""
    chair, told = world.browser(Role.CHAIR.value), 0
    with Session(world.engine) as session:
        query = sa.select(YearlyReport).where(YearlyReport.published_at.is_not(None))
        numbers = [each.id for each in session.scalars(query) if each.from_on == financial_year(year).from_on]
    for number in numbers:
        book = workbook(chair.get(f"/reports/{number}.xlsx").data)
        rows = {titles[row[1]]: row for row in book["Measures"] if row[1] in titles}
        parts = {name: row[4] for name, row in rows.items() if row[4] is not None}
        reads.measures(None, {name: row[3] for name, row in rows.items()}, parts)
        reads.tables({name: _by_name(book, title) for name, title in PROGRAMME.items()})
        told += len(book["By agency"])
    return told


PROGRAMME = {"by_sector": "By sector", "by_agency": "By agency", "by_course": "By course", "by_type": "By type"}
HEADS = {
    "Code": "code",
    "Agency": "agency",
    "Sector": "sector",
    "Course": "course",
    "Type": "type",
    "Bookings": "bookings",
    "Attended, had booked": "attended_booked",
    "Different people": "distinct_people",
}


def _by_name(book: Workbook, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet, as an answer of the API names their cells."""
    code = "agency_code" if title == "By agency" else "course_code"
    heads = [code if head == "Code" else HEADS.get(str(head), str(head)) for head in book.heads.get(title, ())]
    return [dict(zip(heads, row, strict=True)) for row in book[title]]


def _parts(measures: Mapping[str, Mapping[str, Any]]) -> dict[str, object]:
    """Of rates how many, where that is printed."""
    return {name: each["numerator"] for name, each in measures.items() if each.get("numerator") is not None}


def _as_words(cells: Iterable[object]) -> list[str]:
    return ["" if each is None else str(each) for each in cells]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "year"), [("demonstration", 2025), ("fifty_four", 2024)])
def test_nobody_is_found_in_the_programme_of_a_year_and_its_quarters(
    worlds: Callable[[str], World], name: str, year: int
) -> None:
    """By every file, live and as it was published, together."""
    world = worlds(name)
    reads = ReadsYear(facts(world, year), world.site.setting(COUNTED_TYPES))
    assert sum(is_small(number) for number in reads.known.truth.values()) > 50
    with gathered_once():
        titles = read_programme(world, reads, year)
    frozen = read_published(world, reads, year, titles)
    assert frozen or name == "demonstration"
    assert reads.finds() == []


def table_rows(html: str, caption: str) -> list[list[str]]:
    """The rows of the table whose caption begins so, as words."""
    for table in BeautifulSoup(html, "html.parser").select("table"):
        if table.caption and " ".join(table.caption.get_text().split()).startswith(caption):
            rows = [[" ".join(cell.get_text().split()) for cell in row.select("th, td")] for row in table.select("tr")]
            return [row for row in rows if len(row) > 1]
    return []


def compliance_truth(world: World, whats: Iterable[str]) -> dict[tuple[Hashable, Hashable], tuple[int, int]]:
    """Of each course and level, agency by agency, what stands there for whoever sees the names."""
    office, found = world.browser(Role.COORDINATOR.value), dict[tuple[Hashable, Hashable], tuple[int, int]]()
    for what in whats:
        for name, *_, shown in table_rows(office.get(f"/up-to-date?{what}").get_data(as_text=True), "Up to date")[1:-1]:
            valid, of = (int(each.replace(",", "")) for each in shown.split(" of "))
            found[what, name] = of, valid
    return found


@pytest.mark.slow
def test_nobody_is_found_by_who_is_up_to_date(sqlite_world: World) -> None:
    """By every level, its courses, and the agencies of each: whoever is so with a course is so with its level."""
    chair = sqlite_world.browser(Role.CHAIR.value)
    html = chair.get("/up-to-date").get_data(as_text=True)
    levels = [
        [str(link["href"]).partition("?")[2] for link in body.select("a")]
        for body in BeautifulSoup(html, "html.parser").select("tbody")
    ]
    reads = ReadsShares(compliance_truth(sqlite_world, [what for each in levels for what in each]))
    shown = {
        str(row.a["href"]).partition("?")[2]: " ".join(row.select("td")[-1].get_text().split())
        for row in BeautifulSoup(html, "html.parser").select("tbody tr")
        if row.a
    }
    for *courses, level in levels:
        reads.are_one_of(level, courses)
        tables = {
            what: [
                (name, words)
                for name, *_, words in table_rows(chair.get(f"/up-to-date?{what}").get_data(as_text=True), "Up")[1:-1]
            ]
            for what in (*courses, level)
        }
        named = {name for name, _ in tables[level]}
        together = {group for what, group in reads.shares if what == level and group not in named}
        for what, lines in tables.items():
            reads.read(what, [EVERYBODY], shown[what])
            reads.lines(what, lines, together)
    assert len(reads.wanted) > 20
    assert reads.finds() == []


@pytest.mark.slow
def test_nobody_is_found_by_whom_a_learning_point_reached(sqlite_world: World) -> None:
    """Of the audience by sector and agency, as the threads of points that anybody may read tell it."""
    chair, office = (sqlite_world.browser(role.value) for role in (Role.CHAIR, Role.COORDINATOR))
    page = BeautifulSoup(chair.get("/learning-points").data, "html.parser")
    addresses = sorted({str(each["href"]) for each in page.select('a[href^="/learning-points/"]')})
    read = 0
    for address in addresses[:MOST_POINTS]:
        told, exact = (each.get(address).get_data(as_text=True) for each in (chair, office))
        truth = {
            (sector, name): (int(audience.replace(",", "")), int(reached.replace(",", "")))
            for name, sector, reached, audience, _ in table_rows(exact, "People reached by agency")[1:]
        }
        if not truth:
            continue
        reads, agencies = _reach_of(truth, table_rows(told, "People reached by agency")[1:])
        for row in table_rows(told, "People reached by sector")[1:]:
            groups = [each for each in truth if row[0] == "All sectors" or is_among(str(each[0]), row[0])]
            reads.read(REACHED, groups, of_audience(row[-3], row[-2]))
        read += len(agencies)
        assert reads.finds() == [], address
    assert read


REACHED, MOST_POINTS = "reached", 8


def _reach_of(
    truth: Mapping[tuple[str, str], tuple[int, int]], rows: Sequence[Sequence[str]]
) -> tuple[ReadsShares, Sequence[Sequence[str]]]:
    """By agency: what has no line of its own is in the one of its sector that tells several."""
    reads = ReadsShares({(REACHED, each): share for each, share in truth.items()})
    named = {(sector, name) for name, sector, *_ in rows}
    for name, sector, reached, audience, _ in rows:
        of_sector = [each for each in truth if is_among(each[0], sector)]
        groups = [(sector, name)] if (sector, name) in truth else [each for each in of_sector if each not in named]
        reads.read(REACHED, groups, of_audience(reached, audience), of_sector)
    return reads, rows


def of_audience(reached: str, audience: str) -> str:
    """As one cell says it."""
    return reached if reached == "hidden" or reached.startswith("most of") else f"{reached} of {audience}"


@pytest.mark.slow
def test_nobody_is_found_by_which_agency_answered_a_round(sqlite_world: World) -> None:
    """Of the workforce of each agency as far as it is known, by the lines of every round."""
    chair, told = sqlite_world.browser(Role.CHAIR.value), 0
    with sqlite_world.engine.connect() as connection:
        db = Db(connection, NOW)
        for each in db.rows("SELECT id FROM survey_round WHERE let_out_at IS NOT NULL ORDER BY id"):
            links = db.rows(
                "SELECT a.name, s.name AS sector, l.answered, l.staff FROM round_link l "
                "JOIN agency a ON a.id = l.agency_id JOIN sector s ON s.id = l.sector_id "
                "WHERE l.round_id = :id AND l.answered IS NOT NULL",
                id=each["id"],
            )
            known = Adversary({(row["name"], kind): number for row in links for kind, number in _of_round(row).items()})
            *lines, _ = workbook(chair.get(f"/workforce/{each['id']}.xlsx").data)["Who answered"]
            named, alone = {name for name, *_ in lines}, {sector for _, sector, *_ in lines if sector}
            for name, sector, answered, staff, _ in lines:
                there = [row["name"] for row in links if row["name"] == name and row["sector"] == sector] or [
                    row["name"]
                    for row in links
                    if row["name"] not in named and (row["sector"] == sector if sector else row["sector"] not in alone)
                ]
                known.read({(row, "answered"): 1 for row in there}, answered)
                if isinstance(staff, int):
                    known.is_told({(row, kind): 1 for row in there for kind in ("answered", "silent")}, staff, staff)
            secrets: list[dict[Hashable, int]] = [{cell: 1} for cell, number in known.truth.items() if is_small(number)]
            assert known.finds(secrets) == []
            told += len(lines)
    assert told


def _of_round(row: Mapping[str, Any]) -> dict[str, int]:
    """Who answered of an agency, and who of its workforce did not, where that is known."""
    return {"answered": row["answered"], "silent": max((row["staff"] or 0) - row["answered"], 0)}
