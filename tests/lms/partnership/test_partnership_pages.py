"""The partnership's settings, colours and the pages that everybody reads."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.kit.errors import Invalid
from lms.partnership.rules import check_brand, contrast
from lms.people.models import Person
from tests.databases import ON_SQLITE
from tests.make import Make

SignIn = Callable[[Person], FlaskClient]
OURS = {"brand": "#0f4a5a", "brand_dark": "#0a3541", "brand_mid": "#4f8390", "brand_tint": "#e9f1f3"}
TYPED = {
    "short_name": "Rowan Valley",
    "rest_of_name": "Safeguarding Children Partnership",
    "team_name": "Training team",
    "team_email": "Training@rowanvalleyscp.example",
    "front_door_name": "Front Door",
    "front_door_phone": "01632 960 100",
    "ref_prefix": "RV",
}


def test_contrast_is_as_wcag_defines_it() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#0f4a5a", "#ffffff") == pytest.approx(9.8, abs=0.05)
    check_brand(**OURS)
    check_brand(brand="", brand_dark="", brand_mid="", brand_tint="")


@pytest.mark.parametrize(
    ("field", "colour", "words"),
    [("brand", "#8ab4c0", "cannot be read"), ("brand_tint", "#4f8390", "paler"), ("brand_mid", "", "all four")],
)
def test_colours_that_cannot_be_read_are_refused(field: str, colour: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        check_brand(**{**OURS, field: colour})
    assert refusal.value.field == field


@ON_SQLITE
def test_the_settings_change_the_name_and_colours_of_every_page(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.coordinator())
    assert browser.post("/settings/partnership", data={**TYPED, **OURS}).status_code == 303
    page = browser.get("/contact").text
    assert "training@rowanvalleyscp.example" in page
    assert "brand.css" in page
    css = browser.get("/brand.css")
    assert css.mimetype == "text/css"
    assert css.text == (
        ":root{--gt-brand:#0f4a5a;--gt-brand-dark:#0a3541;--gt-brand-mid:#4f8390;--gt-brand-tint:#e9f1f3;}\n"
    )
    assert browser.get("/brand.css", headers={"If-None-Match": css.headers["ETag"]}).status_code == 304


@ON_SQLITE
def test_a_refused_setting_keeps_what_was_typed(sign_in: SignIn, make: Make) -> None:
    browser = sign_in(make.coordinator())
    answer = browser.post("/settings/partnership", data={**TYPED, **OURS, "brand": "red"})
    assert answer.status_code == 422
    assert "#0f4a5a" in answer.text
    assert 'value="01632 960 100"' in answer.text


def test_settings_are_the_offices(sign_in: SignIn, make: Make, client: FlaskClient) -> None:
    assert sign_in(make.coordinator()).get("/settings").status_code == 200
    assert sign_in(make.person()).get("/settings").status_code == 403
    assert client.get("/settings").status_code == 302


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/contact", "Worried about a child?"),
        ("/privacy", "30 days after the event"),
        ("/accessibility", "we do not claim that it has"),
        ("/help", "until 5 working days before"),
        ("/booking-policy", "£35 for a day of 4 hours or less"),
        ("/booking-policy", "This partnership chose these terms"),
        ("/booking-policy", "Version 1"),
    ],
)
def test_everybody_reads_the_pages_about_the_partnership(client: FlaskClient, address: str, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert words in answer.text


@ON_SQLITE
def test_the_statements_say_what_the_partnership_wrote(sign_in: SignIn, make: Make, client: FlaskClient) -> None:
    coordinator = sign_in(make.coordinator())
    written = {
        "dpo_name": "The information office",
        "dpo_email": "dpo@example.org",
        "ico_number": "Z1234567",
        "privacy_more": "Figures go to <scrutiny>.\r\n\r\nNames go nowhere.",
        "accessibility_problems": "The map is a picture\nThe lift is small",
        "accessibility_tested": "our staff network",
        "accessibility_tested_on": "",
    }
    half = coordinator.post("/settings/statements", data=written)
    assert half.status_code == 422
    assert "Enter both who tested it and when" in half.text
    tested = {**written, "accessibility_tested_on": "2026-02-27"}
    assert coordinator.post("/settings/statements", data=tested).status_code == 303
    privacy, accessibility = client.get("/privacy").text, client.get("/accessibility").text
    for words in ("dpo@example.org", "Z1234567", "Figures go to &lt;scrutiny&gt;.</p>", "6 years after the event"):
        assert words in privacy
    for words in ("<li>The lift is small</li>", "27 February 2026: our staff network", "Last changed on"):
        assert words in accessibility
    assert coordinator.post("/settings/statements", data={**tested, "dpo_email": "no"}).status_code == 422
