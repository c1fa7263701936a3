"""Every form that refuses says so in words and keeps what was typed."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from lms.testing.sheets import SheetFilled, faults_of_form, sheets
from tests.house.world import WHO, World

pytestmark = pytest.mark.slow


def all_sheets(world: World, who: str, browser: FlaskClient) -> Iterator[tuple[str, SheetFilled]]:
    """Every form that this browser is shown, once each and as it is at that moment."""
    seen: set[tuple[str, ...]] = set()
    for address in world.open_to(who):
        with browser.get(address.url) as answer:
            html = answer.text if answer.status_code == 200 and answer.mimetype == "text/html" else ""
        for sheet in sheets(address.url, html):
            if (address.endpoint, *sheet.typed) not in seen:
                seen.add((address.endpoint, *sheet.typed))
                yield address.url, sheet


@pytest.mark.parametrize("who", WHO)
def test_a_form_that_refuses_says_so_and_keeps_what_was_typed(own_world: World, who: str) -> None:
    """Ask each form for nothing, then for the impossible: it answers in words, and nothing typed is lost."""
    browser = own_world.browser(who)
    found = all_sheets(own_world, who, browser)
    assert [fault for url, sheet in found for fault in faults_of_form(browser, url, sheet)] == []
