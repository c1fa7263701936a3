"""Whether somebody is still to be asked when the letter that asks them is about to go."""

from lms.frame.plugins import StillTrue
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from surveys.invitations.models import Invitation, SurveyRefusal
from surveys.invitations.queries import is_answered
from surveys.stages.rules import Stage

NOT_WANTED = "Not sent: this person does not want to be asked."
KINDS = frozenset((*(f"surveys.{stage}" for stage in Stage), "surveys.reminder"))


def why_not(work: Work, letter: OutboxLetter) -> str:
    """Why somebody is not asked any more: taken back, answered, or they do not want to be."""
    invitation = work.session.get(Invitation, letter.invitation_id) if letter.invitation_id is not None else None
    if invitation is None:
        return ""
    if invitation.withdrawn_at is not None:
        reason = invitation.withdrawn_reason
        return f"Not sent: {reason[0].lower()}{reason[1:]}."
    is_managers = invitation.stage.of.asks_manager
    if not is_managers and work.session.get(SurveyRefusal, invitation.person_id) is not None:
        return NOT_WANTED
    return "Not sent: it has been answered." if is_answered(work.session, invitation.id) else ""


STILL_TRUE = StillTrue(KINDS, why_not)
