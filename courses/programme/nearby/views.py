"""The office's list of postcode districts."""

from flask import Blueprint

from courses.programme.nearby.forms import DistrictForm
from courses.programme.nearby.queries import district_rows
from courses.programme.nearby.rules import degrees
from courses.programme.nearby.services import forget_district, place_district
from lms.frame.web import Answer, back_to, page, requires, say, work

bp = Blueprint("nearby", __name__)


@bp.route("/venues/districts", methods=["GET", "POST"])
@requires("courses.manage_events")
def districts() -> Answer:
    """Those that are placed, those of venues that are not, and a form to place one."""
    form = DistrictForm()
    if form.validate_on_submit():
        with form.refusals():
            placed = place_district(
                work(), form.district.data, degrees(form.latitude.data), degrees(form.longitude.data)
            )
            say(f"{placed.code} is placed.")
            return back_to("nearby.districts")
    return page("courses/nearby/districts.html", form=form, rows=district_rows(work().session))


@bp.post("/venues/districts/<district>/forget")
@requires("courses.manage_events")
def forget(district: str) -> Answer:
    forget_district(work(), district)
    say("The district is taken away.")
    return back_to("nearby.districts")
