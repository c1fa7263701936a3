"""The coordinator holds places of an event for a sector."""

from flask import Blueprint

from courses.booking.bookings.queries import event_with_days
from courses.booking.holds.forms import HoldPlacesForm
from courses.booking.holds.queries import holds_of
from courses.booking.holds.services import hold_places, release_hold
from courses.programme import words
from lms.agencies.queries import sectors
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.words import count

bp = Blueprint("holds", __name__)


@bp.route("/events/<int:event_id>/holds", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def holds(event_id: int) -> Answer:
    """What is held now, and a further hold."""
    event = event_with_days(work().session, event_id)
    form = HoldPlacesForm().offer([(each.id, each.name) for each in sectors(work().session)])
    if form.validate_on_submit():
        with form.refusals():
            hold = hold_places(work(), event_id, form.sector_id.data, form.places.data or 0, form.until.day)
            say(f"{count(hold.places, 'place')} held for {hold.sector.name}.")
            return back_to("holds.holds", event_id=event_id)
    found = holds_of(work().session, event, work().now)
    return page("courses/holds/holds.html", event=event, when=words.when(event), form=form, holds=found)


@bp.post("/events/<int:event_id>/holds/<int:hold_id>/release")
@requires("courses.manage_bookings")
def release(event_id: int, hold_id: int) -> Answer:
    """Everybody can have them now."""
    hold = release_hold(work(), event_id, hold_id)
    say(f"The places held for {hold.sector.name} are now open to everyone, starting with the waiting list.")
    return back_to("holds.holds", event_id=event_id)
