"""Giving one's place to a colleague, from My learning."""

from flask import Blueprint, request

from courses.booking.bookings.models import Booking
from courses.booking.bookings.queries import booking_to_end
from courses.booking.bookings.views import back_from
from courses.booking.substitutions.forms import SubstituteForm
from courses.booking.substitutions.rules import ColleagueNamed, check_can_give
from courses.booking.substitutions.services import colleague_named, give_place
from courses.programme import words
from lms.frame.web import Answer, back_to, page, say, signed_in, work
from lms.kit.errors import Conflict

bp = Blueprint("substitutions", __name__)


@bp.route("/bookings/<int:booking_id>/give", methods=["GET", "POST"])
@signed_in
def give(booking_id: int) -> Answer:
    """Name a colleague of the same agency, look who it is, then give the place; both are written to."""
    booking = booking_to_end(work().session, booking_id, work().actor)
    form, event, why_not = SubstituteForm(), booking.event, ""
    try:
        check_can_give(booking.state, event_state=event.state, has_started=work().now >= event.starts_at)
    except Conflict as refusal:
        why_not = refusal.words
    step = request.form.get("step", "")
    if step != "change" and form.validate_on_submit():
        with form.refusals():
            if step != "give":
                named = colleague_named(work(), booking, form.person_ref.data, form.name.data)
                return _check(booking, form, named)
            new = give_place(work(), booking, form.person_ref.data, form.name.data)
            say(f"{new.person.name} has the place and has been told. Nothing is charged.")
            return back_to("ending.ended", booking_id=booking.id)  # where it can be undone
    return page(
        "courses/substitutions/give.html",
        form=form,
        booking=booking,
        when=words.when(event),
        why_not=why_not,
        back=back_from(booking),
    )


def _check(booking: Booking, form: SubstituteForm, named: ColleagueNamed) -> Answer:
    return page(
        "courses/substitutions/check.html",
        form=form,
        booking=booking,
        when=words.when(booking.event),
        named=named,
        back=back_from(booking),
    )
