"""Files by pages: look first, then save; nobody sees another's file."""

import io
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.agencies.models import Agency
from lms.frame.work import Work
from lms.people.models import Person
from lms.tables.models import Upload
from lms.tables.services import forget_old_uploads
from tests.lms.tables.test_imports import AGENCY_FILE
from tests.make import Make
from tests.moments import NOW

SignIn = Callable[[Person], FlaskClient]


def send(browser: FlaskClient, text: str, kind: str = "agencies") -> str:
    answer = browser.post("/tables", data={"kind": kind, "file": (io.BytesIO(text.encode()), "agencies.csv")})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_file_is_looked_at_and_then_saved(sign_in: SignIn, make: Make, session: Session) -> None:
    browser = sign_in(make.coordinator())
    preview = send(browser, AGENCY_FILE)
    assert "Save 3 rows" in browser.get(preview).text
    codes = sa.select(Agency.code).where(Agency.code.in_(["OLD", "NEW", "VOL"]))
    assert session.scalars(codes).all() == []
    make.commit()
    saved = browser.post(f"{preview}/save", follow_redirects=True)
    assert "Saved agencies: 3 rows added" in saved.text
    assert len(session.scalars(codes).all()) == 3
    assert session.scalars(sa.select(Upload.id)).all() == []
    make.commit()
    assert browser.post(f"{preview}/save").status_code == 404


def test_bad_rows_are_named_and_cannot_be_saved(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.coordinator())
    preview = send(browser, AGENCY_FILE + "BAD,,Health,,,,,,\n")
    page = browser.get(preview).text
    assert "row 5, column name" in page
    assert "Save " not in page
    assert browser.post(f"{preview}/save").headers["Location"].endswith(preview)
    assert "Deleted the file. Nothing was saved." in browser.post(f"{preview}/forget", follow_redirects=True).text


def test_what_is_no_file_of_that_kind_is_refused(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.coordinator())
    wrong = browser.post("/tables", data={"kind": "people", "file": (io.BytesIO(AGENCY_FILE.encode()), "a.csv")})
    assert wrong.status_code == 422
    assert "It has columns missing: ref" in wrong.text
    assert browser.post("/tables", data={"kind": "people"}).status_code == 422


def test_files_are_the_offices_and_each_persons_own(sign_in: SignIn, make: Make, client: FlaskClient) -> None:
    first, second, delegate = make.coordinator(), make.coordinator("Second"), make.person()
    preview = send(sign_in(first), AGENCY_FILE)
    assert sign_in(second).get(preview).status_code == 404
    assert sign_in(delegate).get("/tables").status_code == 403
    assert client.get("/tables/people.csv").status_code == 302


def test_everything_of_a_kind_is_written_out_for_excel(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.coordinator("Zoë Hallowdale"))
    file = browser.get("/tables/people.csv")
    assert file.data.startswith(b"\xef\xbb\xbfref,name,email")
    assert "Zoë Hallowdale" in file.text
    assert browser.get("/tables/agencies-empty.csv").text.count("\n") == 1
    assert browser.get("/tables/shoes.csv").status_code == 404


def test_files_are_forgotten_after_a_day(work: Work, session: Session) -> None:
    for age in (timedelta(hours=23), timedelta(hours=25)):
        session.add(Upload(kind="people", filename="a.csv", content=b"", preview={}, uploaded_at=NOW - age))
    forget_old_uploads(work)
    assert len(session.scalars(sa.select(Upload.id)).all()) == 1
