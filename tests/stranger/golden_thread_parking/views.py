"""Parking's page, and its box on the page of a person."""

from flask import Blueprint

from golden_thread_parking.services import people_told, times_told
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, page, requires, work
from lms.frame.work import Work

bp = Blueprint("parking", __name__)


@bp.get("/parking")
@requires("parking.look")
def spaces() -> Answer:
    return page("parking/spaces.html", spaces=work().setting("parking.spaces"), told=people_told(work()))


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """For those who may look, and only when there is something to say."""
    told = times_told(work, person_id)
    if not told or not work.actor.may("parking.look"):
        return None
    return PanelContent("parking/person.html", {"told": told})
