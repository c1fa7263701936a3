"""An agency lead without an account: from the letter's link to green on the coordinator's page, in a real browser."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from briefings.distribution.drawing.queries import draw
from briefings.distribution.letters import answer_token
from briefings.distribution.rules import Audience
from briefings.distribution.services import plan_sending
from lms.frame.access import Role
from lms.frame.work import Work
from lms.testing.browsers import browser_of
from tests.briefings.conftest import Office
from tests.browser import served, window
from tests.databases import ON_SQLITE
from tests.make import Make
from tests.moments import NOW

pytestmark = [pytest.mark.browser, ON_SQLITE]


def test_a_lead_opens_the_link_says_what_the_team_did_and_the_coordinator_sees_green(
    app: Flask, make: Make, work: Work, chromium: Browser
) -> None:
    office = Office(make, work)
    agency = make.agency("Rowan Valley Police", sector=make.sector("Police"))
    lead = make.person("Lena Fairweather", agency=agency, roles=(Role.AGENCY_LEAD,))
    version, acting = office.published(), office.acting(office.writer)
    audience = Audience(agency_ids=(agency.id,), has_subscribers=False)
    seen = draw(acting.session, version, audience).recipients
    plan_sending(acting, version.briefing_id, audience, confirmed=seen)
    link = f"/briefings/answer/{answer_token(acting, version.briefing_id, lead.id)}"
    cascade = f"/briefings/{version.briefing_id}/cascade"
    uniquifier = make.account(office.writer).fs_uniquifier
    make.commit()
    cookie = browser_of(app, uniquifier).get_cookie("golden_thread")
    assert cookie is not None
    with served(app) as address:
        with window(chromium, address) as context:
            page = context.new_page()
            page.goto(link)
            page.get_by_role("button", name="We have received it").click()
            expect(page.get_by_role("alert")).to_contain_text("your agency has it")
            page.get_by_label("Team").fill("Larkham duty team")
            page.get_by_label("When did you talk about it?").fill(NOW.date().isoformat())
            page.get_by_label("What will you change? (optional)").fill("It stands in our handover.")
            page.get_by_role("button", name="Add this discussion").click()
            expect(page.get_by_role("alert")).to_contain_text("Enter how many people took part")
            page.get_by_label("How many people took part?").fill("9")
            page.get_by_role("button", name="Add this discussion").click()
            expect(page.get_by_role("listitem").filter(has_text="Larkham duty team")).to_contain_text("9 people")
        with window(chromium, address, cookie.value) as context:
            page = context.new_page()
            page.goto(cascade)
            row = page.get_by_role("row").filter(has_text="Rowan Valley Police").first
            expect(row).to_contain_text("Discussed")
            expect(row).to_contain_text("It stands in our handover.")
