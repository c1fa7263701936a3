"""Adding to a finalised register: find the person, say when they were there and why the register did not have them."""

from flask import Blueprint, request

from courses.attendance.additions.forms import AdditionForm, NewAdditionForm, days_to_mark
from courses.attendance.additions.queries import places_not_used
from courses.attendance.additions.services import add_new_to_finalised, add_to_finalised
from courses.attendance.finalising.forms import read_days
from courses.attendance.register.forms import OTHERS
from courses.attendance.walkins.queries import agencies_to_choose, find_comers
from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import event_with_days
from courses.booking.bookings.rules import OUTCOME_WORDS
from courses.programme import words
from courses.programme.events import life
from courses.programme.events.models import Event
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.errors import NotFound
from lms.people.models import Person

bp = Blueprint("additions", __name__)


@bp.get("/events/<int:event_id>/register/add")
@requires("courses.manage_bookings")
def find(event_id: int) -> Answer:
    """Who it was, to choose from."""
    event, who = _finalised(event_id), request.args.get("who", "").strip()
    found = find_comers(work().session, event_id, who) if who else []
    return page("courses/additions/find.html", event=event, when=words.when(event), who=who, found=found)


@bp.route("/events/<int:event_id>/register/add/<int:person_id>", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def add(event_id: int, person_id: int) -> Answer:
    """This is the one: when they were there, in whose place, and why."""
    event, person = _finalised(event_id), work().session.get(Person, person_id)
    if person is None or not person.is_here:
        raise NotFound("That person’s record no longer exists. Look for the name again.")
    places = places_not_used(work().session, event_id, person.agency_id) if person.agency_id else []
    form = AdditionForm().offer(places)
    if form.validate_on_submit():
        with form.refusals():
            seen = read_days(request.form, event.days)
            reason = form.reason.data
            return _added(add_to_finalised(work(), event_id, person_id, seen, reason=reason, instead_of=form.place))
    return _page(event, form, person)


@bp.route("/events/<int:event_id>/register/add/new", methods=["GET", "POST"])
@requires("courses.manage_bookings")
def add_new(event_id: int) -> Answer:
    """Somebody who has no record here."""
    event = _finalised(event_id)
    form = NewAdditionForm(name=request.args.get("who", "").strip())
    form.offer(places_not_used(work().session, event_id))
    form.offer_agencies(agencies_to_choose(work().session))
    if form.validate_on_submit():
        with form.refusals():
            seen = read_days(request.form, event.days)
            reason = form.reason.data
            return _added(
                add_new_to_finalised(work(), event_id, form.details, seen, reason=reason, instead_of=form.place)
            )
    return _page(event, form, None)


def _page(event: Event, form: AdditionForm, person: Person | None) -> Answer:
    return page(
        "courses/additions/add.html",
        event=event,
        when=words.when(event),
        form=form,
        person=person,
        days=days_to_mark(event.days, request.form if form.is_submitted() else None),
        others=OTHERS,
    )


def _added(booking: Booking) -> Answer:
    outcome = OUTCOME_WORDS[booking.outcome].lower() if booking.outcome else "no outcome"
    say(f"{booking.person.name} is on the register: {outcome}. Anything that follows from it is put right.")
    return back_to("finalising.event", event_id=booking.event_id)


def _finalised(event_id: int) -> Event:
    event = event_with_days(work().session, event_id)
    if not life.CORRECT.is_open(event.state):
        raise NotFound("This register is not finalised. Add someone on the register itself.")
    return event
