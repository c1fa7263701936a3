"""The list of learning points, the thread of each, and the pages on which they are written and agreed."""

from flask import Blueprint, request

from lms.frame.paging import page_of
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.words import long_date, moment
from reviews.actions.queries import PlanFilter, plan
from reviews.cases import words as review_words
from reviews.cases.queries import find_review
from reviews.cases.readings.services import note_reading
from reviews.learning import forms, services
from reviews.learning.models import LearningPoint
from reviews.learning.panels import drawn_steps, gaps_and_dates
from reviews.learning.queries import PointFilter, facts_of, find_point, find_point_by_ref, findings_of, point_rows
from reviews.learning.rules import STATUS_COLOURS, STATUS_WORDS, PointStatus, status_of
from reviews.themes.queries import themes
from reviews.theming.queries import counts_of_themes, themes_seen_by

bp = Blueprint("points", __name__)

POINTS_ON_A_PAGE = 50


@bp.get("/learning-points")
@requires("reviews.read")
def points() -> Answer:
    wanted = _wanted()
    rows = point_rows(work().session, work().actor, wanted)
    note_reading(work(), [row.review_id for row in rows], "list of learning points")
    return page(
        "reviews/points/points.html",
        part=page_of(rows, POINTS_ON_A_PAGE),
        total=len(rows),
        wanted=wanted,
        themes=themes_seen_by(work().session, work().actor),
        status_words=STATUS_WORDS,
        status_colours=STATUS_COLOURS,
    )


@bp.get("/learning-points/<path:ref>")
@requires("reviews.read")
def point(ref: str) -> Answer:
    """The thread: from the review that found it to the practice that changed."""
    found = find_point_by_ref(work().session, work().actor, ref)
    note_reading(work(), [found.review_id], "page of the learning point")
    status = status_of(facts_of(found, findings_of(work().session, [found.id]).get(found.id, ())))
    return page(
        "reviews/points/point.html",
        point=found,
        status=STATUS_WORDS[status],
        colour=STATUS_COLOURS[status],
        is_draft=status is PointStatus.DRAFT,
        drawn_steps=drawn_steps,
        gaps_and_dates=gaps_and_dates,
        theme_words=_theme_words(found),
        review_words=review_words,
        actions=plan(work().session, work().actor, work().now, PlanFilter(learning_point_id=found.id)),
        as_at=f"{long_date(work().now)}, {moment(work().now)[-5:]}",
    )


@bp.route("/learning/points/new", methods=["GET", "POST"])
@requires("reviews.manage")
def write() -> Answer:
    return _write(None)


@bp.route("/reviews/<int:review_id>/learning-points/new", methods=["GET", "POST"])
@requires("reviews.manage")
def write_for_review(review_id: int) -> Answer:
    find_review(work().session, work().actor, review_id)
    note_reading(work(), [review_id], "learning of the review")
    return _write(review_id)


def _write(review_id: int | None) -> Answer:
    form = forms.PointForm().offer(_theme_choices())
    if form.validate_on_submit():
        with form.refusals():
            made = services.write_point(work(), form.written(review_id))
            say(f"Learning point {made.ref} is a draft now.")
            return back_to("points.point", ref=made.ref)
    return page("reviews/points/write.html", form=form, point=None)


@bp.route("/learning/points/<int:learning_point_id>/edit", methods=["GET", "POST"])
@requires("reviews.manage")
def edit(learning_point_id: int) -> Answer:
    found = _found(learning_point_id)
    form = forms.PointForm(data=forms.as_typed(found)).offer(_theme_choices())
    if form.validate_on_submit():
        with form.refusals():
            written = form.written(found.review_id)
            services.change_point(work(), learning_point_id, written, is_new_meaning=bool(form.is_new_meaning.data))
            say("The learning point is changed.")
            return back_to("points.point", ref=found.ref)
    return page("reviews/points/write.html", form=form, point=found)


@bp.route("/learning/points/<int:learning_point_id>/agree", methods=["GET", "POST"])
@requires("reviews.manage")
def agree(learning_point_id: int) -> Answer:
    found = _found(learning_point_id)
    form = forms.AgreeForm()
    if form.validate_on_submit():
        with form.refusals():
            services.agree_point(
                work(),
                learning_point_id,
                agreed_on=form.agreed_on.day,
                agreed_by=form.agreed_by.data,
                minute=form.minute.data,
            )
            say("The learning point is agreed.")
            return back_to("points.point", ref=found.ref)
    return page("reviews/points/agree.html", form=form, point=found)


@bp.route("/learning/points/<int:learning_point_id>/address", methods=["GET", "POST"])
@requires("reviews.manage")
def address(learning_point_id: int) -> Answer:
    """Link something that no plugin links by itself: a policy, a form."""
    found = _found(learning_point_id)
    form = forms.LinkForm()
    if form.validate_on_submit():
        with form.refusals():
            services.address_by_hand(
                work(),
                learning_point_id,
                kind=form.kind.data,
                words=form.words.data,
                since_on=form.since_on.day,
            )
            say("Linked.")
            return back_to("points.point", ref=found.ref)
    return page("reviews/points/address.html", form=form, point=found)


@bp.route("/learning/points/<int:learning_point_id>/supersede", methods=["GET", "POST"])
@requires("reviews.manage")
def supersede(learning_point_id: int) -> Answer:
    found = _found(learning_point_id)
    form = forms.SupersedeForm()
    if form.validate_on_submit():
        with form.refusals():
            services.supersede_point(work(), learning_point_id, by_ref=form.by_ref.data)
            say("The learning point is superseded.")
            return back_to("points.point", ref=found.ref)
    return page("reviews/points/supersede.html", form=form, point=found)


def _found(point_id: int) -> LearningPoint:
    found = find_point(work().session, work().actor, point_id)
    note_reading(work(), [found.review_id], "form of the learning point")
    return found


def _wanted() -> PointFilter:
    theme, status = request.args.get("theme", ""), request.args.get("status", "")
    return PointFilter(
        words=request.args.get("q", "").strip(),
        theme_id=int(theme) if theme.isascii() and theme.isdigit() and len(theme) < 10 else None,
        status=next((each for each in PointStatus if each.value == status), None),
    )


def _theme_words(found: LearningPoint) -> list[str]:
    """Each theme with how many reviews carry it; the page is handed out, so hidden ones never count."""
    counts = counts_of_themes(work().session)
    said = {name: f"{name} ({count.words} reviews)" for name, count in counts.items()}
    return [said.get(theme.name, theme.name) for theme in found.themes]


def _theme_choices() -> list[tuple[int, str]]:
    return [(theme.id, theme.name) for theme in themes(work().session)]
