"""What we know about a learning point, by strength of evidence; reached from its thread."""

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, work
from lms.frame.work import Work
from reviews.cases.readings.services import note_reading
from reviews.learning.panels import ThreadStep, thread_panel
from reviews.learning.queries import find_point
from surveys.knowing.figures import known_of
from surveys.permissions import READ_IMPACT

bp = Blueprint("knowing", __name__)


@bp.get("/learning/points/<int:learning_point_id>/what-we-know")
@requires(READ_IMPACT)
def point(learning_point_id: int) -> Answer:
    found = find_point(work().session, work().actor, learning_point_id)
    note_reading(work(), [found.review_id], "evidence of the learning point")
    return page("surveys/knowing/point.html", point=found, known=known_of(work(), found), as_at=work().now)


def known_step(work: Work, point_id: int) -> PanelContent | None:
    """Where all of it stands by strength of evidence."""
    if not work.actor.may(READ_IMPACT):
        return None
    step = ThreadStep(anchor="changed", position=78, step="What changed", heading="What we know")
    return thread_panel(step, "surveys/knowing/step.html", point_id=point_id)
