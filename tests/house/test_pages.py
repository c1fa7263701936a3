"""Every page, as everybody: none breaks, none writes, every line of the menu leads somewhere."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest

from lms.frame.access import Role
from tests.house.world import NOBODY, WHO, Seen, World, readable_rules

pytestmark = pytest.mark.slow

OK = 200
ROW = 13
"""As many words stand side by side on a desk; another line of the menu belongs into a group. (One is the current's.)"""


EACH_READS_WHAT_IS_THEIRS = (NOBODY, *(role.value for role in (Role.DELEGATE, Role.TRAINER, Role.AGENCY_LEAD)))
"""Whose queries differ from those of an office, which reads everything."""


@pytest.mark.parametrize("who", WHO)
def test_no_page_breaks_or_writes(sqlite_world: World, who: str) -> None:
    """The database refuses what a GET writes, so a page that answers has written nothing."""
    assert broken(sqlite_world.walk(who)) == []


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
@pytest.mark.parametrize("who", [*EACH_READS_WHAT_IS_THEIRS, Role.BUSINESS_MANAGER.value])
def test_no_page_breaks_or_writes_on_postgresql(world: World, who: str) -> None:
    """Each page that the guard lets them see, as everybody whose queries are their own, and as who sees most."""
    seen = world.walk(who)
    assert len(seen) > 40
    assert broken(seen) == []


OWN_PAGES = {"charging.answer": "agency_lead", "charging.charge": "agency_lead", "bookings.booking": "delegate"}
"""Pages that open to somebody only for a record of their own, and who that is: the walk has to have seen them."""


@pytest.mark.parametrize("who", [role.value for role in Role])
def test_no_page_breaks_about_a_record_of_ones_own(sqlite_world: World, who: str) -> None:
    """The person whom a record concerns opens every page about it: what a guard hides from everybody else."""
    seen = sqlite_world.walk_own(who)
    assert broken(seen) == []
    opened = {each.endpoint for each in seen.values() if each.status == 200}
    assert {endpoint for endpoint, whose in OWN_PAGES.items() if whose == who} - opened == set()


def broken(walk: Mapping[str, Seen]) -> list[str]:
    return [f"{url} answers {seen.status}" for url, seen in walk.items() if seen.status >= 500]


@pytest.mark.parametrize("who", WHO)
def test_no_two_pages_are_called_the_same(sqlite_world: World, who: str) -> None:
    """Somebody with six tabs open, or a screen reader that says the title, knows which page it is (WCAG 2.4.2)."""
    called: dict[str, dict[int, str]] = {}
    for url, seen in sqlite_world.walk(who).items():
        if seen.is_page and seen.status == OK:
            called.setdefault(seen.title, {}).setdefault(seen.said, url)
    assert [(title, *pages.values()) for title, pages in called.items() if len(pages) > 1] == []


@pytest.mark.parametrize("who", WHO)
def test_every_line_of_the_menu_leads_somewhere(sqlite_world: World, who: str) -> None:
    world = sqlite_world
    browser = world.browser(who)
    with world.app.test_request_context():
        lines = [(item.title, world.app.url_for(item.endpoint), item.permission) for item in world.site.menu]
    page = browser.get("/booking-policy").text
    shown = [(title, url, permission) for title, url, permission in lines if f'href="{url}"' in page]
    for title, url, permission in lines:
        if permission is None:
            assert (title, url, permission) in shown, f"{title} is for everyone, but not in the menu of {who}"
    for title, url, _ in shown:
        answer = browser.get(url, follow_redirects=who == NOBODY)
        assert answer.status_code in (200, 302, 303), f"{title} leads {who} to {answer.status}"
        assert not urlsplit(answer.location or "").netloc
        if answer.status_code == 200 and answer.request.path == url:
            menu = answer.text.split("</nav>")[0]
            assert menu.count('aria-current="page"') == menu.count("aria-current") == 1, f"{title} is not marked once"
            assert menu.count("govuk-service-navigation__item") <= ROW, f"The menu of {who} needs a second row"


def test_every_page_with_parameters_opens_for_somebody(sqlite_world: World) -> None:
    """When this fails, add an example to EXAMPLES or TABLES in world.py, and the record it needs to `fill`."""
    opened = {
        seen.endpoint
        for who in WHO
        for seen in sqlite_world.walk(who).values()
        if seen.status < 400 and "/sign-in?" not in seen.leads_to
    }
    rules = {rule.endpoint for rule in readable_rules(sqlite_world.app) if rule.arguments}
    assert rules - opened == set()


def test_an_address_that_names_nothing_is_a_page_not_found(world: World) -> None:
    """Unknown ids answer 404, or what their guard answers; never a fault of ours."""
    for who in (NOBODY, "coordinator", "delegate"):
        browser = world.browser(who)
        with world.app.test_request_context():
            urls = [
                world.app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 987_654_321))
                for rule in readable_rules(world.app)
                if rule.arguments
            ]
        for url in urls:
            with browser.get(url) as answer:
                assert answer.status_code in (302, 303, 403, 404), f"{url} answers {answer.status} to {who}"
