"""My needs: what is kept for next time, to read, to change and to take away."""

from flask import Blueprint

from courses.booking.needs.forms import KeptNeedsForm
from courses.booking.needs.queries import kept_needs, person_signed_in
from courses.booking.needs.rules import KEPT_MONTHS_WITHOUT_BOOKING
from courses.booking.needs.services import keep_needs, take_needs_away
from lms.frame.web import Answer, back_to, page, say, signed_in, work
from lms.people.models import Person

bp = Blueprint("needs", __name__)


@bp.route("/my/needs", methods=["GET", "POST"])
@signed_in
def mine() -> Answer:
    """Kept because they say so here, or ticked it when they booked."""
    person = _me()
    kept = kept_needs(work().session, person.id)
    form = KeptNeedsForm(obj=kept)
    if form.validate_on_submit():
        keep_needs(work(), person, needs=form.needs.data.strip(), food=form.food.data.strip())
        say("What you need is kept for next time.")
        return back_to("needs.mine")
    return page("courses/needs/mine.html", form=form, kept=kept, months=KEPT_MONTHS_WITHOUT_BOOKING)


@bp.post("/my/needs/take-away")
@signed_in
def take_away() -> Answer:
    """Nothing is kept any more."""
    take_needs_away(work(), _me())
    say("We no longer keep what you need. Bookings that you have already keep what you told us for them.")
    return back_to("needs.mine")


def _me() -> Person:
    return person_signed_in(work().session, work().actor.person_id)
