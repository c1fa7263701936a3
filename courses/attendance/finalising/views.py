"""The coordinator's page of a held event: what is missing, what follows, finalise; and corrections afterwards."""

from flask import Blueprint, request

from courses.attendance.finalising.forms import CorrectForm, days_shown, read_days
from courses.attendance.finalising.queries import BookingMarked, marked_bookings
from courses.attendance.finalising.rules import check_can_finalise
from courses.attendance.finalising.services import correct_marks, finalise_register
from courses.attendance.register.forms import OTHERS
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import booking_for, event_with_days
from courses.booking.bookings.rules import OUTCOME_WORDS
from courses.programme import words
from courses.programme.events import life
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.errors import NotFound, Refused

bp = Blueprint("finalising", __name__)


@bp.get("/events/<int:event_id>/register")
@requires("courses.manage_bookings")
def event(event_id: int) -> Answer:
    """Everybody with their marks by day and what follows from them."""
    found = event_with_days(work().session, event_id)
    bookings = marked_bookings(work().session, found)
    missing = sum(each.missing for each in bookings)
    try:
        check_can_finalise(found.state, found.ends_at, work().now, missing)
        why_not = ""
    except Refused as refusal:
        why_not = refusal.words
    return page(
        "courses/finalising/event.html",
        event=found,
        when=words.when(found),
        bookings=bookings,
        missing=missing,
        why_not=why_not,
        outcome_words=OUTCOME_WORDS,
    )


@bp.post("/events/<int:event_id>/finalise")
@requires("courses.manage_bookings")
def finalise(event_id: int) -> Answer:
    """Outcomes follow from the marks; from here on only corrections."""
    done = finalise_register(work(), event_id)
    say(f"The register of {done.version.title} is finalised.")
    return back_to("finalising.event", event_id=event_id)


@bp.route("/bookings/<int:booking_id>/correct", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def correct(booking_id: int) -> Answer:
    """Change what a finalised register says of somebody, with a reason."""
    booking = booking_for(work().session, booking_id, work().actor)
    each, form, said = _marked(booking), CorrectForm(), None
    if form.is_submitted():
        said = request.form
    if form.validate_on_submit():
        with form.refusals():
            was = booking.outcome
            correct_marks(work(), booking, read_days(request.form, booking.event.days), form.reason.data)
            now = OUTCOME_WORDS[booking.outcome] if booking.outcome else "No outcome"
            changed = "as before" if was is booking.outcome else "and anything that follows from it is put right"
            say(f"{booking.person.name}: {now}, {changed}.")
            return back_to("finalising.event", event_id=booking.event_id)
    return page(
        "courses/finalising/correct.html",
        form=form,
        each=each,
        days=days_shown(each, said),
        others=OTHERS,
        outcome_words=OUTCOME_WORDS,
    )


def _marked(booking: Booking) -> BookingMarked:
    found = marked_bookings(work().session, booking.event, [booking.id])
    if not found or not life.CORRECT.is_open(booking.event.state):
        raise NotFound("There is nothing to correct here: the register is not finalised, or the booking has ended.")
    return found[0]
