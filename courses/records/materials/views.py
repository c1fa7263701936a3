"""Materials of an event: kept by the office and its trainers, had by those who came."""

from flask import Blueprint

from courses.booking.bookings.queries import event_with_days
from courses.programme import words
from courses.records.materials.forms import MaterialForm
from courses.records.materials.queries import check_keeps_materials, keeps_materials, material_for, materials_of
from courses.records.materials.services import add_material, remove_material
from lms.frame.files import file_to_keep
from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, page, say, signed_in, work
from lms.frame.work import Work

bp = Blueprint("materials", __name__)


@bp.route("/events/<int:event_id>/materials", methods=["GET", "POST"])
@signed_in
def event_materials(event_id: int) -> Answer:
    """What there is, and one more."""
    event = event_with_days(work().session, event_id)
    check_keeps_materials(event, work().actor)
    form = MaterialForm()
    if form.validate_on_submit():
        with form.refusals():
            sent = form.file.data
            add_material(work(), event, title=form.title.data, name=sent.filename or "", data=sent.read())
            say("Saved the file. People who attended find it in My learning.")
            return back_to("materials.event_materials", event_id=event_id)
    rows = materials_of(work().session, [event_id]).get(event_id, [])
    return page("courses/materials/event.html", form=form, event=event, when=words.when(event), rows=rows)


@bp.post("/events/<int:event_id>/materials/<int:material_id>/remove")
@signed_in
def remove(event_id: int, material_id: int) -> Answer:
    """Take a file away."""
    remove_material(work(), event_with_days(work().session, event_id), material_id)
    say("The file is taken away.")
    return back_to("materials.event_materials", event_id=event_id)


@bp.get("/materials/<int:material_id>")
@signed_in
def material(material_id: int) -> Answer:
    """The file itself. Always saved and never shown by the browser: it came from somebody’s computer."""
    found = material_for(work().session, material_id, work().actor)
    return file_to_keep(found.content, found.file_name)


def event_panel(work: Work, event_id: int) -> PanelContent | None:
    """On the page of an event, for the office and its trainers."""
    if not keeps_materials(event_with_days(work.session, event_id), work.actor):
        return None
    rows = materials_of(work.session, [event_id]).get(event_id, [])
    return PanelContent("courses/materials/event_panel.html", {"event_id": event_id, "rows": rows})
