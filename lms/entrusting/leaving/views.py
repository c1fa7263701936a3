"""The page on which the office says that somebody has left."""

from flask import Blueprint

from lms.entrusting.leaving.forms import form_for
from lms.entrusting.rules import EntrustedKind
from lms.entrusting.services import do_or_ask
from lms.entrusting.views import say_done_or_asked
from lms.frame.web import Answer, back_to, page, requires, work
from lms.kit.working_days import london_date
from lms.people.leaving.queries import each_thing, left_behind
from lms.people.queries import person_of

bp = Blueprint("leaving", __name__)


@bp.route("/people/<int:person_id>/left", methods=["GET", "POST"])
@requires("people.manage")
def left(person_id: int) -> Answer:
    """What they would leave behind, with a choice for each, and the day."""
    found = person_of(work().session, work().actor, person_id)
    behind = left_behind(work(), person_id) if found.left_on is None else []
    things = [thing for _, thing in each_thing(behind)]
    form = form_for(things, left_on=london_date(work().now))
    if form.validate_on_submit():
        with form.refusals():
            on = (form.left_on.data or london_date(work().now)).isoformat()
            chosen = form.chosen(things)
            settled = {key: [each.what.value, each.receiver] for key, each in chosen.items()}
            said = [f"{thing.words}: {thing.choices[chosen[thing.key].what]}" for thing in things]
            asked = do_or_ask(work(), EntrustedKind.LEAVING, found, {"on": on, "settled": settled, "said": said})
            say_done_or_asked(asked, f"{found.name} has left. They cannot sign in, and their record stays.")
            return back_to("people.person", person_id=person_id)
    return page("leaving/left.html", form=form, found=found, behind=behind)
