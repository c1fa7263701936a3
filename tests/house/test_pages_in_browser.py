"""Every page in Chromium, for everybody, on a phone and on a desk: accessible, no sideways scrolling, no complaint.

Every page is shown at both widths to everybody to whom it says something else. axe, which takes most of the time, looks
at each page once for everybody for whom it is built of other elements.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser import DESK, PHONE, served, window
from tests.house.world import NOBODY, WHO, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
VIOLATIONS = f"axe.run({json.dumps(RULES)}).then(found => found.violations)"
OUR_STATUS = "Failed to load resource: the server responded with a status of"
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const out = [...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > wide + 0.5);
  return out.slice(-3).map(each => each.outerHTML.slice(0, 120)).join(" | ") || "something";
}"""


@pytest.fixture(scope="session")
def base_url(sqlite_world: World) -> Iterator[str]:
    with served(sqlite_world.app) as url:
        yield url


class Stop(NamedTuple):
    """One page to look at; `axe_at` is the width at which axe looks, if it does."""

    url: str
    axe_at: dict[str, int] | None


@pytest.fixture(scope="session")
def tour(sqlite_world: World) -> dict[str, list[Stop]]:
    """Whom to show which page: each page once for everybody whom it shows something else."""
    shown: set[int] = set()
    examined: dict[str, set[int]] = {}
    return {who: list(_stops(sqlite_world, who, shown, examined)) for who in WHO}


def _stops(world: World, who: str, shown: set[int], examined: dict[str, set[int]]) -> Iterator[Stop]:
    """axe sees a page on a desk first, where nothing is folded away, and its other shapes on a phone."""
    opened: set[str] = set()
    for url, seen in world.walk(who).items():
        if seen.endpoint in opened or not seen.is_page or 300 <= seen.status < 400:
            continue
        if seen.status == 200:
            opened.add(seen.endpoint)
        if seen.content not in shown:
            shown.add(seen.content)
            shapes = examined.setdefault(seen.endpoint if seen.status == 200 else str(seen.status), set())
            width = PHONE if shapes else DESK
            yield Stop(url, None if seen.shape in shapes else width)
            shapes.add(seen.shape)


class Listening:
    """What a page does besides being shown: complaints in the console, faults of scripts, requests elsewhere."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.heard: list[str] = []
        self.base_url = base_url
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script fault: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(OUR_STATUS):
            self.heard.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "data:")):
            self.heard.append(f"asks elsewhere: {request.url}")


def faults_of(page: Page, stop: Stop) -> Iterator[str]:
    """What is wrong with a page."""
    answer = page.goto(stop.url)
    if answer is None or answer.status >= 500:
        yield f"{stop.url} answers {answer.status if answer else 'nothing'}"
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        at = f"{stop.url} at {size['width']} px"
        if sticking_out := page.evaluate(STICKING_OUT):
            yield f"{at}: scrolls sideways because of {sticking_out}"
        if stop.axe_at is size:
            yield from (f"{at}: {each}" for each in violations_on(page))
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def violations_on(page: Page) -> Iterator[str]:
    """What axe finds on the page as it is shown now."""
    page.evaluate(AXE_SCRIPT)
    for violation in page.evaluate(VIOLATIONS):
        where = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        yield f"{violation['id']}: {violation['help']}: {where}"


@pytest.mark.parametrize("who", WHO)
def test_every_page_works_for_everybody_on_every_width(
    chromium: Browser, base_url: str, tour: dict[str, list[Stop]], sqlite_world: World, who: str
) -> None:
    with window(chromium, base_url, session_cookie(sqlite_world, who)) as context:
        page = context.new_page()
        listening = Listening(page, base_url)
        faults: list[str] = []
        for stop in tour[who]:
            faults += faults_of(page, stop)
            faults += [f"{stop.url}: {each}" for each in listening.heard]
            listening.heard.clear()
    assert faults == []


def test_the_tour_finds_what_is_wrong(chromium: Browser) -> None:
    wrong = "http://127.0.0.1/wrong"
    html = '<html lang="en"><title>A</title><main><input><p style="width:500px">Wide</p></main>'
    page = chromium.new_page()
    page.route(wrong, lambda route: route.fulfill(body=html, content_type="text/html"))
    found = list(faults_of(page, Stop(wrong, DESK)))
    page.close()
    assert [fault.removeprefix(wrong).split(":")[0] for fault in found] == [" at 1280 px", " at 360 px"]
    assert "label: Form elements must have labels" in found[0]
    assert "scrolls sideways because of <p" in found[1]


def session_cookie(world: World, who: str) -> str | None:
    if who == NOBODY:
        return None
    cookie = world.browser(who).get_cookie("golden_thread")
    assert cookie is not None
    return cookie.value
