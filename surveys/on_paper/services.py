"""What stands on a printed sheet, and typing it in: the same answers, by the same way, as from a link."""

import sqlalchemy as sa

from courses.programme import words
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.kit.working_days import london_date
from surveys.answers.services import asked_in, finish, save_answers, version_in
from surveys.invitations.models import Invitation
from surveys.invitations.queries import facts_of, invitation_of, is_answered
from surveys.invitations.rules import Channel, Route, can_be_answered
from surveys.on_paper.documents import PaperSheet
from surveys.on_paper.rules import invitation_of_code, survey_code
from surveys.questions.rules import Answers


def sheet_of(work: Work, invitation: Invitation) -> PaperSheet:
    """The sheet of an invitation that can be answered. Raises NotFound, Conflict."""
    if invitation.closes_at is None:
        raise NotFound("There is no sheet: this person has not been asked yet.")
    _check_open(work, invitation)
    version = version_in(work, invitation)
    return PaperSheet(
        code=survey_code(invitation.id),
        title=version.survey.title,
        course=invitation.event.version.title,
        when=words.when(invitation.event),
        intro=version.intro,
        closes_on=london_date(invitation.closes_at),
        asks=asked_in(work, invitation),
    )


def sheets_of_event(work: Work, event_id: int) -> list[PaperSheet]:
    """The open sheets of everybody who was given one. Raises NotFound when there is none."""
    ids = work.session.scalars(
        sa.select(Invitation.id)
        .where(Invitation.event_id == event_id, Invitation.channel == Channel.PAPER)
        .where(Invitation.withdrawn_at.is_(None), Invitation.closes_at >= work.now)
        .order_by(Invitation.id)
    ).all()
    found = [invitation_of(work.session, each) for each in ids]
    sheets = [sheet_of(work, each) for each in found if not is_answered(work.session, each.id)]
    if not sheets:
        raise NotFound("There is no open paper sheet of this event.")
    return sheets


def by_code(work: Work, code: str) -> Invitation:
    """The invitation of a sheet's code. Raises Invalid for a code that is mistyped, closed or typed in already."""
    invitation_id = invitation_of_code(code)
    found = work.session.get(Invitation, invitation_id) if invitation_id is not None else None
    if found is None or found.sent_at is None:
        raise Invalid("There is no sheet with this code. Check it again.", field="code")
    try:
        _check_open(work, found)
    except Conflict as refusal:
        raise Invalid(refusal.words, field="code") from None
    return found


def type_in(work: Work, invitation: Invitation, answers: Answers) -> None:
    """Save what stands on the sheet and send it. Raises Invalid, Conflict."""
    finish(work, invitation, save_answers(work, invitation, answers), Route.PAPER)


def _check_open(work: Work, invitation: Invitation) -> None:
    if invitation.stage.of.of_waiting:
        raise Conflict("People who are waiting are only asked by email, with a link to say yes or no.")
    done = is_answered(work.session, invitation.id)
    if not can_be_answered(facts_of(invitation, is_answered=done), work.now):
        words = "This sheet has already been entered." if done else "This survey has closed, or was withdrawn."
        raise Conflict(words)
