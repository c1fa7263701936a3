"""What must be true of the comparison, for `lms check`."""

from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.work import Work
from surveys.comparison.queries import GOT_A_PLACE, has_left
from surveys.invitations.consent.queries import has_agreed
from surveys.invitations.models import Invitation
from surveys.invitations.queries import was_answered
from surveys.stages.rules import OF_WAITING


def compared_wrongly(work: Work) -> Iterator[str]:
    """Asked as somebody who waits, with a place or after a no; or answered without having agreed."""
    for reason, those in has_left(work.session, work.now).items():
        why = "has got a place" if reason == GOT_A_PLACE else "said no"
        for each in those:
            yield f"Invitation {each.id} is of the comparison with the waiting list, and the person it is for {why}."
    without = sa.select(Invitation.id).where(Invitation.stage.in_(OF_WAITING), Invitation.withdrawn_at.is_(None))
    for invitation_id in work.session.scalars(without.where(was_answered(), ~has_agreed()).order_by(Invitation.id)):
        yield f"Invitation {invitation_id} of the comparison with the waiting list was answered without consent."
