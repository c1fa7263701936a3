"""The API's addresses, made from the plugins' operations: who asks, what was sent, one commit, one kind of refusal."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from lms.api.openapi import document
from lms.api.rates import TooMany, count_request, count_wrong_token
from lms.api.services import Repeatable, WritersMeet, all_or_nothing, answer_before, keep_answer, repeatable
from lms.api.shapes import read, write
from lms.api.tokens.models import ApiToken
from lms.api.tokens.queries import actor_of_token, valid_token
from lms.api.tokens.services import note_use
from lms.frame.access import PUBLIC
from lms.frame.db import begin_reading
from lms.frame.network import network_address
from lms.frame.plugins import Asked, Operation
from lms.frame.problems import GENERAL, NO_TOKEN, READS_ONLY, NotJson, Unauthorized, Unreadable, problem_of
from lms.frame.refusals import FORBIDDEN, note_forbidden
from lms.frame.site import Site
from lms.frame.web import db, public, site
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lms.partnership.queries import the_partnership

PREFIX = "/api/v1"
REPEATED = "Idempotency-Replayed"
KEPT = (Conflict, NotFound)
"""Refusals that a repeat gets again; what was sent wrongly can be put right under the same key."""


def make_blueprint(the_site: Site) -> Blueprint:
    """A route for each operation, and the document that describes them all."""
    bp = Blueprint("api", __name__, url_prefix=PREFIX)
    bp.add_url_rule("/openapi.json", "openapi", public(_openapi))
    for operation in the_site.operations:
        rule = operation.path.replace("{", "<").replace("}", ">")
        endpoint = operation.name.replace(".", "_")
        bp.add_url_rule(rule, endpoint, _view(operation), methods=[operation.method])
    return bp


def take_tokens_at_downloads(app: Flask, the_site: Site) -> None:
    """The address of a download as the page has it takes a token as well: `curl -H 'Authorization: Bearer ...'`."""
    operation = next(each for each in the_site.operations if each.name == "tables.take_download")

    @app.before_request
    def by_token() -> BaseResponse | None:
        if request.endpoint != "tables.download" or "Authorization" not in request.headers:
            return None
        return _dispatch(operation, {"kind": (request.view_args or {})["name"]})


def _openapi() -> Response:
    name = the_partnership(db.session()).name
    told = document(
        site().operations,
        title=name,
        base_url=site().settings.base_url,
        facts=site().told_facts.values(),
        tags={each.name: each.title for each in site().plugins},
    )
    return jsonify(told)


def _view(operation: Operation) -> Callable[..., BaseResponse]:
    def view(**path: str) -> BaseResponse:
        return _dispatch(operation, path)

    view.guard = operation.permission or "any token"  # type: ignore[attr-defined]
    return view


def by_token(permission: str) -> Callable[[Callable[..., BaseResponse]], Callable[..., BaseResponse]]:
    """Guard a view that only takes tokens: it knows no cookies, so no page elsewhere can use somebody's session."""

    def guarded(view: Callable[..., BaseResponse]) -> Callable[..., BaseResponse]:
        view.guard, view.takes_tokens = permission, True  # type: ignore[attr-defined]
        return view

    return guarded


def _dispatch(operation: Operation, path: dict[str, str]) -> BaseResponse:
    return answered(lambda: _answer(operation, path), operation.name)


def answered(answer: Callable[[], BaseResponse], what: str) -> BaseResponse:
    """What was asked by token, or the refusal: with how the token stands in its rate, and a forbidden one noted."""
    try:
        told = answer()
    except Refused as refusal:
        db.session.rollback()
        if refusal.status == FORBIDDEN:
            note_forbidden(what)
        told = problem_of(refusal)
        if isinstance(refusal, TooMany):
            told.headers["Retry-After"] = str(refusal.seconds)
    told.headers.extend(g.get("rate_headers", {}))
    return told


def _answer(operation: Operation, path: dict[str, str]) -> Response:
    with caller(reads=operation.method == "GET") as (work, token):
        check_may(operation.permission, work, token, reads=operation.method == "GET")
        if operation.media:
            answer = Response(operation.run(work, _asked(operation, path)), mimetype=operation.media)
        elif operation.method == "GET":
            answer = _said(write(operation.run(work, _asked(operation, path))), operation.status)
        else:
            answer = _write(operation, work, token.id, path)
    wake_mail_after(work, answer)
    return answer


@contextmanager
def caller(*, reads: bool) -> Iterator[tuple[Work, ApiToken]]:
    """Who asks, by the token that was sent: counted first, and its use noted last, whatever becomes of the request."""
    now = current_app.extensions["lms.clock"]()
    if not reads:
        begin_reading(db.session())  # until it is known who asks, nobody who writes waits for them
    token = _token(now)
    token_id = token.id
    _count(token_id, now)
    if not reads:
        db.session.rollback()
        token = _token(now)
    work = Work(db.session(), actor_of_token(token, site()), now, site(), network=network_address())
    g.work = work
    try:
        yield work, token
    finally:
        _note_use(token_id, work)


def wake_mail_after(work: Work, answer: BaseResponse) -> None:
    """Whoever delivers mail is woken, where something was done that letters tell of."""
    if work.has_letters and answer.status_code < 400:
        current_app.extensions["lms.wake_mail"]()


def _token(now: datetime) -> ApiToken:
    """The token that was sent, if it is one: wrong ones are counted, and right ones never wait for them."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    is_there = scheme.casefold() == "bearer" and bool(secret.strip())
    found = valid_token(db.session(), secret.strip(), now, site().settings) if is_there else None
    if found is None:
        count_wrong_token(_nobody(now))
        reason = GENERAL[401] if is_there else NO_TOKEN
        raise Unauthorized(reason.words, reason=reason)
    return found


def _nobody(now: datetime) -> Work:
    return Work(db.session(), PUBLIC, now, site(), network=network_address())


def _count(token_id: int, now: datetime) -> None:
    rate = count_request(_nobody(now), token_id)
    if rate.left < 0:
        raise TooMany(rate.seconds)
    g.rate_headers = rate.headers


def check_may(permission: str | None, work: Work, token: ApiToken, *, reads: bool) -> None:
    """Raises NotAllowed for a token whose role does not include it, or that only reads."""
    if permission is not None and not work.actor.may(permission):
        raise NotAllowed(GENERAL[403].words, reason=GENERAL[403])
    if not reads and not token.may_write:
        raise NotAllowed(READS_ONLY.words, reason=READS_ONLY)


def _asked(operation: Operation, path: dict[str, str]) -> Asked:
    if any(not each.isprintable() for each in path.values()):
        raise NotFound("There is no such thing. Check the address.")
    typed = {name: values[-1] for name, values in request.args.lists()}
    if operation.query is None and typed:
        raise Invalid("This address takes no parameters. Leave them out.", field=next(iter(typed))[:80])
    query = read(operation.query, typed, is_typed=True) if operation.query is not None else None
    return Asked(path, query, _body(operation))


def _body(operation: Operation) -> Any:
    if operation.body is None:
        return None
    if request.mimetype != "application/json":
        raise NotJson("Send the body as JSON, with the header Content-Type: application/json.")
    try:
        given = json.loads(request.get_data(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON in UTF-8. Check its quotation marks and brackets.") from None
    return read(operation.body, given)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _write(operation: Operation, work: Work, token_id: int, path: dict[str, str]) -> Response:
    """Run it once for each key, in one transaction with the answer that is kept."""
    key = request.headers.get("Idempotency-Key")
    asked = _asked(operation, path)
    if key is None:
        with all_or_nothing(work):
            return _said(write(operation.run(work, asked)), operation.status)
    body = json.dumps(write(asked.body), sort_keys=True)
    repeat = repeatable(token_id, key, operation.method, request.path, json.dumps(write(asked.query)), body)
    before = answer_before(work, repeat)
    if before is not None:
        return _again(before.status, before.answer)
    try:
        return _once(operation, work, asked, repeat)
    except WritersMeet:
        before = answer_before(work, repeat)
        if before is None:
            raise
        return _again(before.status, before.answer)


def _once(operation: Operation, work: Work, asked: Asked, repeat: Repeatable) -> Response:
    with all_or_nothing(work):
        try:
            with work.session.begin_nested():
                said = write(operation.run(work, asked))
            answer = _said(said, operation.status)
        except KEPT as refusal:
            answer = problem_of(refusal)
            said = answer.get_json()
        keep_answer(work, repeat, answer.status_code, said)
    return answer


def _again(status: int, said: dict[str, Any]) -> Response:
    answer = jsonify(said)
    answer.status_code = status
    if status >= 400:
        answer.mimetype = "application/problem+json"
    answer.headers[REPEATED] = "true"
    return answer


def _said(said: Any, status: int) -> Response:
    answer = jsonify(said)
    answer.status_code = status
    if isinstance(said, dict) and said.get("next_cursor"):
        query = {**request.args.to_dict(), "cursor": said["next_cursor"]}
        url = current_app.url_for(request.endpoint or "", **(request.view_args or {}), **query)
        answer.headers["Link"] = f'<{site().settings.base_url}{url}>; rel="next"'
    return answer


def _note_use(token_id: int, work: Work) -> None:
    """After all else, in a transaction of its own: a request that was refused has used the token too."""
    db.session.rollback()
    token = db.session.get(ApiToken, token_id)
    if token is not None and note_use(token, work.now):
        db.session.commit()
