"""Where identity providers ask: /scim/v2. They bring a token as other systems do; scim2-server speaks the protocol."""

import json

from flask import Blueprint, Response, request
from scim2_models import SCIMException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from werkzeug.wrappers import Response as BaseResponse

from lms.api.services import all_or_nothing
from lms.api.views import answered, by_token, caller, check_may, wake_mail_after
from lms.frame.web import db, public, site
from lms.in_step.scim.api import SERVICE, PeopleAndGroups
from lms.in_step.scim.rules import PROVISION

bp = Blueprint("scim", __name__, url_prefix="/scim/v2")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@bp.get("/ServiceProviderConfig")
@public
def config() -> BaseResponse:
    """What is spoken here, and how to sign in: to everybody, as RFC 7643 wishes it."""
    return _said(SERVICE.service_provider_config(_asked("/ServiceProviderConfig").url, {}))


@bp.route("/", methods=METHODS)
@bp.route("/<path:path>", methods=METHODS)
@by_token(PROVISION)
def scim(path: str = "") -> BaseResponse:
    """Users, groups, and what they are made of."""
    return answered(lambda: _answer(f"/{path.strip('/')}"), "scim")


def _answer(path: str) -> BaseResponse:
    asked = _asked(path)
    reads = request.method == "GET" or asked.path.endswith("/.search")
    with caller(reads=reads) as (work, token):
        check_may(PROVISION, work, token, reads=reads)
        try:
            handler = ScimHandler(SERVICE, PeopleAndGroups(work))
            if reads:
                answer = _said(handler.handle(asked))
            else:
                with all_or_nothing(work):
                    answer = _said(handler.handle(asked))
        except SCIMException as refusal:
            db.session.rollback()
            return _said(SERVICE.error_response(refusal))
    wake_mail_after(work, answer)
    return answer


def _asked(path: str) -> ScimRequest:
    return ScimRequest(
        method=request.method,
        base_url=f"{site().settings.base_url}/scim/v2",
        path=path,
        query={name: values[-1] for name, values in request.args.lists()},
        headers=list(request.headers),
        body=request.get_data(),
    )


def _said(answer: ScimResponse) -> Response:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    return Response(body, int(answer.status), headers=answer.headers)
