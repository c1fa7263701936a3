"""A place changes hands, and an event its place: as the delegate, the colleague, the manager and the office walk it."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingRequest, BookingState
from courses.booking.bookings.services import book_place
from lms.frame.work import Work
from lms.mail.delivery import deliver_due
from lms.people.models import Person
from lms.testing.browsers import browser_of
from tests.browser import PHONE, served, window
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.make import Make

pytestmark = [pytest.mark.browser, ON_SQLITE]
MANAGED = BookingRequest(manager_name="Bo Ashgrove", manager_email="bo@ashgrove.example")


def session_of(app: Flask, make: Make, person: Person) -> str:
    """The cookie of somebody who is signed in already."""
    uniquifier = make.account(person).fs_uniquifier
    make.commit()
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    return cookie.value


def letters_to(app: Flask, clock: Clock, folder: Path, name: str) -> list[tuple[str, str]]:
    """Subject and text of what somebody was sent, oldest first, after what is due has gone."""
    deliver_due(app, clock)
    found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in sorted(folder.glob("*.eml"))]
    return [
        (str(each["Subject"]), str(each.get_body(("plain",)).get_content()))  # type: ignore[union-attr]
        for each in found
        if name in str(each["To"])
    ]


def on_a_phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


def test_a_delegate_gives_the_place_to_a_colleague_undoes_it_and_moves_to_another_date(
    app: Flask, clock: Clock, make: Make, work: Work, session: Session, chromium: Browser, tmp_path: Path
) -> None:
    amara = make.person("Amara Fenwick-Osei")
    joel = make.person("Joel Tarrant", email="joel@rvch.example", agency=amara.agency)
    event = make.event()
    other = make.event(starts=event.starts_at.replace(month=event.starts_at.month + 1), course=event.course)
    booking = book_place(work, event.id, amara, MANAGED)
    booking_id, other_id = booking.id, other.id
    amaras, joels = session_of(app, make, amara), session_of(app, make, joel)
    make.commit()
    with served(app) as url, window(chromium, url, amaras) as context:
        page = on_a_phone(context.new_page())
        page.goto(f"/bookings/{booking_id}")
        page.get_by_role("link", name="Give the place to a colleague").click()
        page.get_by_label(re.compile("Your colleague’s reference")).fill("joel@rvch.example")
        page.get_by_role("button", name="Check who it is").click()
        expect(page.get_by_text("Joel Tarrant").first).to_be_visible()
        page.get_by_role("button", name="Give the place to Joel Tarrant").click()
        expect(page.get_by_text("Joel Tarrant has the place").first).to_be_visible()

        with window(chromium, url, joels) as colleagues:
            his = on_a_phone(colleagues.new_page())
            his.goto("/my")
            his.get_by_role("link", name=re.compile("Safer babies")).first.click()
            his.get_by_role("link", name=re.compile("Change what you need")).click()
            his.get_by_label("Access needs").fill("Hearing loop")
            his.get_by_role("button", name="Save what I need").click()
            expect(his.get_by_text("Hearing loop").first).to_be_visible()

        page.get_by_role("button", name="Undo and keep the place").click()
        page.goto(f"/bookings/{booking_id}")
        page.get_by_role("link", name="Move to another date").click()
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Move the booking").click()
        expect(page.get_by_text(re.compile("moved", re.I)).first).to_be_visible()
    told = letters_to(app, clock, tmp_path / "mailbox", "Amara")
    assert any(subject.startswith("Moved") and "9 May" in text for subject, text in told), told
    assert not [subject for subject, _ in letters_to(app, clock, tmp_path / "mailbox", "Joel") if "Booked" in subject]
    session.rollback()
    live = sa.select(Booking.event_id, Booking.person_id).where(Booking.state == BookingState.CONFIRMED)
    assert [tuple(row) for row in session.execute(live)] == [(other_id, amara.id)]


def test_a_manager_without_an_account_names_a_colleague_by_the_letters_link(
    app: Flask, clock: Clock, make: Make, work: Work, session: Session, chromium: Browser, tmp_path: Path
) -> None:
    amara = make.person("Amara Fenwick-Osei")
    make.person("Joel Tarrant", email="joel@rvch.example", agency=amara.agency)
    booking = book_place(work, make.event().id, amara, MANAGED)
    booking_id = booking.id
    make.commit()
    clock.now += timedelta(days=1)  # the letter with a line for each of their people leaves at eight
    letters = letters_to(app, clock, tmp_path / "mailbox", "Ashgrove")
    link = re.search(r"/managers/\S+", letters[-1][1])
    assert link is not None
    with served(app) as url, window(chromium, url) as context:
        page = on_a_phone(context.new_page())
        page.goto(link.group())
        expect(page.get_by_role("heading", name="Amara Fenwick-Osei")).to_be_visible()
        page.get_by_role("link", name="They cannot come").click()
        page.get_by_role("link", name="Name a colleague to come instead").click()
        page.get_by_label("Their work email address").fill("joel@rvch.example")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Give the place to Joel Tarrant").click()
        expect(page.get_by_text("Joel Tarrant has the place").first).to_be_visible()
        page.goto(link.group())
        expect(page.get_by_text("There is nothing more you can do here").first).to_be_visible()
    assert "Bo Ashgrove" in letters_to(app, clock, tmp_path / "mailbox", "Amara")[-1][1]
    session.rollback()
    assert session.get_one(Booking, booking_id).state is BookingState.SUBSTITUTED


def test_a_coordinator_takes_a_place_back_and_changes_the_event_and_each_hears_just_that(
    app: Flask, clock: Clock, make: Make, work: Work, session: Session, chromium: Browser, tmp_path: Path
) -> None:
    event = make.event(joining_note="Park in the yard")
    amara, joel = make.person("Amara Fenwick-Osei"), make.person("Joel Tarrant")
    bookings = [book_place(work, event.id, each, MANAGED).id for each in (amara, joel)]
    event_id, office = event.id, session_of(app, make, make.coordinator())
    make.commit()
    letters_to(app, clock, tmp_path / "mailbox", "Amara")
    with served(app) as url, window(chromium, url, office) as context:
        page = context.new_page()
        page.goto(f"/bookings/{bookings[0]}/give-up")
        page.get_by_label("We are taking it back").check()
        page.get_by_label("Why is the place given up?").fill("We counted one chair too many")
        page.get_by_role("button", name="Give up the place").click()
        page.goto(f"/events/{event_id}/edit")
        page.get_by_label(re.compile("Joining")).first.fill("The yard is closed: park in Mill Lane")
        page.get_by_role("button", name=re.compile("Save|Continue|Look")).first.click()
        buttons = page.get_by_role("button", name=re.compile("Save|tell", re.I))
        if buttons.count():
            buttons.first.click()
    amaras, joels = (letters_to(app, clock, tmp_path / "mailbox", name) for name in ("Amara", "Joel"))
    assert "We counted one chair too many" in amaras[-1][1]
    assert "Nothing is charged" in amaras[-1][1] or "nothing" in amaras[-1][1].lower()
    assert "Mill Lane" in joels[-1][1]
    assert not [text for _, text in amaras if "Mill Lane" in text]
    session.rollback()
    assert session.get_one(Booking, bookings[0]).state is BookingState.RELEASED
