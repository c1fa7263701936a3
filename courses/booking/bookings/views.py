"""Booking a place, My learning, and one's own bookings."""

from flask import Blueprint, request
from wtforms import Field

from courses.booking.bookings.about.queries import EventToBook, event_to_book, event_to_book_by
from courses.booking.bookings.clashing.queries import clashes_of_people
from courses.booking.bookings.forms import BookingForm, CancelBookingForm, NeedsForm
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.queries import (
    IN_QUEUE,
    booking_for,
    booking_to_end,
    clash_of,
    person_asking,
    position_of,
    steps_of,
)
from courses.booking.bookings.rules import LIVE_STATES, BookingState, is_in_grace, is_late_cancellation
from courses.booking.bookings.services import book_place, cancel_booking, change_needs
from courses.booking.bookings.undoing.queries import can_undo_now, moved_from
from courses.booking.bookings.words import booked_by, state_words
from courses.programme import words
from courses.programme.events.rules import EventState
from lms.frame.web import Answer, back_to, page, say, signed_in, site, site_url, work

bp = Blueprint("bookings", __name__)


@bp.route("/events/<int:event_id>/book", methods=["GET", "POST"])
@signed_in
def book(event_id: int) -> Answer:
    """Two steps in one form: the questions, then "check your answers", which carries them on."""
    person = person_asking(work().session, work().actor)
    about = event_to_book_by(work().session, event_id, work().now, work().actor, person)
    form = BookingForm(obj=person, phone_on_day=person.phone).with_charges(site().hosts("charges"))
    step = request.form.get("step", "")
    clash = clash_of(work().session, about.event, person.id)
    if form.is_submitted() and step != "change" and form.validate() and _is_answered(form, step, clash):
        if step == "check":
            return page("courses/bookings/check.html", form=form, clash=clash, about=about, person_booking=person)
        with form.refusals():
            booking = book_place(work(), event_id, person, form.request)
            say(_booked_words(booking))
            return back_to("bookings.booking", booking_id=booking.id)
    template = "check" if step == "book" and set(form.errors) <= {"is_declared", ""} else "book"
    return page(f"courses/bookings/{template}.html", form=form, clash=clash, about=about, person_booking=person)


@bp.get("/bookings/<int:booking_id>")
@signed_in
def booking(booking_id: int) -> Answer:
    """One booking with all that is needed to come: the place, the link, the joining instructions."""
    found = booking_for(work().session, booking_id, work().actor)
    can, before = steps_of(found, work().now), moved_from(work().session, found)
    return page(
        "courses/bookings/booking.html",
        booking=found,
        about=_about(found),
        can=can,
        state=state_words(found, work().actor.person_id),
        booked_by=booked_by(found),
        position=position_of(work().session, found) if found.state in IN_QUEUE else 0,
        offer=live_offer(work().session, found.id),
        clash=_clash(found),
        undoable=next(
            (each for each in (found, before) if each and can_undo_now(each, work().actor, work().now)), None
        ),
    )


@bp.route("/bookings/<int:booking_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(booking_id: int) -> Answer:
    """Ask once, saying what it costs, then cancel."""
    found = booking_to_end(work().session, booking_id, work().actor)
    holds_a_place = found.state is BookingState.CONFIRMED
    is_office = work().actor.may("courses.manage_bookings") and found.person_id != work().actor.person_id
    if is_office and holds_a_place and request.method != "POST":
        return back_to("ending.give_up", booking_id=found.id)
    form = CancelBookingForm()
    if form.validate_on_submit():
        with form.refusals():
            cancel_booking(work(), found, reason=(form.reason.data).strip())
            whom = "you" if found.person_id == work().actor.person_id else found.person.name
            say(f"The booking on {found.event.version.title} is cancelled. We’ll email {whom} to confirm it.")
            return _after_cancelling(found)
    is_postponed = found.event.state is EventState.POSTPONED
    is_grace = holds_a_place and is_in_grace(found.booked_at, work().now)
    is_late = (
        holds_a_place and not is_grace and is_late_cancellation(work().now, found.free_until, is_postponed=is_postponed)
    )
    return page(
        "courses/bookings/cancel.html",
        form=form,
        booking=found,
        is_late=is_late,
        is_grace=is_grace,
        about=_about(found),
        back=back_from(found),
    )


@bp.route("/bookings/<int:booking_id>/needs", methods=["GET", "POST"])
@signed_in
def needs(booking_id: int) -> Answer:
    """Change what is needed on the day."""
    found = booking_for(work().session, booking_id, work().actor)
    form = NeedsForm(obj=found.needs, phone_on_day=found.phone_on_day)
    if form.validate_on_submit():
        with form.refusals():
            needs_now, food, phone = ((field.data).strip() for field in (form.needs, form.food, form.phone_on_day))
            change_needs(work(), found, needs=needs_now, food=food, phone_on_day=phone)
            say("What you need on the day is changed.")
            return back_to("bookings.booking", booking_id=found.id)
    return page("courses/bookings/needs.html", form=form, booking=found, about=_about(found))


def _clash(booking: Booking) -> str:
    """What else the delegate has at that time, while it is to come."""
    is_coming = booking.state in LIVE_STATES and booking.event.ends_at > work().now
    people = [booking.person_id] if is_coming and booking.event.state is EventState.PUBLISHED else []
    return clashes_of_people(work().session, booking.event, people).get(booking.person_id, "")


def back_from(booking: Booking) -> str:
    """Where somebody came from who does something about a booking: its page, or an agency lead's team."""
    if booking.person_id == work().actor.person_id or work().actor.may("courses.manage_bookings"):
        return site_url("bookings.booking", booking_id=booking.id)
    return site_url("team.team")


def _after_cancelling(booking: Booking) -> Answer:
    if booking.confirmed_at is not None:
        return back_to("ending.ended", booking_id=booking.id)  # where it can be undone
    if booking.person_id == work().actor.person_id:
        return back_to("learning.my")
    if not work().actor.may("courses.manage_bookings"):
        return back_to("team.team")
    return back_to("delegates.event_bookings", event_id=booking.event_id)


def _is_answered(form: BookingForm, step: str, clash: str | None) -> bool:
    """What depends on more than one field: the declaration at the end, the reason when there is a clash."""
    if clash and not form.clash_reason.data:
        _refuse(form.clash_reason, clash)
        return False
    if step == "book" and not (form.is_declared.data or form.has_no_manager.data):
        _refuse(form.is_declared, "Confirm that your line manager has agreed before you book.")
        return False
    return True


def _refuse(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def _booked_words(booking: Booking) -> str:
    title = booking.event.version.title
    if booking.state is BookingState.CONFIRMED:
        return f"Your place is booked: {title}, {words.when(booking.event)}. A confirmation is on its way."
    if booking.state is BookingState.AWAITING_MANAGER:
        with_whom = booking.manager_name or (
            "your line manager" if booking.manager_email else "your agency’s lead, or us"
        )
        return f"Your request is with {with_whom}. We write to you when there is an answer."
    return f"You are on the waiting list for {title}. We write to you when a place is found."


def _about(booking: Booking) -> EventToBook:
    return event_to_book(work().session, booking.event_id, work().now)
