"""The administrator's page of tokens. A secret is shown in the answer that made it, and never again."""

from flask import Blueprint

from lms.api.tokens.forms import TokenForm
from lms.api.tokens.queries import agencies_to_choose, token_of, token_rows
from lms.api.tokens.rules import SANDBOX
from lms.api.tokens.services import make_token, revoke_token
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.kit.working_days import london_date

bp = Blueprint("tokens", __name__)


@bp.route("/tokens", methods=["GET", "POST"])
@requires("api.manage_tokens")
def tokens() -> Answer:
    form = TokenForm().offer(agencies_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            token, secret = make_token(work(), form.wanted)
            return page("api/new_token.html", token=token, secret=secret)
    rows = token_rows(work().session, london_date(work().now))
    sandbox = SANDBOX if site().settings.is_demo else ""
    return page("api/tokens.html", form=form, tokens=rows, operations=site().operations, sandbox=sandbox)


@bp.post("/tokens/<int:token_id>/revoke")
@requires("api.manage_tokens")
def revoke(token_id: int) -> Answer:
    token = revoke_token(work(), token_of(work().session, token_id))
    say(f"{token.name} no longer works.")
    return back_to("tokens.tokens")
