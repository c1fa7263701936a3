"""Tables to fetch: every one as CSV and XLSX, no cell a formula, and no more than its reader may see."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.frame.site import Site
from lms.frame.work import Work
from lms.kit.telling.numbers import HIDDEN
from lms.people.models import Person
from lms.tables.documents import workbook
from lms.tables.queries import downloads_for
from reviews.cases.rules import Publication
from tests.lms.tables.test_round_trip import some_of_everything
from tests.make import Make
from tests.queries import counted_queries

SignIn = Callable[[Person], FlaskClient]


def rows_of(browser: FlaskClient, kind: str) -> list[dict[str, str]]:
    answer = browser.get(f"/downloads/{kind}.csv")
    assert answer.status_code == 200, kind
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.slow
def test_every_table_leaves_flat_and_without_formulas(
    app: Flask, sign_in: SignIn, make: Make, work: Work, session: Session
) -> None:
    site: Site = app.extensions["lms"]
    some_of_everything(replace(work, site=site), make)
    manager = make.person("=Manager", roles=(Role.BUSINESS_MANAGER,))
    browser = sign_in(manager)
    tables = downloads_for(site, replace(work.actor, is_program=True))
    assert len(tables) >= len(site.imports) + 12
    page = browser.get("/downloads").text
    for table in tables:
        assert f"/downloads/{table.kind}.xlsx" in page
        with app.app_context(), counted_queries(app.extensions["sqlalchemy"].engine) as sent:
            rows = rows_of(browser, table.kind)
        assert len(sent) < 20, table.kind
        cells = [cell for row in rows for cell in row.values()]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")], table.kind
        book = load_workbook(io.BytesIO(browser.get(f"/downloads/{table.kind}.xlsx").data))
        sheet = book.worksheets[0]
        assert [cell.value for cell in sheet[1]] == list(table.columns)
        assert sheet.max_row == len(rows) + 1
        assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"], table.kind
    assert {row["name"] for row in rows_of(browser, "roles")} == {"'=Manager"}
    assert browser.get("/downloads/shoes.csv").status_code == 404


def test_each_reader_takes_along_what_they_see_on_screen(
    app: Flask, sign_in: SignIn, make: Make, work: Work, client: FlaskClient
) -> None:
    some_of_everything(replace(work, site=app.extensions["lms"]), make)
    make.learning_point("No one may know", review=make.review("Secret", publication=Publication.EMBARGOED))
    lead = make.person("Lead", roles=(Role.AGENCY_LEAD,), agency=make.agency("Elsewhere"))
    chair = sign_in(make.person(roles=(Role.CHAIR,)))
    shown = rows_of(chair, "up-to-date")
    assert {row["up_to_date"] for row in shown} == {HIDDEN}
    assert "No one may know" not in chair.get("/downloads/coverage-matrix.csv").text
    for kind in ("people", "bookings-and-outcomes", "registers", "letters", "roles", "audit", "invoices"):
        assert chair.get(f"/downloads/{kind}.csv").status_code == 404, kind
    led = sign_in(lead)
    assert rows_of(led, "bookings-and-outcomes") == [], "others' people are not theirs"
    assert led.get("/downloads/people.xlsx").status_code == 404
    officer = sign_in(make.person(roles=(Role.REVIEW_OFFICER,)))
    assert "No one may know" in officer.get("/downloads/coverage-matrix.csv").text
    assert sign_in(make.person(roles=(Role.TRAINER,))).get("/downloads").status_code == 403
    assert client.get("/downloads").status_code == 302


def test_a_workbook_takes_whatever_was_typed() -> None:
    typed = {"a": "=1+1", "b": "x\x00\x0by" * 20_000, "c": None, "d": -3}
    sheet = load_workbook(io.BytesIO(workbook("t" * 60, list(typed), [typed]))).worksheets[0]
    line = [cell.value for cell in sheet[2]]
    assert (line[0], line[2], line[3]) == ("=1+1", None, -3)
    assert sheet["A2"].data_type == "s"
    assert len(line[1]) == 32_767
