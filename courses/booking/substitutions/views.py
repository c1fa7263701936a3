"""Giving one's place to a colleague, from My learning."""

from flask import Blueprint, request

from courses.booking.bookings.queries import booking_to_end
from courses.booking.bookings.views import WayIn
from courses.booking.substitutions.forms import SubstituteForm
from courses.booking.substitutions.rules import ColleagueNamed, check_can_give
from courses.booking.substitutions.services import colleague_named, give_place
from courses.programme import words
from lms.frame.web import Answer, page, say, signed_in, work
from lms.kit.errors import Conflict

bp = Blueprint("substitutions", __name__)


@bp.route("/bookings/<int:booking_id>/give", methods=["GET", "POST"])
@signed_in
def give(booking_id: int) -> Answer:
    """Name a colleague of the same agency, look who it is, then give the place; both are written to."""
    booking = booking_to_end(work().session, booking_id, work().actor)
    return giving(WayIn(work(), booking), SubstituteForm())


def giving(way: WayIn, form: SubstituteForm) -> Answer:
    """Give the place away on either way."""
    booking, event, why_not = way.booking, way.booking.event, ""
    try:
        check_can_give(booking.state, event_state=event.state, has_started=way.work.now >= event.starts_at)
    except Conflict as refusal:
        why_not = refusal.words
    step = request.form.get("step", "")
    if step != "change" and form.validate_on_submit():
        with form.refusals():
            if step != "give":
                named = colleague_named(way.work, booking, form.person_ref.data, form.name.data)
                return _shown("check", way, form, named=named)
            new = give_place(way.work, booking, form.person_ref.data, form.name.data)
            say(f"{new.person.name} has the place and has been told. Nothing is charged.")
            return way.on("ending.ended", booking_id=booking.id)  # where it can be undone
    return _shown("give", way, form, why_not=why_not)


def _shown(name: str, way: WayIn, form: SubstituteForm, **context: ColleagueNamed | str) -> Answer:
    when = words.when(way.booking.event)
    return page(f"courses/substitutions/{name}.html", form=form, booking=way.booking, when=when, way=way, **context)
