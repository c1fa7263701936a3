"""Where identity providers ask: /scim/v2. They bring a token as other systems do; scim2-server speaks the protocol.

It takes as long to load as a third of everything else, so it is loaded when an identity provider first asks.
"""

from contextlib import nullcontext

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from lms.api.services import all_or_nothing
from lms.api.views import answered, by_token, caller, check_may, wake_mail_after
from lms.frame.web import db, public, site
from lms.in_step.scim.rules import PROVISION, ScimCall, ScimReply

bp = Blueprint("scim", __name__, url_prefix="/scim/v2")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@bp.get("/ServiceProviderConfig")
@public
def config() -> BaseResponse:
    """What is spoken here, and how to sign in: to everybody, as RFC 7643 wishes it."""
    from lms.in_step.scim.api import spoken_here  # noqa: PLC0415  (see above)

    return _answered(spoken_here(_asked("/ServiceProviderConfig")))


@bp.route("/", methods=METHODS)
@bp.route("/<path:path>", methods=METHODS)
@by_token(PROVISION)
def scim(path: str = "") -> BaseResponse:
    """Users, groups, and what they are made of."""
    return answered(lambda: _answer(f"/{path.strip('/')}"), "scim")


def _answer(path: str) -> BaseResponse:
    from lms.in_step.scim.api import Refused, handled, refusal_of  # noqa: PLC0415  (see above)

    reads = request.method == "GET" or path.endswith("/.search")
    with caller(reads=reads) as (work, token):
        check_may(PROVISION, work, token, reads=reads)
        try:
            with nullcontext() if reads else all_or_nothing(work):
                answer = _answered(handled(work, _asked(path)))
        except Refused as refusal:
            db.session.rollback()
            return _answered(refusal_of(refusal))
    wake_mail_after(work, answer)
    return answer


def _asked(path: str) -> ScimCall:
    return ScimCall(
        method=request.method,
        base_url=f"{site().settings.base_url}/scim/v2",
        path=path,
        query={name: values[-1] for name, values in request.args.lists()},
        headers=list(request.headers),
        body=request.get_data(),
    )


def _answered(said: ScimReply) -> Response:
    return Response(said.body, said.status, headers=said.headers)
