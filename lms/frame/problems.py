"""Refusals of the API: application/problem+json (RFC 9457), in the same words as on the pages."""

from http import HTTPStatus

from flask import Response, jsonify, request

from lms.kit.errors import Invalid, Refused

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
TITLES = {
    HTTPStatus.BAD_REQUEST: "This cannot be read",
    HTTPStatus.UNAUTHORIZED: "Who are you?",
    HTTPStatus.FORBIDDEN: "Your token does not include this",
    HTTPStatus.NOT_FOUND: "There is no such thing",
    HTTPStatus.METHOD_NOT_ALLOWED: "That cannot be done here",
    HTTPStatus.CONFLICT: "That did not work",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send JSON",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something that you sent is wrong",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.SERVICE_UNAVAILABLE: "Others were saving",
}
WORDS = {
    400: "The request cannot be read. Check how it is put together.",
    404: "There is nothing at this address. /api/v1/openapi.json lists all that there is.",
    405: "This address does not take that method. /api/v1/openapi.json says which it takes.",
    413: "The body is too large. Send less at a time.",
    429: "Too many requests. Wait as long as Retry-After says, and ask for more rows at a time.",
}
"""Where the server refuses before any operation is asked."""


class Unauthorized(Refused):
    """No token, or none that is valid."""

    status = HTTPStatus.UNAUTHORIZED


class NotJson(Refused):
    """Another kind of body."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Unreadable(Refused):
    """A body that is not JSON at all."""

    status = HTTPStatus.BAD_REQUEST


def is_for_programs() -> bool:
    """Whether this request is to the API, so that a refusal of any kind is no page."""
    return request.path.startswith(PREFIX)


def problem_of(refusal: Refused) -> Response:
    """A refusal with its sentence, at its field where it names one."""
    place = refusal.field if isinstance(refusal, Invalid) else None
    return problem(refusal.words, refusal.status, errors=[{"field": place, "words": refusal.words}] if place else [])


def problem(words: str, status: int, *, errors: list[dict[str, str | None]] | None = None) -> Response:
    """A refusal with a sentence."""
    title = TITLES.get(HTTPStatus(status), "Something went wrong here")
    response = jsonify(type="about:blank", title=title, status=int(status), detail=words, errors=errors or [])
    response.status_code = int(status)
    response.mimetype = MEDIA_TYPE
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Golden Thread"'
    return response
