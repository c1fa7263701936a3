"""Parking's pages, and its box on the page of a person."""

from flask import Blueprint

from golden_thread_parking.forms import PlateForm
from golden_thread_parking.queries import own_space, spaces_of, spaces_told
from golden_thread_parking.services import say_plate
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.frame.work import Work

bp = Blueprint("parking", __name__)


@bp.get("/parking")
@requires("parking.look")
def spaces() -> Answer:
    return page("parking/spaces.html", spaces=work().setting("parking.spaces"), told=spaces_told(work().session))


@bp.route("/my-parking/<int:space_id>", methods=["GET", "POST"])
@signed_in
def plate(space_id: int) -> Answer:
    space = own_space(work().session, space_id, work().actor.person_id)
    form = PlateForm(data={"plate": space.plate})
    if form.validate_on_submit():
        with form.refusals():
            say_plate(work(), space, form.plate.data)
            say(f"We expect a car with the number plate {space.plate}.")
            return back_to("parking.plate", space_id=space_id)
    return page("parking/plate.html", form=form, space=space)


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """For those who may look, and only when there is something to say."""
    if not work.actor.may("parking.look"):
        return None
    told = spaces_of(work.session, person_id)
    return PanelContent("parking/person.html", {"told": told}) if told else None
