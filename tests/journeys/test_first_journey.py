"""The first journey, as a newcomer and a coordinator walk it in a real browser."""

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy.orm import Session

from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place
from lms.frame.access import program
from lms.frame.work import Work
from lms.mail.delivery import deliver_due
from lms.people.models import Person
from lms.testing.browsers import browser_of
from tests.browser import DESK, PHONE, served, window
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.make import Make
from tests.moments import NOW

AGENCIES = """code,name,sector,email_domains,charge_email,exempt,opened_on,closed_on,successor_code
OBA,Oakmere Bridge Academy,Education,oba.example,,no,,,
"""
PEOPLE = """ref,name,email,agency_code,role_group,manager_name,manager_email
T1,Tobiah Hanley-Roe,tobiah@oba.example,OBA,School or college staff,,
"""

OK = 200

pytestmark = pytest.mark.browser


def last_letter(app: Flask, clock: Clock, folder: Path) -> str:
    """Deliver what is due and read the newest letter's text."""
    deliver_due(app, clock)
    newest = max(folder.glob("*.eml"), key=lambda each: each.name)
    letter = message_from_bytes(newest.read_bytes(), policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def letters_to(folder: Path, name: str) -> list[str]:
    """The subjects of what somebody was sent, oldest first."""
    found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in sorted(folder.glob("*.eml"))]
    return [letter["Subject"] for letter in found if letter["To"].startswith(name)]


def test_a_newcomer_books_by_one_code_and_cancels_and_the_next_person_is_offered_it(
    app: Flask, clock: Clock, make: Make, session: Session, chromium: Browser, tmp_path: Path
) -> None:
    make.agency(domains=["rvch.example"])
    tobiah, event = make.person("Tobiah Hanley-Roe"), make.event(capacity=1)
    make.commit()
    mailbox = tmp_path / "mailbox"
    with served(app) as address, window(chromium, address, size=PHONE) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("link", name="Safer babies: working with families in the first year").first.click()
        page.get_by_role("link", name="Book").first.click()
        about_myself(page, "Amara Fenwick-Osei", "amara@rvch.example")
        about_the_booking(page)
        page.get_by_role("button", name="Book my place").click()
        expect(page.get_by_role("alert").first).to_contain_text("Confirm that your line manager has agreed")
        page.get_by_label(re.compile("My line manager has agreed")).check()
        page.get_by_role("button", name="Book my place").click()
        page.go_back()
        expect(page.get_by_label("Access needs")).to_have_value("Hearing loop")
        page.get_by_role("button", name="Book my place").click()
        enter_code(page, last_letter(app, clock, mailbox))
        expect(page.get_by_text("Your place is booked").first).to_be_visible()

        wait_for_a_place(app, session, event.id, tobiah)
        page.get_by_role("link", name="My learning").first.click()
        page.get_by_role("link", name="Cancel Safer babies").click()
        page.get_by_role("button", name="Cancel this booking").click()
        expect(page.get_by_text("is cancelled").first).to_be_visible()
    deliver_due(app, clock)
    told = [subject.split(":")[0] for subject in letters_to(mailbox, "Amara")]
    assert told[-1] == "Cancelled"
    assert "Booked" not in told, "what was no longer true when mail left is withdrawn"
    assert letters_to(mailbox, "Tobiah")[-1].startswith("A place is held for you")
    session.rollback()
    states = [row.state for row in session.execute(sa.text("SELECT state FROM booking ORDER BY id"))]
    assert states == [BookingState.CANCELLED, BookingState.OFFERED]


def about_myself(page: Page, name: str, address: str) -> None:
    """Who somebody is that is signed out."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your work email address").fill(address)
    if page.get_by_label("Your kind of work").count():
        page.get_by_label("Your kind of work").select_option(index=1)


def about_the_booking(page: Page) -> None:
    """A manager whom we do not know yet, and what is needed."""
    page.get_by_label("Manager’s name").fill("Colette Barraclough-Ames")
    page.get_by_label("Manager’s work email address").fill("colette@rvch.example")
    page.get_by_label("Access needs").fill("Hearing loop")


def enter_code(page: Page, letter: str) -> None:
    """Type the code of an email."""
    code = re.search(r"\b\d{6}\b", letter)
    assert code is not None
    page.get_by_label("Code", exact=True).fill(code.group())
    page.get_by_role("button", name="Confirm and book my place").click()


@ON_SQLITE
@pytest.mark.parametrize(("size", "with_scripts"), [(PHONE, False), (DESK, True)], ids=["phone, no scripts", "desk"])
def test_a_place_takes_few_pages_from_the_catalogue(
    app: Flask, clock: Clock, make: Make, chromium: Browser, tmp_path: Path, size: dict[str, int], with_scripts: bool
) -> None:
    """New 5 pages at most, returning 4, signed in 3, the catalogue counted."""
    make.agency(domains=["rvch.example"])
    make.role_group()
    event = make.event()
    returning, here = make.person("Tobiah Hanley-Roe", email="tobiah@rvch.example"), make.person("Wren Dallimore")
    for each in (returning, here):
        each.manager_name, each.manager_email = "Colette Barraclough-Ames", "colette@rvch.example"
    uniquifier = make.account(here).fs_uniquifier
    make.commit()
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    mailbox, path = tmp_path / "mailbox", f"/events/{event.id}/book"
    counted = {}
    with served(app) as address:
        for kind, their_cookie in (("new", None), ("returning", None), ("signed in", cookie.value)):
            with window(chromium, address, their_cookie, size=size, with_scripts=with_scripts) as context:
                page = context.new_page()
                seen: list[str] = []
                page.on("response", lambda answer, seen=seen: seen.append(answer.url) if is_page(answer) else None)
                page.goto("/courses")
                page.locator(f'a[href="{path}"]').first.click()
                if kind == "new":
                    about_myself(page, "Nora Quill-Adeyemi", "nora@rvch.example")
                    about_the_booking(page)
                elif kind == "returning":
                    about_myself(page, "Tobiah Hanley-Roe", returning.email)
                    page.get_by_label("The one from my last booking").check()
                page.get_by_label(re.compile("My line manager has agreed")).check()
                page.get_by_role("button", name="Book my place").click()
                if kind != "signed in":
                    enter_code(page, last_letter(app, clock, mailbox))
                expect(page.get_by_text("Your place is booked").first).to_be_visible()
                expect(page.get_by_text("Colette Barraclough-Ames")).to_be_visible()
                counted[kind] = len(seen)
    assert counted == {"new": 4, "returning": 4, "signed in": 3}


def is_page(answer: Response) -> bool:
    """Something that somebody is shown, and not on the way to it."""
    return answer.request.resource_type == "document" and answer.status == OK


def wait_for_a_place(app: Flask, session: Session, event_id: int, person: Person) -> None:
    """Somebody else joins the waiting list."""
    session.rollback()
    work = Work(session=session, actor=program("journey"), now=NOW, site=app.extensions["lms"])
    booking = book_place(work, event_id, session.get_one(Person, person.id), BookingRequest())
    assert booking.state is BookingState.WAITING
    session.commit()


@ON_SQLITE
def test_a_coordinator_brings_people_in_writes_a_course_publishes_an_event_and_books_for_somebody(
    app: Flask, make: Make, session: Session, chromium: Browser
) -> None:
    make.venue("Ashbeck Centre, Larkham")
    uniquifier = make.account(make.coordinator()).fs_uniquifier
    make.commit()
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    with served(app) as address, window(chromium, address, cookie.value) as context:
        page = context.new_page()
        bring_in(page, "agencies", AGENCIES)
        bring_in(page, "people", PEOPLE)
        write_a_course(page)
        plan_and_publish(page)
        page.get_by_role("link", name="Book for someone").click()
        page.get_by_label("Person’s reference or email address").fill("tobiah@oba.example")
        page.get_by_role("button", name="Book the place").click()
        expect(page.get_by_role("row", name=re.compile("Tobiah Hanley-Roe"))).to_contain_text("Oakmere Bridge Academy")


def bring_in(page: Page, kind: str, text: str) -> None:
    """Upload a CSV file, look at what it would do, and do it."""
    page.goto("/tables")
    page.get_by_label("What is in the file").select_option(kind)
    file = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name=re.compile("Save 1 row")).click()


def write_a_course(page: Page) -> None:
    """From a draft to the catalogue."""
    page.goto("/catalogue")
    page.get_by_role("link", name="Write a course").click()
    page.get_by_label("Title").fill("Hidden men: seeing fathers and partners")
    page.get_by_label("Code").fill("hidden-men")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("button", name=re.compile("Approve the course")).click()
    page.get_by_role("button", name=re.compile("Add it to the catalogue")).click()


def plan_and_publish(page: Page) -> None:
    """One day in a room, open for booking."""
    page.get_by_role("link", name="Add an event").first.click()
    page.get_by_label("Date").fill("2026-05-20")
    page.get_by_label("Starts at").fill("09:30")
    page.get_by_label("Ends at").fill("12:30")
    page.get_by_label("Where").select_option(label="Ashbeck Centre, Larkham")
    page.get_by_role("button", name="Add the event").last.click()
    page.get_by_role("button", name="Publish the event").click()
    expect(page.get_by_text("Booking open").first).to_be_visible()
