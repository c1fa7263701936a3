"""The business manager's page of attempts."""

from datetime import timedelta

from flask import Blueprint

from lms.attempts import queries
from lms.attempts.rules import KEPT_DAYS
from lms.frame.web import Answer, page, requires, work

bp = Blueprint("attempts", __name__)
LOOKED_BACK = timedelta(days=7)


@bp.get("/sign-ins")
@requires("attempts.read")
def attempts() -> Answer:
    """How often people signed in and were refused, from where, and whom it concerns."""
    session, since = work().session, work().now - LOOKED_BACK
    return page(
        "attempts/attempts.html",
        counted=queries.counted(session, work().now),
        networks=queries.busiest_networks(session, since=since),
        people=queries.most_concerned(session, since=since),
        latest=queries.latest(session),
        kept_days=KEPT_DAYS,
    )
