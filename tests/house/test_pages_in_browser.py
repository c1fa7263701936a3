"""Every page in Chromium, for everybody, on a phone and on a desk: accessible, no sideways scrolling, no complaint.

Every page is shown at both widths to everybody to who it says something else. axe, which takes most of the time, looks
at each page once for everybody for whom it is built of other elements; and at the contrast of text, which takes most of
axe's time, once for each colour and size of letters on each ground. Chromium is shown what the walk was answered: each
page is made once, and what its scripts ask for is answered by the application.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response

from tests.browser import DESK, PHONE, served, window
from tests.house.world import NOBODY, WHO, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
VIOLATIONS = f"axe.run({json.dumps(RULES)}).then(found => found.violations)"
AXE = "/axe-of-tests.js"
COOKIE = "golden_thread"
LOOKS = """known => {
  const grounds = new Map();
  const ground = each => {
    if (each === null) return {said: "", box: null};
    if (!grounds.has(each)) {
      const style = getComputedStyle(each), under = ground(each.parentElement);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position, style.filter].join();
      const isPlain = own === "rgba(0, 0, 0, 0),none,1,static,none";
      const box = style.backgroundColor === "rgba(0, 0, 0, 0)" ? under.box : each.getBoundingClientRect();
      grounds.set(each, isPlain ? under : {said: `${under.said}/${own}`, box: box});
    }
    return grounds.get(each);
  };
  const letters = each => {
    const style = getComputedStyle(each);
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, style.textDecorationLine,
      style.borderBottomWidth].join();
  };
  const isWithin = (each, box) => {
    const own = each.getBoundingClientRect();
    return box === null || (own.left >= box.left && own.right <= box.right && own.top >= box.top
      && own.bottom <= box.bottom);
  };
  const before = new Set(known), found = new Set();
  for (const each of document.querySelectorAll("body *")) {
    const hasText = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!hasText && !("value" in each)) continue;
    const under = ground(each), around = each.tagName === "A" ? letters(each.parentElement) : "";
    const look = [each.tagName, letters(each), around, under.said, isWithin(each, under.box)].join("|");
    if (!before.has(look)) {
      found.add(look);
      each.setAttribute("data-look", "");
    }
  }
  axe.configure({rules: [
    {id: "color-contrast", selector: "[data-look]"},
    {id: "link-in-text-block", selector: "a[href][data-look]"},
  ]});
  return [...found];
}"""
"""Marks the text that looks like none before, by the colour, size and weight of its letters, what they stand on, and
whether they stay within it: its contrast is looked at. Answers how it looks."""

OUR_STATUS = "Failed to load resource: the server responded with a status of"
STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const out = [...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > wide + 0.5);
  return out.slice(-3).map(each => each.outerHTML.slice(0, 120)).join(" | ") || "something";
}"""


@pytest.fixture(scope="session")
def cookies(sqlite_world: World) -> dict[str, str | None]:
    """By which everybody is signed in."""
    return {who: session_cookie(sqlite_world, who) for who in WHO}


@pytest.fixture(scope="session")
def base_url(sqlite_world: World, cookies: dict[str, str | None]) -> Iterator[str]:
    """What the walk was answered, and the application."""
    with served(as_walked(sqlite_world, cookies)) as url:
        yield url


def as_walked(world: World, cookies: dict[str, str | None]) -> Any:
    """Each page as whoever has the cookie was answered it; what else is asked for, the application answers.

    With axe beside it: Chromium keeps what it made of a script that it has fetched before.
    """
    axe = Response(AXE_SCRIPT, mimetype="text/javascript", headers={"Cache-Control": "public, max-age=31536000"})
    whose = {cookie: who for who, cookie in cookies.items()}

    def answer(environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] == AXE:
            return axe(environ, start)
        who = whose.get(parse_cookie(environ).get(COOKIE))
        seen = world.walk(who).get(environ["REQUEST_URI"]) if who and environ["REQUEST_METHOD"] == "GET" else None
        if seen is None or seen.answer is None:
            return world.app(environ, start)
        return Response(seen.answer.body, seen.answer.status, Headers(seen.answer.headers))(environ, start)

    return answer


@pytest.fixture(scope="session")
def looks() -> set[str]:
    """How text looked whose contrast axe has looked at."""
    return set()


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


def faults_of(page: Page, stop: Stop, looks: set[str]) -> Iterator[str]:
    """What is wrong with a page; of the contrast of text, where it looks like none before.

    It is loaded at the width at which the page before it was looked at last, so that both kinds of loading occur.
    """
    answer = page.goto(stop.url)
    if answer is None or answer.status >= 500:
        yield f"{stop.url} answers {answer.status if answer else 'nothing'}"
    for size in (PHONE, DESK) if page.viewport_size == PHONE else (DESK, PHONE):
        if page.viewport_size != size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        at = f"{stop.url} at {size['width']} px"
        if sticking_out := page.evaluate(STICKING_OUT):
            yield f"{at}: scrolls sideways because of {sticking_out}"
        if stop.axe_at is size:
            yield from (f"{at}: {each}" for each in violations_on(page, looks))


def violations_on(page: Page, looks: set[str]) -> Iterator[str]:
    """What axe finds on the page as it is shown now."""
    page.add_script_tag(url=AXE)
    looks.update(page.evaluate(LOOKS, sorted(looks)))
    for violation in page.evaluate(VIOLATIONS):
        where = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        yield f"{violation['id']}: {violation['help']}: {where}"


@pytest.mark.parametrize("who", WHO)
def test_every_page_works_for_everybody_on_every_width(
    chromium: Browser,
    base_url: str,
    tour: dict[str, list[Stop]],
    looks: set[str],
    cookies: dict[str, str | None],
    who: str,
) -> None:
    with window(chromium, base_url, cookies[who]) as context:
        page = context.new_page()
        listening = Listening(page, base_url)
        faults: list[str] = []
        for stop in tour[who]:
            faults += faults_of(page, stop, looks)
            faults += [f"{stop.url}: {each}" for each in listening.heard]
            listening.heard.clear()
    assert faults == []


@pytest.fixture
def shown(chromium: Browser) -> Iterator[Callable[[str], list[str]]]:
    """What is found on pages of this content, one after another: each kind of fault."""
    page, looks = chromium.new_page(), set[str]()

    def found(content: str) -> list[str]:
        html = f'<html lang="en"><title>A</title><main>{content}</main>'
        page.route(ANYWHERE, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.route(f"**{AXE}", lambda route: route.fulfill(body=AXE_SCRIPT, content_type="text/javascript"))
        return [fault.removeprefix(ANYWHERE) for fault in faults_of(page, Stop(ANYWHERE, DESK), looks)]

    yield found
    page.close()


ANYWHERE = "http://127.0.0.1/anywhere"


def test_the_tour_finds_what_is_wrong(shown: Callable[[str], list[str]]) -> None:
    label, wide = shown('<input><p style="width:500px">Wide</p>')
    assert label.startswith(" at 1280 px: label: Form elements must have labels")
    assert wide.startswith(" at 360 px: scrolls sideways because of <p")


def test_the_contrast_of_every_look_is_found_on_whichever_page_it_comes_first(
    shown: Callable[[str], list[str]],
) -> None:
    grey, pale, said = '<p style="color: #777">Grey</p>', '<p style="color: #eee">Pale</p>', "contrast ratio threshold"
    link = '<p>Text with <a href="/" style="color: #111; text-decoration: none">a link</a> in it</p>'
    assert shown("<p>Black</p>") == []
    assert [said in each for each in shown(f"<p>Black</p>{pale}")] == [True]
    assert shown(f"<p>Black</p>{pale}") == [], "it was looked at"
    assert len(shown('<p>Black</p><div style="background: #444"><p>Black</p></div>')) == 1
    assert len(shown(f'<div style="background: #fff; width: 99px; white-space: nowrap">{grey}</div>')) == 1
    assert ["link-in-text-block" in each for each in shown(link)] == [True]


def session_cookie(world: World, who: str) -> str | None:
    if who == NOBODY:
        return None
    cookie = world.browser(who).get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value
