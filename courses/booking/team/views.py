"""My team: an agency lead's people and their coming events."""

from flask import Blueprint, request

from courses.booking.bookings.about.queries import event_to_book_by
from courses.booking.bookings.rules import BookingState
from courses.booking.team.forms import TeamForm
from courses.booking.team.queries import MOST_SHOWN, people_to_book, team_events
from courses.booking.team.services import book_team
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.kit.words import count

bp = Blueprint("team", __name__)


@bp.get("/team")
@requires("courses.book_team")
def team() -> Answer:
    """Who of the agency is booked on what, and what can be done about it."""
    return page("courses/team/team.html", events=team_events(work().session, work().actor, work().now))


@bp.route("/events/<int:event_id>/book-team", methods=["GET", "POST"])
@requires("courses.book_team")
def book(event_id: int) -> Answer:
    """Choose several people; each has a place or a turn in the list."""
    typed = request.args.get("q", "").strip()
    about = event_to_book_by(work().session, event_id, work().now, work().actor)
    people = people_to_book(work().session, work().actor, event_id, typed)
    form = TeamForm().offer(people, with_charges=site().hosts("charges"))
    if form.validate_on_submit():
        with form.refusals():
            booked = book_team(work(), event_id, form.people.data or (), clash_reason=form.clash_reason.data)
            say(_said([booking.state for booking in booked]))
            return back_to("team.team")
    return page("courses/team/book.html", form=form, about=about, typed=typed, is_cut=len(people) == MOST_SHOWN)


def _said(states: list[BookingState]) -> str:
    confirmed, asked = states.count(BookingState.CONFIRMED), states.count(BookingState.AWAITING_MANAGER)
    parts = [
        f"{count(confirmed, 'person', 'people')} booked" if confirmed else "",
        f"{count(asked, 'line manager')} asked" if asked else "",
        f"{count(len(states) - confirmed - asked, 'person', 'people')} waiting"
        if len(states) > confirmed + asked
        else "",
    ]
    return ", ".join(part for part in parts if part) + ". Each has been written to."
