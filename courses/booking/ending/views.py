"""After a claim was given up: what became of it, and undoing it."""

from flask import Blueprint, request

from courses.booking.bookings.about.queries import event_to_book
from courses.booking.bookings.queries import booking_for, booking_to_end
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.services import cancel_booking
from courses.booking.bookings.undoing.queries import can_undo_now, given_to
from courses.booking.bookings.undoing.services import undo as undo_what_was_done
from courses.booking.bookings.words import state_words
from courses.booking.ending.forms import MOVE, RELEASE, GiveUpForm
from courses.booking.ending.rules import told_moment
from courses.booking.ending.services import release_booking
from courses.programme import words
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work

bp = Blueprint("ending", __name__)


@bp.route("/bookings/<int:booking_id>/give-up", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def give_up(booking_id: int) -> Answer:
    """The office asks itself who gives up the place: what it costs, and what the letter says, depends on that."""
    booking = booking_for(work().session, booking_id, work().actor)
    if booking.state is not BookingState.CONFIRMED and request.method != "POST":
        return back_to("bookings.cancel", booking_id=booking.id)  # there is no place to give up
    form = GiveUpForm()
    if form.validate_on_submit():
        with form.refusals():
            if form.who.data == MOVE:
                return back_to("transfers.move", booking_id=booking.id)
            if form.who.data == RELEASE:
                release_booking(work(), booking, form.reason.data)
            else:
                told_us_at = told_moment(form.told_on.data, booking.booked_at, work().now)
                how = form.told_how.data
                cancel_booking(work(), booking, reason=form.reason.data, told_us_at=told_us_at, told_us_how=how)
            say(f"Done. We’ll email {booking.person.name}.")
            return back_to("ending.ended", booking_id=booking.id)
    about = event_to_book(work().session, booking.event_id, work().now)
    return page("courses/ending/give_up.html", form=form, booking=booking, about=about)


@bp.get("/bookings/<int:booking_id>/ended")
@signed_in
def ended(booking_id: int) -> Answer:
    """What was done, and the way back."""
    booking = booking_to_end(work().session, booking_id, work().actor)
    return page(
        "courses/ending/ended.html",
        booking=booking,
        when=words.when(booking.event),
        state=state_words(booking, work().actor.person_id),
        is_leads=_is_leads(booking.person_id),
        given_to=given_to(work().session, booking),
        can_undo=can_undo_now(booking, work().actor, work().now),
    )


@bp.post("/bookings/<int:booking_id>/undo")
@signed_in
def undo(booking_id: int) -> Answer:
    """The place is theirs again, where it is still free, or still their colleague's."""
    booking = undo_what_was_done(work(), booking_to_end(work().session, booking_id, work().actor))
    whose = "your" if booking.person_id == work().actor.person_id else f"{booking.person.name}’s"
    say(f"Undone: {whose} booking is back in place. We’ll confirm it by email.")
    if _is_leads(booking.person_id):
        return back_to("team.team")
    return back_to("bookings.booking", booking_id=booking.id)


def _is_leads(person_id: int) -> bool:
    actor = work().actor
    return person_id != actor.person_id and not actor.may("courses.manage_bookings")
