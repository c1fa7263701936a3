"""A delegate and a line manager answer on a phone from the links in their letters, in a real browser."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from lms.jobs.services import carry_out
from surveys.answers.models import Draft
from surveys.invitations.models import Answered, Invitation
from surveys.sending.jobs import ask_people
from surveys.stages.rules import Stage
from tests.browser import PHONE, served, window
from tests.conftest import Clock
from tests.databases import ON_SQLITE
from tests.surveys.conftest import Asking, asking

__all__ = ["asking"]

pytestmark = [pytest.mark.browser, ON_SQLITE]
MOST_PAGES = 12


def test_a_delegate_and_the_line_manager_answer_on_a_phone_three_months_on(
    app: Flask, session: Session, asking: Asking, clock: Clock, chromium: Browser
) -> None:
    event = asking.event()
    asking.booking(event, manager_name="Bo Trant", manager_email="bo@rvch.example")
    asking.finalise(event)
    asked_at = event.ends_at + timedelta(days=100)
    carry_out(asking.at(asked_at), ask_people)
    clock.now = asked_at + timedelta(days=3)
    found = session.scalars(
        sa.select(Invitation).where(Invitation.stage.in_((Stage.IMPACT, Stage.MANAGERS_VIEW))).order_by(Invitation.id)
    ).all()
    links = {each.id: asking.link(each) for each in found}
    assert len(links) == 2
    asking.make.commit()
    count_drafts = sa.select(sa.func.count()).select_from(Draft)
    with served(app) as address:
        for invitation_id, link in links.items():
            with window(chromium, address) as context:
                page = context.new_page()
                drafts = session.scalar(count_drafts)
                page.set_viewport_size(PHONE)  # type: ignore[arg-type]
                for _ in range(2):  # a scanner of mail opens it first
                    page.goto(link)
                session.rollback()
                assert session.get(Answered, invitation_id) is None
                assert session.scalar(count_drafts) == drafts
                answer_all(page)
                expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
                page.goto(link)
                expect(page.get_by_text("have been sent").first).to_be_visible()
                session.rollback()
                assert session.get(Answered, invitation_id) is not None


def answer_all(page: Page) -> None:
    """Answer page by page, by the first choice of every question, until everything is sent."""
    for _ in range(MOST_PAGES):
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for name in page.locator("main input[type=radio]").evaluate_all("all => [...new Set(all.map(e => e.name))]"):
            page.locator(f'main input[type=radio][name="{name}"]').first.check(force=True)
        for name in page.locator("main input[type=checkbox]").evaluate_all("all => [...new Set(all.map(e => e.name))]"):
            page.locator(f'main input[type=checkbox][name="{name}"]').first.check(force=True)
        for area in page.locator("main textarea:visible").all():
            area.fill("I ask about every adult")
        send = page.get_by_role("button", name="Send my answers")
        is_last = send.count() > 0
        before = page.url
        (send if is_last else page.locator("main form button[type=submit]").first).click()
        if is_last:
            return
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
    pytest.fail(f"Not finished after {MOST_PAGES} pages: {page.url}")
