"""A session that ends by itself says so before, goes on where somebody wants it, and loses nothing that was typed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from lms.sessions.models import SignInSession
from lms.sessions.rules import IDLE_FOR_WHO_HOLDS_MUCH
from lms.testing.browsers import browser_of
from tests.browser import PHONE, served, window
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.make import Make

pytestmark = pytest.mark.browser

ALMOST = IDLE_FOR_WHO_HOLDS_MUCH - timedelta(minutes=4)


def begin(session: Session, clock: Clock) -> None:
    """Signed in at this moment, and no longer than anybody is."""
    session.rollback()
    session.execute(sa.update(SignInSession).values(began_at=clock.now, seen_at=clock.now))
    session.commit()


def time_passes(page: Page, clock: Clock, how_long: timedelta) -> None:
    """Nothing is done on this page meanwhile."""
    clock.now += how_long
    page.clock.fast_forward(int(how_long.total_seconds() * 1000))


@ON_SQLITE
def test_signing_out_by_time_is_announced_can_be_put_off_and_loses_nothing(
    app: Flask, clock: Clock, make: Make, session: Session, chromium: Browser
) -> None:
    event, uniquifier = make.event(), make.account(make.coordinator()).fs_uniquifier
    make.commit()
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    begin(session, clock)
    with served(app) as address, window(chromium, address, cookie.value, size=PHONE) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"/events/{event.id}/edit")
        note, said = page.get_by_label("Joining instructions"), page.get_by_role("alertdialog")
        note.fill("Park behind the hall")
        time_passes(page, clock, ALMOST)
        expect(said).to_contain_text("you’ll be signed out in 4 minutes")
        expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
        page.keyboard.press("Enter")
        expect(said).to_be_hidden()
        expect(note).to_be_focused()
        time_passes(page, clock, ALMOST)
        expect(said).to_contain_text("you’ll be signed out in 4 minutes")
        time_passes(page, clock, timedelta(minutes=5))
        expect(said).to_contain_text("You have been signed out")
        expect(page.get_by_role("button", name="Back to the page")).to_be_focused()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save the details").click()
        expect(page.get_by_text("kept what you entered")).to_be_visible()
        begin(session, clock)
        page.goto(f"/events/{event.id}/edit")
        expect(page.get_by_label("Joining instructions")).to_have_value("Park behind the hall")
