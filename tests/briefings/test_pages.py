"""The pages of briefings: what readers find, what writers do, and what is gone after a recall."""

from collections.abc import Callable
from xml.etree.ElementTree import fromstring

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from briefings.writing.forms import as_typed
from briefings.writing.models import BriefingVersion
from briefings.writing.recalling.services import recall_briefing
from lms.people.models import Person
from tests.briefings.conftest import Office
from tests.databases import ON_SQLITE
from tests.queries import counted_queries

SignIn = Callable[[Person], FlaskClient]
ATOM = "{http://www.w3.org/2005/Atom}"


def typed(version: BriefingVersion, **changes: object) -> dict[str, object]:
    """What the browser sends when the form is saved."""
    values = as_typed(version)
    data: dict[str, object] = {name: value for name, value in values.items() if name != "parts"}
    for place, part in enumerate(values["parts"]):
        data |= {f"parts-{place}-title": part["title"], f"parts-{place}-body": part["body"]}
    return {**data, **changes}


def shapes(number: int) -> list[str]:
    files = [f"/briefings/{number}/{shape}.pdf" for shape in ("one-page", "slides", "poster")]
    return [f"/briefings/{number}", f"/b/{number}", *files]


def main_of(html: str) -> str:
    """The page without its tokens."""
    return html.partition("<main")[2]


@pytest.mark.slow
def test_readers_find_it_in_every_shape_and_after_a_recall_in_none(
    office: Office, client: FlaskClient, sign_in: SignIn
) -> None:
    point = office.make.learning_point(themes=("Under 1s",))
    version = office.published(point_ids=(point.id,), summary="About <adults> & babies")
    for _ in range(2):
        office.published(title="Another one")
    secret = office.published(title="Only inside", is_public=False)
    office.make.commit()
    number = version.briefing_id
    for url in shapes(number):
        assert client.get(url, follow_redirects=True).status_code == 200, url
    said = client.get("/briefings?q=adults baby&kind=seven_minute&theme=1").text
    assert "Every adult in a baby’s life" in said
    assert "Another one" not in said
    assert "Only inside" not in client.get("/briefings").text
    assert client.get(f"/briefings/{secret.briefing_id}").status_code == 404
    inside = sign_in(office.make.person("Amara Fenwick-Osei"))
    assert "Only inside" in inside.get("/briefings").text
    entries = fromstring(client.get("/briefings.atom").data).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Another one"] * 2 + [
        "Every adult in a baby’s life"
    ]
    assert entries[2].findtext(f"{ATOM}summary") == "About <adults> & babies"
    recall_briefing(office.acting(office.writer), number, reason="A figure is wrong.")
    office.make.commit()
    for browser in (client, inside):
        never = browser.get("/briefings/999999")
        for url in shapes(number):
            answer = browser.get(url)
            assert (answer.status_code, answer.text.count("adult")) == (404, 0), url
        assert main_of(browser.get(f"/briefings/{number}").text) == main_of(never.text)
        assert "Every adult" not in browser.get("/briefings").text
    assert b"Every adult" not in client.get("/briefings.atom").data


def test_the_library_asks_the_same_number_of_queries_however_long_it_is(
    office: Office, app: Flask, client: FlaskClient
) -> None:
    def asked() -> int:
        with app.app_context():
            engine: Engine = app.extensions["sqlalchemy"].engine
        with counted_queries(engine) as sent:
            client.get("/briefings")
        return len(sent)

    point = office.make.learning_point(themes=("Under 1s",))
    office.published(point_ids=(point.id,))
    office.make.commit()
    one = asked()
    for _ in range(3):
        office.published(point_ids=(point.id,))
    office.make.commit()
    assert asked() == one


@ON_SQLITE
@pytest.mark.slow
def test_a_writer_writes_asks_and_is_refused_in_words_with_what_was_typed(office: Office, sign_in: SignIn) -> None:
    browser = sign_in(office.writer)
    pasted = "\n".join(f"## Part {number}\nWords." for number in range(1, 9))
    refused = browser.post("/briefings/new", data={"kind": "seven_minute", "title": "Eight", "text": pasted})
    assert refused.status_code == 422
    assert "exactly seven parts, and this has 8" in refused.text
    assert "## Part 8" in refused.text
    made = browser.post("/briefings/new", data={"kind": "seven_minute", "title": "Seven", "text": pasted[:-16]})
    assert made.status_code == 303
    version = office.draft()
    office.make.commit()
    edit = f"/briefings/{version.briefing_id}/versions/1/edit"
    too_long = browser.post(edit, data=typed(version, **{"parts-2-body": "word " * 1500, "then": "ask"}))
    assert too_long.status_code == 422
    assert "at most 1,400 words" in too_long.text
    assert too_long.text.count("word word") > 0
    eight = browser.post(edit, data=typed(version, **{"parts-7-title": "Eighth", "parts-7-body": "x"}))
    assert "this has 8" in eight.text
    measured = browser.post(
        edit.replace("/edit", "/measure"), data=typed(version, **{"parts-2-body": "Kayleigh " + "word " * 1500})
    )
    assert "too many" in measured.text
    assert "Kayleigh</strong>, a likely name. Part 3" in measured.text
    assert browser.post(edit, data=typed(version, title="Better", then="ask")).status_code == 303
    assert "Waiting to be checked" in browser.get(f"/briefings/{version.briefing_id}/work").text
    other = sign_in(office.second)
    assert "briefing to check" in other.get("/today").text
    assert "briefing to check" not in browser.get("/today").text
    assert "Check: Better" in other.get("/briefings/desk").text
    assert other.post(f"/briefings/{version.briefing_id}/versions/1/publish").status_code == 409


@ON_SQLITE
@pytest.mark.parametrize("way", ["", "<b>x</b>", "99999999999999999999", "-1"])
def test_what_makes_no_sense_in_an_address_shows_the_whole_library(
    office: Office, client: FlaskClient, way: str
) -> None:
    office.published()
    office.make.commit()
    answer = client.get("/briefings", query_string={"theme": way, "kind": way, "page": way})
    assert "Every adult" in answer.text
