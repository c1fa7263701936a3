"""Pages are sent packed, and their length is not what it was a moment ago."""

import gzip

from flask import Flask
from werkzeug.wrappers import Response

from lms.hosting.packing import MOST_ADDED_BYTES, pack_pages, packed

PAGE = "<p>Safer babies</p>" * 400


def app() -> Flask:
    made = Flask("pages")
    pack_pages(made)
    made.add_url_rule("/page", "page", lambda: PAGE)
    made.add_url_rule("/short", "short", lambda: "<p>Short</p>")
    made.add_url_rule("/figures", "figures", lambda: Response(PAGE, mimetype="application/json"))
    return made


def test_a_page_is_packed_for_who_can_unpack_it() -> None:
    client = app().test_client()
    answer = client.get("/page", headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(answer.data).decode() == PAGE
    assert len(answer.data) == answer.content_length < len(PAGE) / 10
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert client.get("/page").text == PAGE


def test_what_is_short_or_no_page_is_sent_as_it_is() -> None:
    client = app().test_client()
    for path in ("/short", "/figures"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_the_length_of_a_page_differs_by_chance_so_that_it_tells_nothing_of_what_is_in_it() -> None:
    lengths = {len(packed(PAGE.encode())) for _ in range(60)}
    assert len(lengths) > 20
    assert max(lengths) - min(lengths) <= MOST_ADDED_BYTES
