"""Help: one page for each role, with pictures that are there, and links that lead somewhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.exceptions import MethodNotAllowed

from lms.frame.access import Role
from lms.partnership.written import GUIDES, PICTURE_SIZE, Guide
from lms.people.models import Person
from tests.databases import ON_SQLITE
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]

ROOT = Path(__file__).parents[3]
PICTURES = [picture for guide in GUIDES for picture in guide.pictures]
FOLDER = ROOT / "lms" / "static" / "help"
IMAGE = re.compile(r"<img\b[^>]*>")
LINK = re.compile(r'<a\b[^>]*href="(/[^"?#]*)')


def test_every_picture_of_help_is_there_and_says_what_it_shows() -> None:
    assert {FOLDER / Path(each.file).name for each in PICTURES} == set(FOLDER.iterdir())
    assert [each.name for each in PICTURES if len(each.alt) < 40] == []
    assert {Image.open(ROOT / "lms" / "static" / each.file).size for each in PICTURES} == {PICTURE_SIZE}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 600_000


@pytest.mark.parametrize("guide", GUIDES, ids=lambda each: each.name)
def test_every_page_of_help_shows_its_pictures(guide: Guide) -> None:
    written = (ROOT / "templates" / guide.template).read_text(encoding="utf-8")
    assert re.findall(r'picture\("([^"]+)"\)', written) == [each.name for each in guide.pictures]


@ON_SQLITE
def test_every_link_of_help_leads_somewhere(app: Flask, sign_in: SignIn, make: Make, client: FlaskClient) -> None:
    """Whoever reads them: pages that a reader may not open are named without a link."""
    manager = make.person(roles=(Role.BUSINESS_MANAGER,))
    urls = app.url_map.bind("localhost")
    for browser in (client, sign_in(manager)):
        for guide in GUIDES:
            page = browser.get(f"/help/{guide.name}").text
            shown = page.partition("<main")[2].partition("</main")[0]
            assert [image for image in IMAGE.findall(shown) if 'alt="' not in image or 'alt=""' in image] == []
            for address in LINK.findall(shown):
                try:
                    urls.match(address)
                except MethodNotAllowed:
                    pytest.fail(f"{guide.name}: {address} cannot be opened")
        assert all(f"/help/{guide.name}" in browser.get("/help").text for guide in GUIDES)
    assert "/settings" in sign_in(manager).get("/help/business-manager").text
    assert 'href="/settings"' not in client.get("/help/business-manager").text.partition("<main")[2]


@ON_SQLITE
def test_a_page_of_help_that_there_is_not_is_not_found(client: FlaskClient) -> None:
    assert client.get("/help/no-such-role").status_code == 404


@ON_SQLITE
def test_help_says_how_an_offer_works(client: FlaskClient) -> None:
    page = client.get("/help/offers").text
    for words in (
        "24 hours",
        "until noon on the",
        "we offer the place to the next person",
        "you keep your turn",
        "first person to accept gets it",
    ):
        assert words in page
