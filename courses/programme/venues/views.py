"""The list of venues, and a page to add or correct one."""

from flask import Blueprint

from courses.programme.venues import queries, services
from courses.programme.venues.forms import VenueForm, VenueWithEventsForm
from lms.frame.web import Answer, back_to, page, requires, say, work

bp = Blueprint("venues", __name__)


@bp.get("/venues")
@requires("courses.manage_events")
def venues() -> Answer:
    return page("courses/venues/list.html", rows=queries.venues(work().session))


@bp.route("/venues/new", methods=["GET", "POST"])
@requires("courses.manage_events")
def add() -> Answer:
    return _form_page(None, VenueForm())


@bp.route("/venues/<int:venue_id>", methods=["GET", "POST"])
@requires("courses.manage_events")
def edit(venue_id: int) -> Answer:
    venue, told = queries.venue_by_id(work().session, venue_id), queries.would_be_told(work(), venue_id)
    return _form_page(venue_id, (VenueWithEventsForm if told.events else VenueForm)(obj=venue), told)


def _form_page(venue_id: int | None, form: VenueForm, told: queries.WouldBeTold | None = None) -> Answer:
    if form.validate_on_submit():
        with form.refusals():
            names = ("name", "town", "address", "parking", "access", "directions")
            written = services.VenueWritten(**{each: form[each].data for each in names})
            asks = isinstance(form, VenueWithEventsForm)
            why, is_correction = (form["why"].data, form["tell"].data == "no") if asks else ("", False)
            saved = services.save_venue(work(), venue_id, written, why=why, is_correction=is_correction)
            say(f"{saved.name} is saved.")
            return back_to("venues.venues")
    return page("courses/venues/form.html", form=form, venue_id=venue_id, told=told)
