"""Pages about embargoes, for review officers and business managers only."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from reviews.cases.queries import find_review
from reviews.cases.readings.services import note_reading
from reviews.cases.visibility.queries import standing_embargo
from reviews.embargoes import forms, services
from reviews.embargoes.queries import find_release, standing_embargoes
from reviews.learning.queries import PointFilter, point_rows
from reviews.themes.queries import themes

bp = Blueprint("embargoes", __name__)


@bp.get("/reviews/embargoes")
@requires("reviews.manage")
def embargoes() -> Answer:
    rows = standing_embargoes(work().session)
    note_reading(work(), [row.review_id for row in rows], "list of embargoes")
    return page("reviews/embargoes/embargoes.html", rows=rows)


@bp.route("/reviews/<int:review_id>/embargo", methods=["GET", "POST"])
@requires("reviews.manage")
def embargo(review_id: int) -> Answer:
    """Set one, or look again at the one that stands."""
    review = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "embargo of the review")
    standing = standing_embargo(work().session, review_id)
    form = forms.EmbargoForm(obj=standing)
    if form.validate_on_submit():
        with form.refusals():
            reason, day = form.reason.data, form.look_again_on.day
            if standing:
                services.keep_embargo(work(), review_id, reason=reason, look_again_on=day)
            else:
                services.set_embargo(work(), review, reason=reason, look_again_on=day)
            say("The embargo is set. Only review officers and business managers see this review.")
            return back_to("reviewing.review", review_id=review_id)
    return page("reviews/embargoes/embargo.html", form=form, review=review, standing=standing)


@bp.route("/reviews/<int:review_id>/embargo/lift", methods=["GET", "POST"])
@requires("reviews.manage")
def lift(review_id: int) -> Answer:
    review = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "embargo of the review")
    form = forms.LiftEmbargoForm()
    if form.validate_on_submit():
        with form.refusals():
            services.lift_embargo(work(), review, reason=form.reason.data)
            say("The embargo is lifted. Everyone who reads reviews sees this one again.")
            return back_to("reviewing.review", review_id=review_id)
    return page("reviews/embargoes/lift.html", form=form, review=review)


@bp.route("/reviews/<int:review_id>/release", methods=["GET", "POST"])
@requires("reviews.manage")
def propose(review_id: int) -> Answer:
    """Propose learning in general words that may be shared."""
    review = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "learning to share from the review")
    common = services.common_theme_ids(work())
    form = forms.ReleaseForm().offer([(each.id, each.name) for each in themes(work().session) if each.id in common])
    if form.validate_on_submit():
        with form.refusals():
            services.propose_release(
                work(),
                review_id,
                text=form.text.data,
                practice=form.practice.data,
                theme_ids=tuple(form.theme_ids.data or ()),
            )
            say("Proposed. Another review officer or the business manager decides.")
            return back_to("reviewing.review", review_id=review_id)
    points = point_rows(work().session, work().actor, PointFilter(review_id=review_id))
    return page("reviews/embargoes/propose.html", form=form, review=review, points=points)


@bp.post("/releases/<int:release_id>/approve")
@requires("reviews.manage")
def approve(release_id: int) -> Answer:
    release = find_release(work().session, work().actor, release_id)
    point = services.approve_release(work(), release_id)
    say(f"Shared as learning point {point.ref}, a draft to be agreed like any other.")
    return back_to("reviewing.review", review_id=release.review_id)


@bp.route("/releases/<int:release_id>/decline", methods=["GET", "POST"])
@requires("reviews.manage")
def decline(release_id: int) -> Answer:
    release = find_release(work().session, work().actor, release_id)
    note_reading(work(), [release.review_id], "learning to share from the review")
    form = forms.DeclineForm()
    if form.validate_on_submit():
        with form.refusals():
            services.decline_release(work(), release_id, reason=form.reason.data)
            say("It stays private.")
            return back_to("reviewing.review", review_id=release.review_id)
    return page("reviews/embargoes/decline.html", form=form, release=release)
