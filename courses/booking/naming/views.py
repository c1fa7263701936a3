"""Another line manager on a booking: signed in, or by the link of a letter."""

from flask import Blueprint

from courses.booking.bookings.life import AGREE
from courses.booking.bookings.queries import booking_for, steps_of
from courses.booking.bookings.views import WayIn
from courses.booking.naming.forms import AnotherManagerForm
from courses.booking.naming.services import name_manager
from courses.programme import words
from lms.frame.web import Answer, page, say, signed_in, work

bp = Blueprint("naming", __name__)


@bp.route("/bookings/<int:booking_id>/manager", methods=["GET", "POST"])
@signed_in
def manager(booking_id: int) -> Answer:
    """By whoever has the booking, or the office."""
    return naming(WayIn(work(), booking_for(work().session, booking_id, work().actor)))


def naming(way: WayIn) -> Answer:
    """Name another on either way."""
    booking, form = way.booking, AnotherManagerForm().ask(is_asked=AGREE.is_open(way.booking.state))
    if form.validate_on_submit():
        with form.refusals():
            name_manager(way.work, booking, *form.named, is_declared=form.says_agreed)
            say("The line manager on this booking has changed.")
            return way.on("bookings.booking", booking_id=booking.id)
    return page(
        "courses/naming/manager.html",
        form=form,
        booking=booking,
        when=words.when(booking.event),
        can="name another line manager" in steps_of(booking, way.work.now),
        way=way,
    )
