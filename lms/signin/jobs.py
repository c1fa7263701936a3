"""Forgetting what was only needed for a moment."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.signin.linked.services import forget_round_trips
from lms.signin.models import Registration, SignInCode
from lms.signin.rules import KEPT_FOR


def forget_old_codes(work: Work) -> None:
    """Codes, registrations that nobody confirmed, and round trips to a provider go after a day."""
    before = work.now - KEPT_FOR
    work.session.execute(sa.delete(SignInCode).where(SignInCode.made_at < before))
    work.session.execute(
        sa.delete(Registration).where(Registration.confirmed_at.is_(None), Registration.asked_at < before)
    )
    forget_round_trips(work)
