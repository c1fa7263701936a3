"""The OpenAPI document, written from the same operations that make the routes, and the same facts. No other source."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from lms.api.examples import example_of
from lms.api.shapes import PLAIN, field_schema, is_needed, outer_name, says, schema
from lms.frame.plugins import Operation, ToldFact
from lms.frame.problems import GENERAL, MEDIA_TYPE, OF_ALL
from lms.kit.errors import Reason

VERSION = "1.1"
"""Of the document. The second number rises with what is added; `docs/api.md` says what the first one means."""
ABOUT = """People, agencies, courses, events, bookings, attendance and money for other systems.

**Values.** Moments are ISO 8601 with London's offset. People are `person_ref`, never names or addresses, where they are
not what is asked for.

**Growing.** Within version 1 an answer may gain fields, a list of values (`x-extensible-enum`) may gain values, and an
operation may gain parameters that need not be given: pass over what you do not know. Nothing is taken away or means
something else. A version 2 would stand beside this one, under /api/v2, for at least 12 months, and answers of this one
would say from when with the headers `Deprecation` and `Sunset`.

**Identity providers.** SCIM 2.0 is spoken at /scim/v2 of this installation, and is not in here: it says itself what it
is made of (/scim/v2/ServiceProviderConfig, /ResourceTypes and /Schemas). It takes the same tokens.

**Refusals.** `code` says which reason it is and stays the same; `detail` is a sentence for people who read logs. All
reasons: /api/problems. All facts that a webhook may bring: /api/facts.

**Changes.** 1.1: people and agencies, SCIM, attendances, certificates, completions, charges and invoices, `code` in
refusals, `updated_since`, limits in headers, webhooks with `type` and `timestamp`. 1.0: courses, events, bookings and
the annual figures.
"""


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong in one place of what was sent: a parameter, a header, or a place in the body; and what to do."""

    field: str
    words: str


@dataclass(frozen=True)
class Problem:
    """A refusal, as RFC 9457 has it."""

    type: str = field(metadata=says("The address that stands for the reason and explains it."))
    code: str = field(metadata=says("Which reason it is. It stays the same.", example="booked_already"))
    title: str
    status: int
    detail: str = field(metadata=says("A sentence about the reason, addressed to no one."))
    errors: tuple[FieldProblem, ...]


PATH_NAME = re.compile(r"{(\w+)}")
MORE_WORDS = {
    403: "The token's role does not include this, or the token can only read.",
    404: "There is no such thing, or the token may not know that there is.",
    409: "It cannot be done as things stand; `code` says why.",
}
HEADERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "RateLimit-Limit": ("How many requests this token may make in a minute.", {"type": "integer"}),
    "RateLimit-Remaining": ("How many of them are left.", {"type": "integer"}),
    "RateLimit-Reset": ("In how many seconds the count begins again.", {"type": "integer"}),
    "Retry-After": ("After how many seconds it may be sent again.", {"type": "integer"}),
    "Idempotency-Replayed": ("`true` when this is the answer that the first request got.", {"type": "string"}),
    "Link": ("The address of the next page, with rel=next.", {"type": "string"}),
    "WWW-Authenticate": ("Always Bearer.", {"type": "string"}),
}
RATE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def document(
    operations: Iterable[Operation],
    *,
    title: str,
    base_url: str,
    facts: Iterable[ToldFact] = (),
    tags: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The whole document. `base_url` is where this installation answers; `tags` are plugins' titles by their names."""
    schemas: dict[str, Any] = {}
    schema(Problem, schemas, incoming=False)
    paths: dict[str, Any] = {}
    used: dict[str, None] = {}
    for each in operations:
        tag = _tag(each.name, tags or {})
        used[tag] = None
        paths.setdefault(each.path, {})[each.method.lower()] = {"tags": [tag], **_operation(each, schemas)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: Golden Thread",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": each} for each in used],
        "paths": paths,
        "webhooks": {each.name: {"post": _webhook(each, schemas, tags or {})} for each in facts},
        "components": {
            "schemas": schemas,
            "headers": {name: {"description": words, "schema": kind} for name, (words, kind) in HEADERS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _tag(name: str, tags: Mapping[str, str]) -> str:
    plugin = name.partition(".")[0]
    return tags.get(plugin, plugin)


def refusals_of(operation: Operation) -> list[int]:
    """Every status by which an operation may refuse."""
    found = {401, 403, 422, 429}
    found |= {404} if PATH_NAME.search(operation.path) else set()
    found |= {409, 503} if operation.method != "GET" else set()
    found |= {400, 413, 415} if operation.body is not None else set()
    return sorted(found)


def all_reasons(operations: Iterable[Operation]) -> dict[str, Reason]:
    """Every reason by which something may be refused, by its code."""
    own = (reason for operation in operations for reason in operation.reasons)
    return {each.code: each for each in (*GENERAL.values(), *OF_ALL, *own)}


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"schema": {"type": "string"}}
    if not operation.media:
        answer = {"schema": schema(operation.answer, schemas, incoming=False), "example": example_of(operation.answer)}
    headers = [*RATE, *(["Link"] if operation.method == "GET" else ["Idempotency-Replayed"])]
    answers: dict[str, Any] = {
        str(operation.status): {
            "description": "Done.",
            "headers": _headers(headers),
            "content": {operation.media or "application/json": answer},
        }
    }
    answers |= {str(code): _refusal(operation, code) for code in refusals_of(operation)}
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.words,
        "description": " ".join((operation.run.__doc__ or "").split()),
        "parameters": [*_in_path(operation), *_in_query(operation, schemas), *_in_headers(operation)],
        "responses": answers,
    }
    if operation.body is not None:
        body = {"schema": schema(operation.body, schemas, incoming=True), "example": example_of(operation.body)}
        told["requestBody"] = {"required": True, "content": {"application/json": body}}
    return told


def _refusal(operation: Operation, code: int) -> dict[str, Any]:
    words = MORE_WORDS.get(code, GENERAL[code].words)
    if code == 409 and operation.reasons:
        words = f"{words} Here: {', '.join(f'`{each.code}`' for each in operation.reasons)}."
    names = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}.get(code, [*RATE])
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": words, "headers": _headers(names), "content": {MEDIA_TYPE: problem}}


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _webhook(fact: ToldFact, schemas: dict[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    """A fact as Standard Webhooks brings it: what it says, and by which headers it is known to be ours."""
    data = {"type": "object"} if fact.holds is None else schema(fact.holds, schemas, incoming=False)
    moment = {"type": "string", "format": "date-time"}
    body = {
        "type": "object",
        "required": ["id", "type", "timestamp", "data"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "The same at each try."},
            "type": {"type": "string", "const": fact.name},
            "timestamp": {**moment, "description": "When it happened."},
            "data": data,
            "fact": {"type": "string", "const": fact.name, "deprecated": True, "description": "As `type`."},
            "told_at": {**moment, "deprecated": True, "description": "As `timestamp`."},
        },
        "additionalProperties": True,
    }
    example = {
        "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "type": fact.name,
        "timestamp": "2026-04-09T09:30:00+01:00",
        "data": {} if fact.holds is None else example_of(fact.holds),
    }
    text = {"type": "string"}
    signed = {"webhook-id": text, "webhook-timestamp": {"type": "integer"}, "webhook-signature": text}
    return {
        "operationId": f"on.{fact.name}",
        "tags": [_tag(fact.name, tags)],
        "summary": fact.words,
        "description": " ".join((fact.tell.__doc__ or "").split()),
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": kind} for name, kind in signed.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body, "example": example}}},
        "responses": {
            "2XX": {"description": "It has arrived."},
            "410": {"description": "Nothing more is wanted: the webhook is switched off."},
            "default": {"description": "It is sent again after 1, 5 and 15 minutes, then hourly for three days."},
        },
    }


def _in_path(operation: Operation) -> list[dict[str, Any]]:
    plain = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": PLAIN}
    return [
        {"name": name, "in": "path", "required": True, "schema": plain} for name in PATH_NAME.findall(operation.path)
    ]


def _in_query(operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for each in fields(operation.query) if operation.query is not None else ():
        told = field_schema(operation.query, each, schemas, incoming=True)
        words = told.pop("description", "")
        named = {"name": outer_name(each), "in": "query", "required": is_needed(each), "schema": told}
        found.append({**named, "description": words} if words else named)
    return found


def _in_headers(operation: Operation) -> list[dict[str, Any]]:
    if operation.method == "GET":
        return []
    words = "A repeat with the same key gets the answer that the first request got, for a week."
    key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "description": words, "schema": key}]
