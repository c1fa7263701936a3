"""With the account that one has at work: from a course to a booked place without a code, in a real browser."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from lms.signin.providers.services import Providers
from tests.browser import DESK, PHONE, served, window
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.house.test_pages_in_browser import STICKING_OUT, VIOLATIONS
from tests.make import Make
from tests.providers import Provider, configured, provider_served

pytestmark = [pytest.mark.browser, ON_SQLITE]


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_served() as made:
        yield made


def is_fine(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    assert page.evaluate(STICKING_OUT) == ""
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(VIOLATIONS) == []


def shows_who(page: Page, sub: str) -> None:
    """At the provider's own page, and back."""
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_a_newcomer_books_on_a_phone_and_signs_in_again_at_a_desk_without_any_code(
    app: Flask, clock: Clock, make: Make, session: Session, chromium: Browser, provider: Provider
) -> None:
    clock.now = datetime.now(UTC)
    make.agency(domains=["rvch.example"])
    event = make.event(starts=clock.now + timedelta(days=40), capacity=5)
    make.commit()
    provider.knows("amara", email="amara@rvch.example", email_verified=True, name="Amara Fenwick-Osei")
    provider.knows("wren", email="wren@rvch.example", email_verified=True, name="Wren Larkspur")
    before = app.extensions["lms.providers"]
    with served(app) as address:
        app.extensions["lms.providers"] = Providers([configured(provider)], f"{address}/sign-in/with/{{}}/back")
        try:
            with window(chromium, address, size=PHONE) as context:
                books_without_a_code(context.new_page(), event.id)
            with window(chromium, address, size=DESK, with_scripts=False) as context:
                signs_in_without_scripts(context.new_page())
            with window(chromium, address, size=DESK) as context:
                unlinks(context.new_page())
                context.clear_cookies()
                says_who_they_are(context.new_page())
        finally:
            app.extensions["lms.providers"] = before
    session.rollback()
    assert session.scalars(sa.text("SELECT state FROM booking")).all() == ["confirmed"]
    kinds = session.scalars(sa.text("SELECT kind FROM outbox ORDER BY id")).all()
    assert not {"signin.code", "courses.booking_code", "signin.registration_code"} & set(kinds)


def books_without_a_code(page: Page, event_id: int) -> None:
    """What was typed before going to the provider is there afterwards."""
    page.goto(f"/events/{event_id}/book")
    page.get_by_label("Manager’s name").fill("Colette Barraclough-Ames")
    page.get_by_role("button", name="Book my place").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enter your name")
    page.get_by_role("button", name="Sign in with NHSmail").click()
    shows_who(page, "amara")
    expect(page.get_by_text("amara@rvch.example is confirmed, so you do not need a code")).to_be_visible()
    expect(page.get_by_text("We send a code to your work address")).to_have_count(0)
    is_fine(page)
    expect(page.get_by_label("Manager’s name")).to_have_value("Colette Barraclough-Ames")
    page.get_by_label("Your name").fill("Amara Fenwick-Osei")
    page.get_by_label("Your work email address").fill("amara@rvch.example")
    if page.get_by_label("Your kind of work").count():
        page.get_by_label("Your kind of work").select_option(index=1)
    page.get_by_label("Manager’s work email address").fill("colette@rvch.example")
    page.get_by_label(re.compile("My line manager has agreed")).check()
    page.get_by_role("button", name="Book my place").click()
    expect(page.get_by_text("Your place is booked").first).to_be_visible()


def signs_in_without_scripts(page: Page) -> None:
    """The page to which the provider sends people has a button."""
    page.goto("/sign-in?next=/my")
    page.get_by_role("button", name="Sign in with NHSmail").click()
    shows_who(page, "amara")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/my$"))


def unlinks(page: Page) -> None:
    """Under "My account"; then the account is nobody's, and found by its address again."""
    page.goto("/sign-in?next=/account")
    is_fine(page)
    page.get_by_role("button", name="Sign in with NHSmail").click()
    shows_who(page, "amara")
    expect(page.get_by_text("NHSmail, amara@rvch.example")).to_be_visible()
    page.get_by_role("button", name="Unlink it your NHSmail account").click()
    expect(page.get_by_text("You have not linked one.")).to_be_visible()


def says_who_they_are(page: Page) -> None:
    """Somebody new who wants nothing in particular has a page of their own."""
    page.goto("/sign-in?next=/courses")
    page.get_by_role("button", name="Sign in with NHSmail").click()
    shows_who(page, "wren")
    expect(page.get_by_label("Your name")).to_have_value("Wren Larkspur")
    is_fine(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    is_fine(page)
