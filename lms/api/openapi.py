"""The OpenAPI document, written from the same operations that make the routes. There is no other source."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from lms.api.shapes import PLAIN, field_schema, is_needed, outer_name, says, schema
from lms.frame.plugins import Operation
from lms.frame.problems import MEDIA_TYPE


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong in one place of what was sent: a parameter, a header, or a place in the body; and what to do."""

    field: str
    words: str


@dataclass(frozen=True)
class Problem:
    """A refusal, as RFC 9457 has it."""

    type: str = field(metadata=says("Always about:blank: the status says which kind it is."))
    title: str
    status: int
    detail: str = field(metadata=says("A sentence that says what to do."))
    errors: tuple[FieldProblem, ...]


PATH_NAME = re.compile(r"{(\w+)}")
WORDS = {
    400: "The body cannot be read as JSON.",
    401: "There is no token, or it is not valid any more.",
    403: "The token's role does not include this, or the token can only read.",
    404: "There is no such thing, or the token may not know that there is.",
    409: "It is refused, with the reason in `detail`.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "Something that was sent is wrong; `errors` says what, and where.",
    429: "Too many requests. Wait as long as Retry-After says.",
}


def document(operations: Iterable[Operation], *, title: str, base_url: str) -> dict[str, Any]:
    """The whole document. `base_url` is where this installation answers."""
    schemas: dict[str, Any] = {}
    schema(Problem, schemas, incoming=False)
    paths: dict[str, Any] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: Golden Thread",
            "version": "1",
            "description": "Courses, events and bookings for other systems. Moments are ISO 8601 with an offset.",
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def refusals_of(operation: Operation) -> list[int]:
    """Every status by which an operation may refuse."""
    found = {401, 403, 422, 429}
    found |= {404} if PATH_NAME.search(operation.path) else set()
    found |= {409} if operation.method != "GET" else set()
    found |= {400, 413, 415} if operation.body is not None else set()
    return sorted(found)


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answer = {"application/json": {"schema": schema(operation.answer, schemas, incoming=False)}}
    answers: dict[str, Any] = {str(operation.status): {"description": "Done.", "content": answer}}
    answers |= {str(code): {"description": WORDS[code], "content": problem} for code in refusals_of(operation)}
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.words,
        "parameters": [*_in_path(operation), *_in_query(operation, schemas), *_in_headers(operation)],
        "responses": answers,
    }
    if operation.body is not None:
        body = {"application/json": {"schema": schema(operation.body, schemas, incoming=True)}}
        told["requestBody"] = {"required": True, "content": body}
    return told


def _in_path(operation: Operation) -> list[dict[str, Any]]:
    plain = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": PLAIN}
    return [
        {"name": name, "in": "path", "required": True, "schema": plain} for name in PATH_NAME.findall(operation.path)
    ]


def _in_query(operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": outer_name(field),
            "in": "query",
            "required": is_needed(field),
            "schema": field_schema(operation.query, field, schemas, incoming=True),
        }
        for field in (fields(operation.query) if operation.query is not None else ())
    ]


def _in_headers(operation: Operation) -> list[dict[str, Any]]:
    if operation.method == "GET":
        return []
    words = "A repeat with the same key gets the answer that the first request got, for a week."
    key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": words, "schema": key}]
