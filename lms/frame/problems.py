"""Refusals for programs, with a sentence addressed to nobody: of the API as application/problem+json (RFC 9457) with a
code, of SCIM as its own kind of error (RFC 7644, 3.12)."""

from http import HTTPStatus

from flask import Response, current_app, jsonify, request

from lms.kit.errors import Invalid, Reason, Refused

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
SCIM_PREFIX = "/scim/"
SCIM_MEDIA_TYPE = "application/scim+json"
SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
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
FAULT = Reason("fault", "Something went wrong here, and nothing was saved. The same request may work later.")
GENERAL = {
    400: Reason("unreadable", "The request cannot be read. Check how it is put together."),
    401: Reason("token_not_valid", "There is no token, or it is not valid, or not any more."),
    403: Reason("not_allowed", "The token's role does not include this."),
    404: Reason("not_found", "There is nothing at this address. /api/v1/openapi.json lists all that there is."),
    405: Reason("wrong_method", "This address does not take that method. /api/v1/openapi.json says which it takes."),
    409: Reason("conflict", "It cannot be done as things stand."),
    413: Reason("too_large", "The body is too large. Send less at a time."),
    415: Reason("not_json", "The body is not application/json."),
    422: Reason("invalid", "Something that was sent is wrong; `errors` says what, and where."),
    429: Reason("too_many_requests", "Too many requests. Wait as long as Retry-After says."),
    503: Reason("busy", "Others were saving at the same moment. Send it again after as long as Retry-After says."),
}
"""By status, where a refusal has no reason of its own; and what the server says before any operation is asked."""
NO_TOKEN = Reason("no_token", "A token is needed, in the header Authorization: Bearer <token>.")
READS_ONLY = Reason("reads_only", "The token can only read.")
MEANWHILE = Reason("meanwhile", "Someone changed this at the same moment. The same request may work now.")
RECORDS_AWAY = Reason(
    "records_away", "The service cannot reach its records now. Send it again after as long as Retry-After says."
)
KEY_REUSED = Reason("key_reused", "This Idempotency-Key came with another request before. Use a new one for each.")
OF_ALL = (NO_TOKEN, READS_ONLY, MEANWHILE, KEY_REUSED, RECORDS_AWAY, FAULT)
"""Reasons that any operation may have."""


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
    """Whether this request is to the API or to SCIM, so that a refusal of any kind is no page."""
    return request.path.startswith((PREFIX, SCIM_PREFIX))


def problem_of(refusal: Refused) -> Response:
    """A refusal with its reason, at its field where it names one. A sentence for a page's reader is not sent."""
    place = refusal.field if isinstance(refusal, Invalid) else None
    words = refusal.reason.words if refusal.reason else refusal.words
    errors: list[dict[str, str | None]] = [{"field": place, "words": words}] if place else []
    return problem(words, refusal.status, errors=errors, reason=refusal.reason)


def problem(
    words: str,
    status: int,
    *,
    errors: list[dict[str, str | None]] | None = None,
    reason: Reason | None = None,
) -> Response:
    """A refusal with a sentence, and what a program tells it from others by."""
    if request.path.startswith(SCIM_PREFIX):
        return _scim_error(words, status)
    told = {
        "title": TITLES.get(HTTPStatus(status), "Something went wrong here"),
        "status": int(status),
        "detail": words,
        "errors": errors or [],
    }
    code = (reason or GENERAL.get(int(status), FAULT)).code
    return _refusal(jsonify(type=type_of(code), code=code, **told), status, MEDIA_TYPE)


def _scim_error(words: str, status: int) -> Response:
    """SCIM has no 422: a value that cannot be used is 400 with its keyword."""
    keyword = {"scimType": "invalidValue"} if status == HTTPStatus.UNPROCESSABLE_ENTITY else {}
    said = HTTPStatus.BAD_REQUEST if keyword else status
    told = {"schemas": [SCIM_ERROR], "status": str(int(said)), **keyword, "detail": words}
    return _refusal(jsonify(told), said, SCIM_MEDIA_TYPE)


def _refusal(response: Response, status: int, media_type: str) -> Response:
    response.status_code = int(status)
    response.mimetype = media_type
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Golden Thread"'
    return response


def type_of(code: str) -> str:
    """The address that stands for a reason, and where it is explained."""
    return f"{current_app.extensions['lms'].settings.base_url}/api/problems#{code}"
