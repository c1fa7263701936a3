"""How many people are up to date, by course and by agency."""

from flask import Blueprint, request

from courses.records.compliance.queries import compliance as compliance_of
from lms.frame.web import Answer, page, requires, work

bp = Blueprint("compliance", __name__)


@bp.get("/up-to-date")
@requires("courses.see_compliance")
def compliance() -> Answer:
    """All courses with the subtotal of each level, or one course or level agency by agency."""
    code, level = request.args.get("course", ""), request.args.get("level", "")
    found = compliance_of(work().session, work().actor, code, work().now, level)
    return page("courses/compliance/compliance.html", found=found, now=work().now)
