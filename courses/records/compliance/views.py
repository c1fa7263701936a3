"""How many people are up to date, by course and by agency, today or on an earlier day."""

from datetime import date

from flask import Blueprint, request

from courses.records.compliance.queries import compliance as compliance_of
from lms.frame.web import Answer, page, requires, work

bp = Blueprint("compliance", __name__)


@bp.get("/up-to-date")
@requires("courses.see_compliance")
def compliance() -> Answer:
    """All courses with the subtotal of each level, or one course or level agency by agency."""
    code, level = request.args.get("course", ""), request.args.get("level", "")
    typed = request.args.get("on", "")
    on = _day(typed)
    found = compliance_of(work().session, work().actor, code, work().now, level, on)
    is_no_day = bool(typed) and on is None
    return page("courses/compliance/compliance.html", found=found, now=work().now, typed=typed, is_no_day=is_no_day)


def _day(typed: str) -> date | None:
    """The day that was asked for; None for today, and for what is no day."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
