"""Two pages for programmers: every reason for a refusal, which is where its `type` leads; and every fact."""

from flask import Blueprint

from lms.api.reference.queries import fact_rows, reason_rows
from lms.frame.web import Answer, page, public, site

bp = Blueprint("reference", __name__)


@bp.get("/api/problems")
@public
def problems() -> Answer:
    return page("api/problems.html", reasons=reason_rows(site()))


@bp.get("/api/facts")
@public
def facts() -> Answer:
    return page("api/facts.html", facts=fact_rows(site()))
