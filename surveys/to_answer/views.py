"""What somebody can answer now, on their own pages."""

from flask import Blueprint

from lms.frame.plugins import PanelContent
from lms.frame.web import Answer, back_to, signed_in, work
from lms.frame.work import Work
from surveys.invitations.links.queries import token_of
from surveys.stages.rules import SURVEY_WORDS
from surveys.to_answer.queries import own_survey, own_surveys
from surveys.to_answer.services import begin_here

bp = Blueprint("to_answer", __name__)


@bp.post("/my/surveys/<int:invitation_id>")
@signed_in
def begin(invitation_id: int) -> Answer:
    """Answer at once what a letter would have asked an hour later."""
    invitation = begin_here(work(), own_survey(work(), invitation_id))
    return back_to("answers.open_link", token=token_of(work(), invitation.id))


def booking_panel(work: Work, booking_id: int) -> PanelContent | None:
    """On the page of one's own booking: what can be answered about it now."""
    return _panel(work, "surveys/to_answer/booking_panel.html", booking_id)


def learning_panel(work: Work, _nothing: int) -> PanelContent | None:
    """On My learning, among what there is to do: everything that can be answered now."""
    return _panel(work, "surveys/to_answer/learning_panel.html", None)


def _panel(work: Work, template: str, booking_id: int | None) -> PanelContent | None:
    found = own_surveys(work, booking_id)
    return PanelContent(template, {"surveys": found, "survey_words": SURVEY_WORDS}) if found else None
