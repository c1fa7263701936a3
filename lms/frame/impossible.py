"""What no page can mean anything by: numbers that no row has, and characters that no text holds. Refused once, here."""

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

from lms.frame.problems import is_for_programs

LARGEST = 2**31 - 1
"""The largest number of a row. PostgreSQL refuses to look for one beyond it."""


class RowNumber(IntegerConverter):
    """`<int:...>` in an address: a number that a row could have, else there is no page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **kwargs})


class Typed(ImmutableMultiDict[str, str]):
    """What stands after the question mark. A number beyond all numbers is as if it had not been typed."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002
        found = super().get(key, default, type)
        return default if isinstance(found, int) and abs(found) > LARGEST else found


class BoundedRequest(Request):
    """A request whose numbers are checked where they are read."""

    parameter_storage_class = Typed


def refuse_the_impossible(app: Flask) -> None:
    """Teach the application which addresses and values cannot be meant. Before any route is added."""
    app.request_class = BoundedRequest
    app.url_map.converters["int"] = RowNumber
    app.before_request(_no_zero_bytes)


def _no_zero_bytes() -> None:
    """PostgreSQL keeps no zero byte in a text, and nobody types one. The API says itself where one stands."""
    if is_for_programs():
        return
    parts = [*(request.view_args or {}).values(), *request.args, *request.args.values()]
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        parts += [*request.form, *request.form.values(), *(file.filename or "" for file in request.files.values())]
    if any(isinstance(each, str) and "\0" in each for each in parts):
        abort(400)
