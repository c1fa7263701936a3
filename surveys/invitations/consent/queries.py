"""Whether somebody may be asked who waits for a place."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.invitations.consent.models import Consent
from surveys.invitations.models import Invitation


def lacks_consent(session: Session, invitation: Invitation) -> bool:
    """Whether this is asked with consent alone, and there is none."""
    if not invitation.stage.of.of_waiting:
        return False
    said = session.get(Consent, invitation.booking_id)
    return said is None or not said.is_given


def has_agreed() -> sa.ColumnElement[bool]:
    """Whether whoever a row's invitation is for said yes, for other queries."""
    return sa.exists().where(Consent.booking_id == Invitation.booking_id, Consent.is_given)


def has_refused() -> sa.ColumnElement[bool]:
    """Whether they said no."""
    return sa.exists().where(Consent.booking_id == Invitation.booking_id, ~Consent.is_given)
