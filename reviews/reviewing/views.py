"""The list of reviews, a review's page, and the pages on which review officers write it."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.working_days import london_date
from reviews.actions.queries import PlanFilter, plan, recommendations_of
from reviews.actions.words import RESPONSES
from reviews.cases import forms, words
from reviews.cases.models import Review
from reviews.cases.queries import find_review, reviews_seen_by, tally
from reviews.cases.readings.services import note_reading
from reviews.cases.rules import Publication, clocks
from reviews.cases.services import change_review, publish_review, write_review
from reviews.cases.visibility.queries import standing_embargo
from reviews.embargoes.queries import embargoes_of, releases_of
from reviews.learning.queries import PointFilter, point_rows
from reviews.learning.rules import STATUS_COLOURS, STATUS_WORDS
from reviews.scopes.forms import scope_from_address
from reviews.themes.queries import themes
from reviews.theming.queries import themes_seen_by

bp = Blueprint("reviewing", __name__)


@bp.get("/reviews")
@requires("reviews.read")
def reviews() -> Answer:
    scope, form = scope_from_address(themes_seen_by(work().session, work().actor))
    found = reviews_seen_by(work().session, work().actor, scope)
    note_reading(work(), [each.id for each in found], "list of reviews")
    return page(
        "reviews/reviewing/reviews.html",
        reviews=found,
        tally=tally(found),
        filters=form,
        is_filtered=not scope.is_all,
        words=words,
        clocks_of=_clocks,
    )


@bp.get("/reviews/<int:review_id>")
@requires("reviews.read")
def review(review_id: int) -> Answer:
    found = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "page of the review")
    manages = work().actor.may("reviews.manage")
    return page(
        "reviews/reviewing/review.html",
        review=found,
        words=words,
        clocks=_clocks(found),
        points=point_rows(work().session, work().actor, PointFilter(review_id=review_id)),
        status_words=STATUS_WORDS,
        status_colours=STATUS_COLOURS,
        recommendations=recommendations_of(work().session, review_id),
        response_words=RESPONSES,
        actions=plan(work().session, work().actor, work().now, PlanFilter(review_id=review_id)),
        manages=manages,
        embargo=standing_embargo(work().session, review_id) if manages else None,
        embargoes=embargoes_of(work().session, review_id) if manages else [],
        releases=releases_of(work().session, review_id) if manages else [],
    )


@bp.route("/reviews/new", methods=["GET", "POST"])
@requires("reviews.manage")
def write() -> Answer:
    form = forms.ReviewForm().offer(None, _theme_choices())
    if form.validate_on_submit():
        with form.refusals():
            made = write_review(work(), form.written)
            say("Added the review.")
            return back_to("reviewing.review", review_id=made.id)
    return page("reviews/reviewing/write.html", form=form, review=None)


@bp.route("/reviews/<int:review_id>/edit", methods=["GET", "POST"])
@requires("reviews.manage")
def edit(review_id: int) -> Answer:
    found = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "form of the review")
    form = forms.ReviewForm(data=forms.as_typed(found)).offer(found, _theme_choices())
    if form.validate_on_submit():
        with form.refusals():
            change_review(work(), review_id, form.written)
            say("The review is changed.")
            return back_to("reviewing.review", review_id=review_id)
    return page("reviews/reviewing/write.html", form=form, review=found)


@bp.route("/reviews/<int:review_id>/publication", methods=["GET", "POST"])
@requires("reviews.manage")
def publication(review_id: int) -> Answer:
    found = find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "publication of the review")
    form = forms.PublicationForm(obj=found)
    if form.validate_on_submit():
        with form.refusals():
            publish_review(
                work(),
                review_id,
                form.chosen,
                published_on=form.day,
                not_published_reason=form.not_published_reason.data,
                publication_reason=form.publication_reason.data,
            )
            say(f"The review is now: {words.PUBLICATIONS[form.chosen].lower()}.")
            return back_to("reviewing.review", review_id=review_id)
    return page("reviews/reviewing/publication.html", form=form, review=found)


def _clocks(review: Review) -> list[object]:
    is_closed = review.publication is Publication.NONE
    return list(clocks(review.dates, today=london_date(work().now), is_closed=is_closed))


def _theme_choices() -> list[tuple[int, str]]:
    return [(theme.id, theme.name) for theme in themes(work().session)]
