"""Coverage on the coordinator's desk and on the public page of a course."""

from flask import Blueprint

from courses.coverage import forms, services
from courses.coverage.queries import (
    courses_to_cover,
    coverage_of,
    find_coverage,
    learned_in,
    points_to_cover,
)
from courses.coverage.rules import STRANDS, in_a_sentence
from courses.programme.courses.queries import course_by_id
from lms.frame.fields import choices_of
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.frame.work import Work
from lms.kit.words import MONTHS
from reviews.cases.readings.services import note_reading
from reviews.learning.queries import find_point

bp = Blueprint("coverage", __name__)


@bp.route("/catalogue/<int:course_id>/coverage/add", methods=["GET", "POST"])
@requires("courses.manage_coverage")
def add(course_id: int) -> Answer:
    """From a course: which learning it covers."""
    course = course_by_id(work().session, course_id)
    newest = course.versions[-1]
    form = forms.AddPointForm()
    form.learning_point_id.choices = choices_of(points_to_cover(work().session, work().actor, newest.id))
    if form.validate_on_submit():
        with form.refusals():
            services.cover_point(work(), course_id, form.learning_point_id.data, form.written)
            say("The course covers it now.")
            return back_to("catalogue.manage", course_id=course_id)
    return page("courses/coverage/add.html", form=form, course=course, newest=newest)


@bp.route("/learning/points/<int:learning_point_id>/cover", methods=["GET", "POST"])
@requires("courses.manage_coverage")
def cover(learning_point_id: int) -> Answer:
    """From a learning point: which course covers it."""
    point = find_point(work().session, work().actor, learning_point_id)
    note_reading(work(), [point.review_id], "form of coverage")
    form = forms.AddCourseForm()
    form.course_id.choices = choices_of(courses_to_cover(work().session, learning_point_id))
    if form.validate_on_submit():
        with form.refusals():
            services.cover_point(work(), form.course_id.data, learning_point_id, form.written)
            say("The course covers it now.")
            return back_to("points.point", ref=point.ref)
    return page("courses/coverage/cover.html", form=form, point=point)


@bp.route("/coverage/<int:coverage_id>/edit", methods=["GET", "POST"])
@requires("courses.manage_coverage")
def edit(coverage_id: int) -> Answer:
    found = find_coverage(work().session, work().actor, coverage_id)
    note_reading(work(), [found.point.review_id], "form of coverage")
    course_id = found.version.course_id
    form = forms.CoverageForm(data=forms.as_typed(found))
    if form.validate_on_submit():
        with form.refusals():
            services.change_coverage(work(), coverage_id, form.written)
            say("The coverage is changed.")
            return back_to("catalogue.manage", course_id=course_id)
    return page("courses/coverage/edit.html", form=form, coverage=found, point=found.point, version=found.version)


@bp.post("/coverage/<int:coverage_id>/remove")
@requires("courses.manage_coverage")
def remove(coverage_id: int) -> Answer:
    course = services.remove_coverage(work(), coverage_id)
    say("The course no longer covers it.")
    return back_to("catalogue.manage", course_id=course.id)


def desk_panel(work: Work, course_id: int) -> PanelContent | None:
    """On the desk's page of a course: what its newest version covers."""
    if not work.actor.may("courses.manage_coverage"):
        return None
    newest = course_by_id(work.session, course_id).versions[-1]
    rows = coverage_of(work.session, work.actor, newest.id)
    note_reading(work, [row.point.review_id for row in rows], "coverage of a course")
    return PanelContent(
        "courses/coverage/desk_panel.html",
        {"rows": rows, "course_id": course_id, "strands": STRANDS, "is_current": newest.is_current},
    )


def course_panel(work: Work, course_id: int) -> PanelContent | None:
    """On the public page of a course: why there is this course. Only learning that anybody may read."""
    learned = learned_in(work.session, course_id)
    if not learned:
        return None
    since_on = learned[0].since_on
    return PanelContent(
        "courses/coverage/why.html",
        {
            "first": learned[0],
            "others": learned[1:],
            "since": f"{MONTHS[since_on.month - 1]} {since_on.year}",
            "in_a_sentence": in_a_sentence,
        },
    )
