"""The booking and charging policy, as everybody may read it."""

from flask import Blueprint

from lms.policies.queries import policy_in_force, terms_of
from lms.web import Answer, page, public, work

bp = Blueprint("policies", __name__)


@bp.get("/booking-policy")
@public
def policy() -> Answer:
    version = policy_in_force(work().session, work().now)
    return page("policies/policy.html", version=version, terms=terms_of(version))
