"""For programs that watch the service: no pages, no session, nothing about anybody."""

from flask import Blueprint, Response, abort, current_app, jsonify, request

from lms.frame.lines import lines_of
from lms.frame.metrics import MEDIA_TYPE
from lms.frame.web import Answer, db, public, site
from lms.monitoring.queries import figures_of_now, readiness
from lms.monitoring.rules import METRICS_FROM, is_from

bp = Blueprint("monitoring", __name__)


@bp.get("/health")
@public
def health() -> Answer:
    """200 while this process answers; the database is not asked."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@bp.get("/health/ready")
@public
def ready() -> Answer:
    """200 when pages can be served, 503 when not; with figures that someone should look at."""
    found = readiness(db.engine, lines_of(site().plugins), current_app.extensions["lms.clock"]())
    answer = jsonify(
        ready=found.is_ready,
        schema=found.schema,
        worker_seconds=found.worker_seconds,
        oldest_due_letter_seconds=found.oldest_due_letter_seconds,
        refused_last_hour=found.refused_last_hour,
        **({"why_not": found.why_not} if found.why_not else {}),
    )
    answer.status_code = 200 if found.is_ready else 503
    return answer


@bp.get("/metrics")
@public
def metrics() -> Answer:
    """For Prometheus, at the addresses that the installation names; for all others there is nothing here."""
    if not is_from(request.remote_addr or "", site().setting(METRICS_FROM)):
        abort(404)
    now = figures_of_now(db.engine, current_app.extensions["lms.clock"]())
    return Response(current_app.extensions["lms.metrics"].text(now), content_type=MEDIA_TYPE)
