"""An event's bookings: the coordinator's list, and the trainer's of their own events."""

from flask import Blueprint

from courses.booking.bookings.queries import booking_for, bookings_of_person, event_with_days
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.services import promote
from courses.booking.delegates.forms import AddBookingForm, GivePlaceForm
from courses.booking.delegates.queries import bookings_of_event, check_sees_delegates
from courses.booking.delegates.services import book_for
from courses.programme import words
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, site, work
from lms.frame.work import Work

bp = Blueprint("delegates", __name__)


@bp.get("/events/<int:event_id>/bookings")
@signed_in
def event_bookings(event_id: int) -> Answer:
    """Who is coming, who waits and why, who gave up; with access needs for those who must act on them."""
    event = event_with_days(work().session, event_id)
    check_sees_delegates(event, work().actor)
    rows = bookings_of_event(work().session, event, work().actor, work().now)
    return page(
        "courses/delegates/bookings.html", event=event, when=words.when(event), where=words.where(event), rows=rows
    )


@bp.route("/events/<int:event_id>/bookings/add", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def add(event_id: int) -> Answer:
    """Book for somebody."""
    event = event_with_days(work().session, event_id)
    form = AddBookingForm()
    if form.validate_on_submit():
        with form.refusals():
            booking = book_for(work(), event_id, form.person_ref.data, form.clash_reason.data)
            found = "has a place" if booking.state is BookingState.CONFIRMED else "is on the waiting list"
            say(f"{booking.person.name} {found}.")
            return back_to("delegates.event_bookings", event_id=event_id)
    return page("courses/delegates/add.html", form=form, event=event, when=words.when(event))


@bp.route("/bookings/<int:booking_id>/promote", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def give_place(booking_id: int) -> Answer:
    """Give a free place to somebody who waits, by hand, and say whether they have accepted it."""
    booking, form = booking_for(work().session, booking_id, work().actor), _give_form()
    if form.validate_on_submit():
        with form.refusals():
            promote(work(), booking, has_accepted=form.accepted.data == "yes")
            say(f"{booking.person.name} has a place and has been told.")
            return back_to("delegates.event_bookings", event_id=booking.event_id)
    return page("courses/delegates/give.html", form=form, booking=booking, when=words.when(booking.event))


def _give_form() -> GivePlaceForm:
    return GivePlaceForm().with_charges(site().hosts("charges"))


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On the coordinator's page of an event: how many are booked, and who."""
    event = event_with_days(work.session, event_id)
    rows = bookings_of_event(work.session, event, work.actor, work.now)
    return PanelContent("courses/delegates/event_panel.html", {"event": event, "rows": rows})


def person_panel(work: Work, person_id: int) -> PanelContent | None:
    """On a person's page: what they have booked and attended."""
    if not work.actor.may("courses.manage_bookings"):
        return None
    return PanelContent(
        "courses/delegates/person_panel.html", {"bookings": bookings_of_person(work.session, person_id)}
    )
