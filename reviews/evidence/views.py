"""Recording evidence, and the step "What changed" of the thread."""

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.frame.work import Work
from reviews.cases.readings.services import note_reading
from reviews.evidence import forms
from reviews.evidence.queries import EvidenceRow, evidence_of
from reviews.evidence.services import record_evidence
from reviews.learning.panels import Gap, ThreadStep, thread_panel
from reviews.learning.queries import facts_of, find_point
from reviews.learning.rules import Verdict, change_of

bp = Blueprint("evidence", __name__)

HEADINGS = {
    Verdict.EMBEDDED: "Practice has changed, and it can be seen",
    Verdict.PARTLY: "Practice is changing",
    Verdict.NOT_YET: "Practice has not changed yet",
}


@bp.route("/learning/points/<int:learning_point_id>/evidence", methods=["GET", "POST"])
@requires("reviews.manage")
def record(learning_point_id: int) -> Answer:
    point = find_point(work().session, work().actor, learning_point_id)
    note_reading(work(), [point.review_id], "evidence of the learning point")
    form = forms.EvidenceForm()
    if form.validate_on_submit():
        with form.refusals():
            record_evidence(work(), learning_point_id, form.found)
            say("The evidence is recorded.")
            return back_to("points.point", ref=point.ref)
    return page("reviews/evidence/record.html", form=form, point=point, changed_on=change_of(facts_of(point, ())))


def thread_step(work: Work, point_id: int) -> PanelContent | None:
    """What changed: evidence dated after the change, and earlier evidence for comparison."""
    point = find_point(work.session, work.actor, point_id)
    changed_on = change_of(facts_of(point, ()))
    rows = evidence_of(work.session, point_id, changed_on)
    counted = [row for row in rows if row.counts]
    step = ThreadStep(
        anchor="changed",
        position=70,
        step="What changed",
        heading=HEADINGS[counted[0].verdict] if counted else "We cannot yet show whether practice changed",
        figure=_figure(counted),
        figure_words=_figure_words(counted),
        is_thin=not counted,
        gaps=() if counted or point.agreed_on is None else (Gap("No evidence dated after the change"),),
    )
    return thread_panel(
        step,
        "reviews/evidence/step.html",
        rows=rows,
        changed_on=changed_on,
        verdicts=forms.VERDICTS,
    )


def _figure(counted: list[EvidenceRow]) -> str:
    return "" if not counted else str(counted[0].met) if counted[0].met is not None else str(len(counted))


def _figure_words(counted: list[EvidenceRow]) -> str:
    if counted and counted[0].met is not None:
        return f"of {counted[0].of_all} met it when looked at last"
    return "pieces of evidence since" if len(counted) > 1 else "piece of evidence since"
