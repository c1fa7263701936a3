"""Printing a survey, and typing it in by its code."""

from flask import Blueprint, request

from lms.frame.files import file_to_show
from lms.frame.web import Answer, back_to, page, requires, say, work
from lms.partnership.queries import the_partnership
from surveys.answers.services import asked_in, version_in
from surveys.invitations.queries import invitation_of
from surveys.invitations.rules import cut_on
from surveys.on_paper.documents import PaperSheet, survey_sheets
from surveys.on_paper.forms import SheetCodeForm
from surveys.on_paper.rules import survey_code
from surveys.on_paper.services import by_code, sheet_of, sheets_of_event
from surveys.on_paper.services import type_in as type_in_sheet
from surveys.permissions import MANAGE
from surveys.questions.asking.forms import QuestionsForm, read_page, shown
from surveys.questions.rules import AGREEMENT_WORDS

bp = Blueprint("on_paper", __name__)


@bp.get("/invitations/<int:invitation_id>/sheet.pdf")
@requires(MANAGE)
def sheet(invitation_id: int) -> Answer:
    """One sheet to print."""
    return _pdf([sheet_of(work(), invitation_of(work().session, invitation_id))], f"survey-{invitation_id}.pdf")


@bp.get("/events/<int:event_id>/survey-sheets.pdf")
@requires(MANAGE)
def sheets(event_id: int) -> Answer:
    """All paper sheets of an event that are open."""
    return _pdf(sheets_of_event(work(), event_id), f"surveys-of-event-{event_id}.pdf")


@bp.route("/surveys/type-in", methods=["GET", "POST"])
@requires(MANAGE)
def type_in() -> Answer:
    """Which sheet."""
    form = SheetCodeForm()
    if form.validate_on_submit():
        with form.refusals():
            return back_to("on_paper.type_sheet", invitation_id=by_code(work(), form.code.data).id)
    return page("surveys/on_paper/type_in.html", form=form)


@bp.route("/invitations/<int:invitation_id>/type-in", methods=["GET", "POST"])
@requires(MANAGE)
def type_sheet(invitation_id: int) -> Answer:
    """The whole sheet on one page."""
    invitation = invitation_of(work().session, invitation_id)
    sheet_of(work(), invitation)
    asks, form = asked_in(work(), invitation), QuestionsForm()
    drawn = shown(asks, {})
    if form.validate_on_submit():
        # What depends on an answer is not missing on paper: whether it is asked is known when all is typed.
        answers, drawn, wrong = read_page(asks, request.form, kept={}, replaces=True)
        always = {ask.field for ask in asks if not ask.show_if_code}
        wrong = [each for each in wrong if each[0].split("-")[0] in always]
        if not wrong:
            with form.refusals():
                type_in_sheet(work(), invitation, answers)
                say(f"Sheet {survey_code(invitation_id)} is entered. Destroy it now.")
                return back_to("on_paper.type_in")
        form.form_errors.extend(f"{words}" for _, words in wrong)
    version = version_in(work(), invitation)
    return page(
        "surveys/on_paper/type_sheet.html",
        form=form,
        drawn=drawn,
        code=survey_code(invitation_id),
        title=version.survey.title,
        course=invitation.event.version.title,
        agreement_words=AGREEMENT_WORDS,
        cut_on=cut_on(invitation.event.ends_at),
    )


def _pdf(made: list[PaperSheet], name: str) -> Answer:
    partnership = the_partnership(work().session)
    front_door = f"{partnership.front_door_name} on {partnership.front_door_phone}"
    data = survey_sheets(made, partnership.name, partnership.team_name, front_door)
    return file_to_show(data, name)
