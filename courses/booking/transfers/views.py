"""To another date: by the delegate, their agency's lead or the office."""

from flask import Blueprint

from courses.booking.bookings.about.queries import event_to_book
from courses.booking.bookings.life import MOVE_ON
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import booking_to_end
from courses.booking.bookings.rules import is_in_grace, is_late_cancellation
from courses.booking.bookings.views import WayIn
from courses.booking.transfers.forms import MoveBookingForm, OfficeMoveForm
from courses.booking.transfers.queries import other_dates, was_moved
from courses.booking.transfers.services import move_booking
from courses.programme import words
from courses.programme.events.rules import EventState
from lms.frame.web import Answer, page, say, signed_in, work

bp = Blueprint("transfers", __name__)


@bp.route("/bookings/<int:booking_id>/move", methods=["GET", "POST"])
@signed_in
def move(booking_id: int) -> Answer:
    """One step: the place is kept until the new date is booked."""
    booking = booking_to_end(work().session, booking_id, work().actor)
    return moving(WayIn(work(), booking))


def moving(way: WayIn) -> Answer:
    """Move on either way. By a link nobody is the office."""
    booking, work_of = way.booking, way.work
    is_office = work_of.actor.may("courses.manage_bookings") and not way.is_own
    dates = other_dates(work_of.session, booking, work_of.now, by_office=is_office)
    form = (OfficeMoveForm if is_office else MoveBookingForm)().offer(dates)
    if form.validate_on_submit():
        with form.refusals():
            new = move_booking(
                work_of, booking, form.event_id.data, reason=form.reason.data, clash_reason=form.clash_reason.data
            )
            say(f"Moved: {new.event.version.title} is booked for {words.when(new.event)}. We’ll confirm it by email.")
            if _is_leads(new):
                return way.on("ending.ended", booking_id=booking.id)
            return way.on("bookings.booking", booking_id=new.id)
    has_started = work_of.now >= booking.event.starts_at
    return page(
        "courses/transfers/move.html",
        form=form,
        booking=booking,
        dates=dates,
        is_office=is_office,
        is_late=not is_office and _is_late(booking),
        can_move=MOVE_ON.is_open(booking.state, has_started=has_started),
        was_moved=not is_office and was_moved(work_of.session, booking),
        about=event_to_book(work_of.session, booking.event_id, work_of.now),
        way=way,
    )


def _is_late(booking: Booking) -> bool:
    is_postponed = booking.event.state is EventState.POSTPONED
    late = is_late_cancellation(work().now, booking.free_until, is_postponed=is_postponed)
    return late and not is_in_grace(booking.booked_at, work().now)


def _is_leads(booking: Booking) -> bool:
    actor = work().actor
    return booking.person_id != actor.person_id and not actor.may("courses.manage_bookings")
