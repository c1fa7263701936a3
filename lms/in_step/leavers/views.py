"""The page of leavers of whom another system told: what they had open, and what became of it."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.in_step.leavers.forms import SeenForm
from lms.in_step.leavers.queries import how_many, unseen_leavers
from lms.in_step.leavers.services import mark_seen
from lms.kit.words import count

bp = Blueprint("leavers", __name__)


@bp.route("/people/left-elsewhere", methods=["GET", "POST"])
@requires("people.manage")
def leavers() -> Answer:
    found = unseen_leavers(work().session)
    form = SeenForm(shown=",".join(str(each.id) for each in found))
    if form.validate_on_submit():
        number = mark_seen(work(), form.ids)
        say(f"{count(number, 'leaver')} looked at.")
        return back_to("leavers.leavers")
    return page("in_step/leavers.html", form=form, found=found, total=how_many(work().session))
