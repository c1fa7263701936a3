"""Answering on one's own page before the letter has gone."""

import sqlalchemy as sa

from lms.frame.locks import for_update
from lms.frame.work import Work
from lms.kit.errors import Conflict
from surveys.invitations.models import Invitation
from surveys.invitations.rules import closes_at, next_reminder
from surveys.questions.queries import version_asked
from surveys.questions.rules import kind_of
from surveys.questions.starting.services import begin_with_starting_sets


def begin_here(work: Work, invitation: Invitation) -> Invitation:
    """They answer now: it is asked from here on, as if its letter had gone, and no first letter goes.

    Raises Conflict where nothing is asked at this stage.
    """
    work.session.execute(for_update(sa.select(Invitation.id).where(Invitation.id == invitation.id)))
    work.session.refresh(invitation)
    if invitation.sent_at is not None:
        return invitation
    begin_with_starting_sets(work)
    version = version_asked(work.session, kind_of(invitation.stage), invitation.event.course_id)
    if version is None:
        raise Conflict("There is no survey before this event. You do not need to do anything.")
    closes = closes_at(invitation.stage, work.now, invitation.event.starts_at)
    version.first_asked_at = version.first_asked_at or work.now
    invitation.version_id, invitation.sent_at, invitation.closes_at = version.id, work.now, closes
    invitation.next_reminder_at = next_reminder(invitation.stage, work.now, closes, 0)
    work.session.flush()
    return invitation
