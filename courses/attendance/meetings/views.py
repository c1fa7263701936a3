"""Sending a Teams report, seeing whom it is about, and confirming. It never makes anybody absent."""

from flask import Blueprint, request

from courses.attendance.meetings.forms import ConfirmMeetingForm, ReportForm, read_lines
from courses.attendance.meetings.queries import matched
from courses.attendance.meetings.rules import read_report
from courses.attendance.register.queries import register_of
from courses.attendance.register.services import mark_people
from lms.frame.web import Answer, back_to, page, say, signed_in, work
from lms.kit.words import count

bp = Blueprint("meetings", __name__)


@bp.route("/events/<int:event_id>/days/<int:number>/attendance-report", methods=["GET", "POST"])
@signed_in
def upload(event_id: int, number: int) -> Answer:
    """Read the report and show what it says. Nothing is saved until that is confirmed."""
    register, form = register_of(work().session, event_id, number, work().actor), ReportForm()
    if form.validate_on_submit():
        with form.refusals():
            lines = matched(work().session, register, read_report(form.report.data.read(), register.block))
            in_report = {line.row.booking_id for line in lines if line.row}
            missing = [row for row in register.rows if row.booking_id not in in_report]
            confirm = ConfirmMeetingForm(None)
            return page(
                "courses/meetings/confirm.html", register=register, lines=lines, missing=missing, confirm=confirm
            )
    return page("courses/meetings/upload.html", form=form, register=register)


@bp.post("/events/<int:event_id>/days/<int:number>/attendance-report/confirm")
@signed_in
def confirm(event_id: int, number: int) -> Answer:
    """Mark those who were confirmed; everybody else stays as they are."""
    register, form = register_of(work().session, event_id, number, work().actor), ConfirmMeetingForm()
    if form.validate_on_submit():
        with form.refusals():
            saved = mark_people(work(), event_id, number, read_lines(request.form))
            say(f"{count(saved, 'person', 'people')} marked present from the report. No one was marked absent.")
            return back_to("register.day", event_id=event_id, number=number)
    return page("courses/meetings/upload.html", form=form, upload=ReportForm(None), register=register)
