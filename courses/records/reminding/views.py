"""Reminding those who are ticked in the table: first whom of what, then it is sent."""

from flask import Blueprint, request

from courses.records.reminding.forms import RemindForm
from courses.records.reminding.queries import reminders
from courses.records.reminding.services import remind_people
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.kit.ticks import read_ticks, said_ticks
from lms.kit.words import count

bp = Blueprint("reminding", __name__)


@bp.route("/team/training/remind", methods=["GET", "POST"])
@requires("courses.book_team")
def remind() -> Answer:
    """Whom it would write to about which courses, and whom not and why."""
    ticked, course = read_ticks(request.args.get("kept", ""), ()), request.args.get("course", "")
    form = RemindForm(ticked=said_ticks(ticked), course=course)
    if form.validate_on_submit():
        with form.refusals():
            written = remind_people(work(), read_ticks(form.ticked.data, ()), form.course.data)
            say(
                f"{count(len(written), 'person', 'people')} reminded. Anyone who books before it is sent gets no email."
            )
            return back_to("staff.staff")
    rows = reminders(work(), read_ticks(form.ticked.data, ()), form.course.data)
    return page(
        "courses/reminding/remind.html", form=form, rows=rows, number=sum(bool(row.remind.courses) for row in rows)
    )
