"""The booking and charging policy, as everybody may read it."""

from flask import Blueprint

from lms.policies.queries import policy_in_force, terms_of
from lms.policies.services import LONG_AGO
from lms.web import Answer, page, public, work
from lms.words import listed

bp = Blueprint("policies", __name__)


@bp.get("/booking-policy")
@public
def policy() -> Answer:
    version = policy_in_force(work().session, work().now)
    terms = terms_of(version)
    days = (
        terms.first_reminder_working_days,
        terms.joining_instructions_working_days,
        terms.last_reminder_working_days,
    )
    return page(
        "policies/policy.html",
        version=version,
        terms=terms,
        in_force_always=version.in_force_from <= LONG_AGO,
        reminders=f"{listed(map(str, days))} working days",
    )
