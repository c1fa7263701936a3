"""Every form that refuses says so in words and keeps what was typed."""

from collections.abc import Iterator

import pytest

from briefings.writing.rules import BriefingKind
from lms.frame.access import Role
from lms.testing.sheets import SheetFilled, faults_of_form, kept, sheets
from tests.house.world import WHO, World

pytestmark = pytest.mark.slow


def all_sheets(world: World, who: str) -> Iterator[tuple[str, SheetFilled]]:
    """Every form that somebody was shown on their walk, once each."""
    found: set[tuple[str, ...]] = set()
    for url, seen in world.walk(who).items():
        for sheet in sheets(url, seen.html):
            if (seen.endpoint, *sheet.typed) not in found:
                found.add((seen.endpoint, *sheet.typed))
                yield url, sheet


@pytest.mark.parametrize("who", WHO)
def test_a_form_that_refuses_says_so_and_keeps_what_was_typed(
    sqlite_world: World, large_world: World, who: str
) -> None:
    """Ask each form for nothing, then for the impossible: it answers in words, and nothing typed is lost."""
    browser = large_world.browser(who)
    found = all_sheets(sqlite_world, who)
    assert [fault for url, sheet in found for fault in faults_of_form(browser, url, sheet)] == []


LONG_FORMS = (
    (Role.DELEGATE, "wishes.book"),
    (Role.REVIEW_OFFICER, "writing.edit"),
    (Role.REVIEW_OFFICER, "reviewing.write"),
    (Role.COORDINATOR, "events.edit"),
    (Role.BUSINESS_MANAGER, "policies.draft"),
)
BEGUN_BY = {
    "writing.edit": [("/briefings/new", {"title": "Neglect", "kind": BriefingKind.SEVEN_MINUTE.value})],
    "policies.draft": [("/policies", {"draft_name": "From April"})],
}
"""What is posted first, where the form is shown for a draft alone."""


def test_a_long_form_comes_back_as_it_was_typed_when_the_session_had_ended(own_world: World) -> None:
    """A booking, a briefing, a review, the joining note of an event, the policy: sent too late, and nothing is lost."""
    for role, endpoint in LONG_FORMS:
        browser = own_world.browser(role.value)
        pages = [each.url for each in own_world.open_to(role.value) if each.endpoint == endpoint]
        pages += [browser.post(at, data=data).location for at, data in BEGUN_BY.get(endpoint, ())]
        found = [(url, sheet) for url in pages for sheet in sheets(url, browser.get(url).text)]
        assert found, f"{endpoint} has no form at {pages}"
        url, sheet = found[0]
        assert "to send this. If it takes longer" in browser.get(url).text, f"{endpoint} does not say how long"
        with browser.session_transaction() as cookie:
            key, cookie["_user_id"] = cookie["_user_id"], "over"
        assert browser.post(sheet.action, data=sheet.values).status_code == 303, endpoint
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = key
        html = browser.get(url).text
        assert "You were signed out before this was sent" in html, endpoint
        held = kept(html)
        assert {name: text for name, text in sheet.typed.items() if held.get(name) != text} == {}, endpoint
