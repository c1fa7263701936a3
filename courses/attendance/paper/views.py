"""The sign-in sheet as a PDF, and the page to type it back."""

from flask import Blueprint

from courses.attendance.paper.documents import sign_in_sheet
from courses.attendance.paper.forms import TypeBackForm
from courses.attendance.paper.rules import read_typed
from courses.attendance.paper.services import type_back as type_back_sheet
from courses.attendance.register.queries import register_of
from lms.frame.files import file_to_show
from lms.frame.web import Answer, back_to, page, say, signed_in, work
from lms.kit.words import count, file_name
from lms.partnership.queries import the_partnership

bp = Blueprint("paper", __name__)


@bp.get("/events/<int:event_id>/days/<int:number>/sign-in-sheet.pdf")
@signed_in
def sheet(event_id: int, number: int) -> Answer:
    """To print and pass round."""
    register = register_of(work().session, event_id, number, work().actor)
    data = sign_in_sheet(work(), register, the_partnership(work().session).name)
    name = file_name("sign-in", register.event.ref, f"day-{number}.pdf")
    return file_to_show(data, name)


@bp.route("/events/<int:event_id>/days/<int:number>/type-back", methods=["GET", "POST"])
@signed_in
def type_back(event_id: int, number: int) -> Answer:
    """Mark those who signed by the codes beside their names."""
    register, form = register_of(work().session, event_id, number, work().actor), TypeBackForm()
    if form.validate_on_submit():
        with form.refusals():
            entries = read_typed(form.codes.data, number)
            others = bool(form.others_are_absent.data)
            done = type_back_sheet(work(), event_id, number, entries, others_are_absent=others)
            absent = f", {count(done.absent, 'other', 'others')} absent" if done.absent else ""
            say(f"{count(done.present, 'person', 'people')} marked present{absent}.")
            return back_to("register.day", event_id=event_id, number=number)
    return page("courses/paper/type_back.html", form=form, register=register)
