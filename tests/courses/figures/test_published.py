"""A year of the size that Sandwell published for 2019-20 gives back every published figure, however it is asked."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from lms.api.tokens.rules import TokenWanted
from lms.api.tokens.services import make_token
from lms.frame.access import Role, program
from lms.frame.work import Work
from lms.people.models import Person
from lms.reports.queries import annual_figures
from lms.tables.services import import_file
from tests.data.sandwell import KINDS, Year, figures, year
from tests.make import Make
from tests.moments import NOW

ANNUAL = ["report", "annual", "--from", "2019-04-01", "--to", "2020-03-31"]


def bring_in(app: Flask, session: Session, made: Year) -> Work:
    """Import the year kind by kind, as `lms import` does."""
    site = app.extensions["lms"]
    by_kind = {kind.kind: kind for kind in site.imports}
    work = Work(session=session, actor=program("test"), now=NOW, site=site)
    for kind in KINDS:
        assert import_file(work, by_kind[kind], made.csv(kind), save=True).problems == ()
    session.commit()
    return work


def printed(app: Flask, *more: str) -> bytes:
    done = app.test_cli_runner().invoke(args=[*ANNUAL, *more])
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def by_api(app: Flask, work: Work, role: Role, *, to: str = "2020-03-31") -> dict[str, Any]:
    """What a token of this role is answered."""
    _, secret = make_token(work, TokenWanted("Scrutiny", role))
    work.session.commit()
    url = f"/api/v1/figures/annual?from=2019-04-01&to={to}"
    found: dict[str, Any] = app.test_client().get(url, headers={"Authorization": f"Bearer {secret}"}).get_json()
    return found


def check_published(found: dict[str, Any]) -> None:
    """Every figure of the published year, with its parts."""
    told, measures = figures(), found["measures"]
    assert found["period"] == told["period"]
    for name, published in {
        "events_delivered": "events_delivered",
        "courses_delivered": "courses",
        "places_offered": "places_offered",
        "bookings": "bookings",
        "attendances": "attendances",
    }.items():
        assert measures[name]["value"] == told[published], name
    for name, numerator, denominator in (
        ("booking_fill_rate", "bookings", "places_offered"),
        ("attendance_rate", "attendances", "bookings"),
        ("course_utilisation_rate", "attendances", "places_offered"),
    ):
        assert measures[name]["shown"] == told[name]
        assert measures[name]["value"] == pytest.approx(told[numerator] / told[denominator])
        assert (measures[name]["numerator"], measures[name]["denominator"]) == (told[numerator], told[denominator])
    assert all(each["definition"] for each in measures.values())
    by_type = {row["type"]: row for row in found["by_type"]}
    assert by_type["summit"]["attendances"] > told["summit"]["delegates_over"]
    assert by_type["learning-from-practice event"]["events_delivered"] == told["learning_from_practice"]["events"]


def check_practice(found: dict[str, Any], attendances: int, people: int) -> None:
    """The learning-from-practice events by either reading of the 124."""
    told = figures()["learning_from_practice"]
    row = next(row for row in found["by_type"] if row["type"] == "learning-from-practice event")
    assert (row["attendances"], row["distinct_people"]) == (attendances, people)
    two, three = told["people_at_exactly_two"], told["people_at_all_three"]
    assert found["people_by_number_of_events"] == {"1": people - two - three, "2": two, "3": three}
    assert found["people_by_least_number_of_events"] == {"1": people, "2": two + three, "3": three}
    assert found["measures"]["chosen_people"]["value"] == people


@pytest.mark.slow
def test_every_published_figure_comes_back_by_command_and_page_and_as_every_document(
    app: Flask, session: Session, make: Make, sign_in: Callable[[Person], FlaskClient], tmp_path: Path
) -> None:
    work, told = bring_in(app, session, year()), figures()["learning_from_practice"]
    found = json.loads(printed(app))
    check_published(found)
    check_practice(found, told["attendances"], told["distinct_people_if_124_are_attendances"])
    assert annual_figures(work, date(2019, 4, 1), date(2020, 3, 31)).keys() == found.keys()

    assert {**by_api(app, work, Role.COORDINATOR), "as_at": ""} == {**found, "as_at": ""}
    assert by_api(app, work, Role.CHAIR)["measures"].keys() == found["measures"].keys()
    assert by_api(app, work, Role.CHAIR, to="2020-03-30")["status"] == 403, "any two dates would let one subtract"

    lines = list(csv.DictReader(io.StringIO(printed(app, "--format", "csv").decode())))
    flat = {(line["table"], line["row"], line["measure"]): line["shown"] for line in lines}
    book = load_workbook(io.BytesIO(printed(app, "--format", "xlsx")))
    sheet = {row[1]: row[3] for row in book["Measures"].iter_rows(values_only=True)}
    pdf = tmp_path / "report.pdf"
    assert app.test_cli_runner().invoke(args=[*ANNUAL, "--format", "pdf", "--out", str(pdf)]).exit_code == 0
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())
    for name, measure in found["measures"].items():
        assert flat["measures", "", name] == measure["shown"]
        assert sheet[measure["title"]] == measure["shown"]
        assert f"{measure['title']} {measure['shown']}" in text
    assert flat["people_by_number_of_events", "3", "people"] == "2"
    assert [row[:2] for row in book["People by number of events atte"].iter_rows(values_only=True)][1:4] == [
        ("1", 84),
        ("2", 17),
        ("3", 2),
    ]

    page = BeautifulSoup(
        sign_in(make.coordinator()).get("/figures?period=2019-04-01_2020-03-31&by=people_by_number_of_events").text,
        "html.parser",
    )
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("main tr")]
    for measure in found["measures"].values():
        assert any(row.startswith(measure["title"]) and f" {measure['shown']}" in row for row in rows), measure
    assert {"1 84", "2 17", "3 2"} <= set(rows)

    apart = json.loads(printed(app, "--apart", "summit", "--apart", "learning-from-practice event"))
    assert apart["measures"]["events_delivered"]["value"] == 50
    assert {row["type"] for row in apart["types_apart"]} == {"summit", "learning-from-practice event"}
    only = json.loads(printed(app, "--only", "summit"))
    assert (only["measures"]["events_delivered"]["value"], only["measures"]["attendances"]["value"]) == (1, 226)
    wrong = app.test_cli_runner().invoke(args=[*ANNUAL, "--only", "party"])
    assert (wrong.exit_code, "There is no event type party" in wrong.output) == (2, True)


@pytest.mark.slow
def test_read_as_people_the_124_attended_145_times(app: Flask, session: Session) -> None:
    made, told = year(are_people=True), figures()
    outcomes = [row["outcome"] for row in made.rows["bookings"]]
    assert (len(outcomes), outcomes.count("attended")) == (told["bookings"], told["attendances"])
    for kind, column in (("events", "ref"), ("bookings", "event_ref"), ("charges", "event_ref")):
        made.rows[kind] = [row for row in made.rows[kind] if row[column].startswith("LFP")]
    bring_in(app, session, made)
    practice = told["learning_from_practice"]
    check_practice(json.loads(printed(app)), practice["attendances_if_124_are_people"], practice["attendances"])
