"""Who has not answered, for agency leads; and what changed thanks to answers, for everybody."""

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, public, requires, say, work
from lms.frame.work import Work
from surveys.permissions import SEE_RESPONSE, WRITE_CHANGES
from surveys.response import services
from surveys.response.forms import YouSaidForm
from surveys.response.queries import changes_made, course_titles, waiting_rows
from surveys.stages.rules import SURVEY_WORDS

bp = Blueprint("response", __name__)


@bp.get("/surveys/waiting")
@requires(SEE_RESPONSE)
def waiting() -> Answer:
    """Own agencies for a lead, all for the training team; bands of five, never a name."""
    agency_ids = None if work().actor.may(WRITE_CHANGES) else work().actor.leads_agency_ids
    rows = waiting_rows(work().session, agency_ids, work().now)
    return page("surveys/response/waiting.html", rows=rows, stage_words=SURVEY_WORDS)


@bp.get("/what-changed")
@public
def what_changed() -> Answer:
    return page(
        "surveys/response/what_changed.html",
        rows=changes_made(work().session),
        titles=dict(course_titles(work().session)),
        may_write=work().actor.may(WRITE_CHANGES),
    )


@bp.route("/what-changed/add", methods=["GET", "POST"])
@requires(WRITE_CHANGES)
def add() -> Answer:
    form = YouSaidForm().offer(course_titles(work().session))
    if form.validate_on_submit():
        with form.refusals():
            services.write_change(
                work(),
                course_id=form.course_id.data or None,
                said=form.said.data,
                did=form.did.data,
                changed_on=form.changed_on.data,
            )
            say("Added to the page “What changed” and the course’s page.")
            return back_to("response.what_changed")
    return page("surveys/response/add.html", form=form)


@bp.post("/what-changed/<int:change_id>/withdraw")
@requires(WRITE_CHANGES)
def withdraw(change_id: int) -> Answer:
    services.withdraw_change(work(), change_id)
    say("Removed from the page.")
    return back_to("response.what_changed")


def course_panel(work: Work, course_id: int) -> PanelContent | None:
    """On a course's page: what changed thanks to those who answered."""
    rows = [each for each in changes_made(work.session, course_id, is_all=False) if each.course_id == course_id][:3]
    return PanelContent("surveys/response/course_panel.html", {"rows": rows}) if rows else None
