"""The pages of the second person and of those who approve, and the button that publishes."""

from flask import Blueprint

from briefings.approving import forms, services
from briefings.writing.details.rules import details_of
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import find_numbered, harmless_names, review_ids_of
from briefings.writing.rules import SHAPES
from briefings.writing.shapes.html.documents import section_html
from briefings.writing.shapes.queries import source_of
from lms.frame.access import Role
from lms.frame.web import Answer, back_to, page, requires, say, work
from reviews.cases.readings.services import note_reading

bp = Blueprint("approving", __name__)


@bp.route("/briefings/<int:briefing_id>/versions/<int:number>/check", methods=["GET", "POST"])
@requires("briefings.check")
def check(briefing_id: int, number: int) -> Answer:
    version = _version(briefing_id, number)
    form = forms.CheckForm()
    if form.validate_on_submit():
        with form.refusals():
            services.check_version(work(), version.id, form.checklist.data or ())
            say("The facts are checked. Those who approve have been told.")
            return back_to("writing.manage", briefing_id=briefing_id)
    return _page("check", version, form)


@bp.route("/briefings/<int:briefing_id>/versions/<int:number>/approve", methods=["GET", "POST"])
@requires("briefings.approve")
def approve(briefing_id: int, number: int) -> Answer:
    version = _version(briefing_id, number)
    form = forms.ApproveBriefingForm().offer(
        work().setting("briefings.sub_group"), is_business_manager=Role.BUSINESS_MANAGER in work().actor.roles
    )
    if form.validate_on_submit():
        with form.refusals():
            services.approve_version(work(), version.id, form.approved_as.data, minute=form.minute.data)
            say("The briefing is approved. The writer has been told and can publish it.")
            return back_to("writing.manage", briefing_id=briefing_id)
    return _page("approve", version, form)


@bp.route("/briefings/<int:briefing_id>/versions/<int:number>/return", methods=["GET", "POST"])
@requires("briefings.check")
def send_back(briefing_id: int, number: int) -> Answer:
    version = _version(briefing_id, number)
    form = forms.ReturnBriefingForm()
    if form.validate_on_submit():
        with form.refusals():
            services.return_version(work(), version.id, reason=form.reason.data)
            say("It is with the writer again.")
            return back_to("writing.manage", briefing_id=briefing_id)
    return _page("return", version, form)


@bp.post("/briefings/<int:briefing_id>/versions/<int:number>/publish")
@requires("briefings.write")
def publish(briefing_id: int, number: int) -> Answer:
    services.publish_version(work(), _version(briefing_id, number).id)
    say("The briefing is published.")
    return back_to("writing.manage", briefing_id=briefing_id)


def _version(briefing_id: int, number: int) -> BriefingVersion:
    found = find_numbered(work().session, work().actor, briefing_id, number)
    note_reading(work(), review_ids_of(found), "check or approval of a briefing")
    return found


def _page(name: str, version: BriefingVersion, form: object) -> Answer:
    source = source_of(version)
    return page(
        f"briefings/approving/{name}.html",
        form=form,
        version=version,
        source=source,
        kind=SHAPES[source.kind].name,
        body=section_html,
        details=details_of(source, harmless_names(work().session)),
    )
