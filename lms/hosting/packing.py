"""Pages are sent packed. What somebody secretly measures of their length tells nothing: each is longer by chance."""

import gzip
import io
import secrets

from flask import Flask, request
from werkzeug.wrappers import Response

SMALLEST_BYTES = 1_000
MOST_ADDED_BYTES = 100
LEVEL = 5
"""Two milliseconds for a page of 100 kB; more takes twice as long and saves two in a hundred."""


def pack_pages(app: Flask) -> None:
    """Send pages packed to every browser that can unpack them."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    page = response.get_data()
    if not request.accept_encodings.quality("gzip") or response.content_encoding or len(page) < SMALLEST_BYTES:
        return response
    response.set_data(packed(page))
    response.content_encoding = "gzip"
    return response


def packed(page: bytes) -> bytes:
    """A page packed, with a name in its head that no program reads and that is as long as chance has it."""
    name = secrets.token_hex(MOST_ADDED_BYTES)[: 1 + secrets.randbelow(MOST_ADDED_BYTES)]
    into = io.BytesIO()
    with gzip.GzipFile(name, "wb", LEVEL, into, mtime=0) as file:
        file.write(page)
    return into.getvalue()
