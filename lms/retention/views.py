"""What is kept for how long, what is held, and reports of what was removed."""

from flask import Blueprint, request

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.frame.work import Work
from lms.kit.working_days import london_date
from lms.people.queries import person_by_ref
from lms.retention.forms import HoldRecordsForm, LiftHoldForm
from lms.retention.queries import hold_of, holds_to_look_at, lines_of, run_of, runs, standing_holds
from lms.retention.services import lift_hold, remove_what_is_past, set_hold

bp = Blueprint("retention", __name__)


@bp.get("/retention")
@requires("retention.manage")
def retention() -> Answer:
    reports = runs(work().session)
    last = {line.name: line for run in reports[:1] for line in lines_of(run)}
    return page(
        "retention/retention.html",
        kept=site().retention,
        last=last,
        reports=reports,
        holds=standing_holds(work().session),
        today=london_date(work().now),
        words_of={each.name: each.words for each in site().retention},
    )


@bp.post("/retention/run")
@requires("retention.manage")
def run_now() -> Answer:
    done = remove_what_is_past(work(), site().retention)
    say(f"Removed {done.removed:,}." if done.removed else "There was nothing to remove.")
    return back_to("retention.report", run_id=done.id)


@bp.get("/retention/reports/<int:run_id>")
@requires("retention.manage")
def report(run_id: int) -> Answer:
    run = run_of(work().session, run_id)
    return page("retention/report.html", run=run, lines=lines_of(run))


@bp.route("/retention/hold", methods=["GET", "POST"])
@requires("retention.manage")
def hold() -> Answer:
    form = HoldRecordsForm(data={"ref": request.args.get("ref", "")}).offer(site().retention)
    if form.validate_on_submit():
        with form.refusals():
            ref = (form.ref.data).strip()
            person = person_by_ref(work().session, ref) if ref else None
            set_hold(
                work(),
                person=person,
                kept=form.kept.data,
                reason=form.reason.data,
                look_again_on=form.look_again_on.day,
            )
            say("The hold is set. Nothing that it covers will be removed.")
            return back_to("retention.retention")
    return page("retention/hold.html", form=form)


@bp.route("/retention/holds/<int:hold_id>/lift", methods=["GET", "POST"])
@requires("retention.manage")
def lift(hold_id: int) -> Answer:
    found, form = hold_of(work().session, hold_id), LiftHoldForm()
    if form.validate_on_submit():
        with form.refusals():
            lift_hold(work(), found, reason=form.reason.data)
            say("The hold is lifted. Anything that is due will be removed tonight.")
            return back_to("retention.retention")
    return page("retention/lift.html", form=form, hold=found)


def settings_line(work: Work, _thing_id: int) -> PanelContent | None:
    """A line on the settings page."""
    if not work.actor.may("retention.manage"):
        return None
    return PanelContent("retention/settings_line.html", {"due": holds_to_look_at(work.session, london_date(work.now))})
