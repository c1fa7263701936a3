"""The plan as a page, a workbook and a PDF; one's own actions; and writing, answering and closing them."""

from flask import Blueprint, Response, request

from lms.frame.files import file_to_keep
from lms.frame.web import Answer, back_to, page, requires, say, signed_in, work
from lms.kit.words import moment
from lms.partnership.queries import the_partnership
from reviews.actions import forms, services
from reviews.actions.documents import plan_pdf, plan_workbook
from reviews.actions.queries import (
    PlanFilter,
    PlanRow,
    agencies,
    find_action,
    find_recommendation,
    may_answer,
    own_plan,
    plan,
    standing_of,
)
from reviews.actions.rules import OWED, RAG_RULE, ActionRag, ActionState
from reviews.actions.words import RAG_TAGS
from reviews.cases.queries import find_review
from reviews.cases.readings.services import note_reading

bp = Blueprint("actions", __name__)


@bp.get("/learning/actions")
@requires("reviews.read")
def actions() -> Answer:
    rows = _plan("action plan")
    return page(
        "reviews/actions/plan.html",
        rows=rows,
        agencies=agencies(work().session, work().actor),
        rag_rule=RAG_RULE,
        rag_tags=RAG_TAGS,
        as_at=moment(work().now),
        chosen=request.args,
    )


@bp.get("/learning/actions.xlsx")
@requires("reviews.read")
def workbook() -> Response:
    data = plan_workbook(_plan("action plan as a workbook"), as_at=f"As at {moment(work().now)}")
    return file_to_keep(data, "action-plan.xlsx")


@bp.get("/learning/actions.pdf")
@requires("reviews.read")
def pdf() -> Response:
    owner = the_partnership(work().session).name
    data = plan_pdf(_plan("action plan as a PDF"), owner, as_at=f"As at {moment(work().now)}")
    return file_to_keep(data, "action-plan.pdf")


@bp.get("/actions")
@signed_in
def mine() -> Answer:
    """What I own, and what the agency that I lead owes."""
    rows = own_plan(work().session, work().actor, work().now)
    return page("reviews/actions/mine.html", rows=rows, rag_tags=RAG_TAGS, rag_rule=RAG_RULE)


@bp.route("/actions/<int:action_id>", methods=["GET", "POST"])
@signed_in
def action(action_id: int) -> Answer:
    """One action; its owner and the agency's lead answer it here."""
    found = find_action(work().session, work().actor, action_id)
    note_reading(work(), [found.recommendation.review_id], "page of an action")
    form = forms.ActionDoneForm(obj=found)
    if form.validate_on_submit():
        with form.refusals():
            services.answer_action(work(), action_id, evidence=form.evidence.data)
            say(
                "Thank you. The review officer will read your answer and close the action, or tell you what is missing."
            )
            return back_to("actions.action", action_id=action_id)
    return page(
        "reviews/actions/action.html",
        form=form,
        action=found,
        standing=standing_of(found, work().now),
        rag_tags=RAG_TAGS,
        can_answer=may_answer(work().actor, found) and found.state in OWED,
        can_judge=work().actor.may("reviews.manage") and found.state is ActionState.ANSWERED,
        sees_owner=work().actor.may("reviews.see_owners") or may_answer(work().actor, found),
    )


@bp.route("/reviews/<int:review_id>/recommendations/new", methods=["GET", "POST"])
@requires("reviews.manage")
def recommend(review_id: int) -> Answer:
    review = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "recommendations of the review")
    form = forms.RecommendationForm()
    if form.validate_on_submit():
        with form.refusals():
            made = services.write_recommendation(work(), review_id, form.written)
            say(f"Added recommendation {made.number}.")
            return back_to("reviewing.review", review_id=review_id)
    return page("reviews/actions/recommend.html", form=form, review=review, title="Add a recommendation")


@bp.route("/recommendations/<int:recommendation_id>/edit", methods=["GET", "POST"])
@requires("reviews.manage")
def edit_recommendation(recommendation_id: int) -> Answer:
    found = find_recommendation(work().session, work().actor, recommendation_id)
    note_reading(work(), [found.review_id], "recommendations of the review")
    point_ref = found.learning_point.ref if found.learning_point else ""
    form = forms.RecommendationForm(obj=found, point_ref=point_ref)
    if form.validate_on_submit():
        with form.refusals():
            services.change_recommendation(work(), recommendation_id, form.written)
            say("The recommendation is changed.")
            return back_to("reviewing.review", review_id=found.review_id)
    title = f"Recommendation {found.number}"
    return page("reviews/actions/recommend.html", form=form, review=found.review, title=title)


@bp.route("/recommendations/<int:recommendation_id>/actions/new", methods=["GET", "POST"])
@requires("reviews.manage")
def write(recommendation_id: int) -> Answer:
    found = find_recommendation(work().session, work().actor, recommendation_id)
    note_reading(work(), [found.review_id], "recommendations of the review")
    form = forms.ActionForm().offer(_agency_choices())
    if form.validate_on_submit():
        with form.refusals():
            made = services.write_action(work(), recommendation_id, form.owed)
            say(f"Added action {made.id}. We’ll tell its owner 10 working days before the due date.")
            return back_to("reviewing.review", review_id=found.review_id)
    return page("reviews/actions/write.html", form=form, recommendation=found, action=None)


@bp.route("/actions/<int:action_id>/edit", methods=["GET", "POST"])
@requires("reviews.manage")
def edit(action_id: int) -> Answer:
    """Another owner, another date."""
    found = find_action(work().session, work().actor, action_id)
    note_reading(work(), [found.recommendation.review_id], "form of an action")
    owner_ref = found.owner.ref if found.owner.is_here else ""
    form = forms.ActionForm(obj=found, owner_ref=owner_ref).offer(_agency_choices())
    if form.validate_on_submit():
        with form.refusals():
            services.change_action(work(), action_id, form.owed)
            say("The action is changed.")
            return back_to("actions.action", action_id=action_id)
    return page("reviews/actions/write.html", form=form, recommendation=found.recommendation, action=found)


@bp.post("/actions/<int:action_id>/close")
@requires("reviews.manage")
def close(action_id: int) -> Answer:
    services.close_action(work(), action_id)
    say("The action is closed.")
    return back_to("actions.action", action_id=action_id)


@bp.route("/actions/<int:action_id>/return", methods=["GET", "POST"])
@requires("reviews.manage")
def send_back(action_id: int) -> Answer:
    found = find_action(work().session, work().actor, action_id)
    note_reading(work(), [found.recommendation.review_id], "form of an action")
    form = forms.ReturnActionForm()
    if form.validate_on_submit():
        with form.refusals():
            services.return_action(work(), action_id, reason=form.reason.data)
            say("The action is back with its owner, who has been told.")
            return back_to("actions.action", action_id=action_id)
    return page("reviews/actions/return.html", form=form, action=found)


def _plan(where: str) -> list[PlanRow]:
    agency = request.args.get("agency", "")
    wanted = PlanFilter(
        agency_id=int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 10 else None,
        rag=next((each for each in ActionRag if each.value == request.args.get("rag")), None),
    )
    rows = plan(work().session, work().actor, work().now, wanted)
    note_reading(work(), [row.review_id for row in rows], where)
    return rows


def _agency_choices() -> list[tuple[int, str]]:
    return agencies(work().session, None)
