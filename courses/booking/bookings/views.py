"""One's own bookings: to read, to cancel, and what is needed on the day."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request

from courses.booking.bookings.about.queries import EventToBook, event_to_book
from courses.booking.bookings.clashing.queries import clashes_of_people
from courses.booking.bookings.forms import CancelBookingForm, NeedsForm
from courses.booking.bookings.life import CANCEL
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.queries import live_offer
from courses.booking.bookings.queries import (
    IN_QUEUE,
    booking_for,
    booking_to_end,
    position_of,
    steps_of,
)
from courses.booking.bookings.rules import LIVE_STATES, BookingState, is_in_grace, is_late_cancellation
from courses.booking.bookings.services import cancel_booking, change_needs
from courses.booking.bookings.undoing.queries import can_undo_now, moved_from
from courses.booking.bookings.words import booked_by, state_words
from courses.booking.needs.models import KeptNeeds
from courses.booking.needs.queries import kept_needs
from courses.programme.events.rules import EventState
from lms.frame.web import Answer, back_to, page, say, signed_in, site_url, work
from lms.frame.work import Work

bp = Blueprint("bookings", __name__)

PAGES = {
    "booking": "bookings.booking",
    "cancel": "bookings.cancel",
    "move": "transfers.move",
    "give": "substitutions.give",
    "needs": "bookings.needs",
    "manager": "naming.manager",
}
"""The pages about a booking for whoever is signed in, by their names."""


@dataclass(frozen=True)
class WayIn:
    """How somebody came to a page about a booking: signed in, or by the `token` of a link in a letter to themselves."""

    work: Work
    booking: Booking
    token: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the booking is of whoever reads."""
        return self.booking.person_id == self.work.actor.person_id

    @property
    def back(self) -> str:
        """Where they came from."""
        return self.url("booking") if self.token else back_from(self.booking)

    def url(self, name: str) -> str:
        """Another page about the booking, on the same way."""
        if self.token:
            return site_url(f"acting.{name}", token=self.token)
        return site_url(PAGES[name], booking_id=self.booking.id)

    def on(self, endpoint: str, **values: int) -> Answer:
        """After something was done: there; by a link back to it, where it says what became of the booking."""
        if not self.token:
            return back_to(endpoint, **values)
        work().has_letters = True
        return back_to("acting.booking", token=self.token)


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
        kept=_kept(found),
        is_over=work().now >= found.event.ends_at,
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
    if request.method != "POST" and CANCEL.name not in steps_of(found, work().now):
        return redirect(back_from(found))  # attended, or ended: the booking shows what became of it
    return cancelling(WayIn(work(), found))


def cancelling(way: WayIn) -> Answer:
    """Cancel on either way: the page says what it costs before it is done."""
    found, form = way.booking, CancelBookingForm()
    holds_a_place = found.state is BookingState.CONFIRMED
    if form.validate_on_submit():
        with form.refusals():
            cancel_booking(way.work, found, reason=(form.reason.data).strip())
            whom = "you" if way.is_own else found.person.name
            say(f"The booking on {found.event.version.title} is cancelled. We’ll email {whom} to confirm it.")
            return _after_cancelling(way)
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
        way=way,
    )


@bp.route("/bookings/<int:booking_id>/needs", methods=["GET", "POST"])
@signed_in
def needs(booking_id: int) -> Answer:
    """Change what is needed on the day."""
    found = booking_for(work().session, booking_id, work().actor)
    form = NeedsForm(obj=found.needs or _kept(found), phone_on_day=found.phone_on_day)
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


def _kept(booking: Booking) -> KeptNeeds | None:
    """What the delegate asked us to keep and has not said for this booking: shown to them alone."""
    is_own = booking.person_id == work().actor.person_id
    return kept_needs(work().session, booking.person_id) if is_own and booking.needs is None else None


def back_from(booking: Booking) -> str:
    """Where somebody came from who does something about a booking: its page, or an agency lead's team."""
    if booking.person_id == work().actor.person_id or work().actor.may("courses.manage_bookings"):
        return site_url("bookings.booking", booking_id=booking.id)
    return site_url("team.team")


def _after_cancelling(way: WayIn) -> Answer:
    booking = way.booking
    if booking.confirmed_at is not None or way.token:
        return way.on("ending.ended", booking_id=booking.id)  # where it can be undone
    if booking.person_id == work().actor.person_id:
        return back_to("learning.my")
    if not work().actor.may("courses.manage_bookings"):
        return back_to("team.team")
    return back_to("delegates.event_bookings", event_id=booking.event_id)


def _about(booking: Booking) -> EventToBook:
    return event_to_book(work().session, booking.event_id, work().now)
