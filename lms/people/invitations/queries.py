"""Who is invited, and who needs to be."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import ENTRUSTED_ROLES
from lms.people.accounts.queries import account_of
from lms.people.invitations.models import FactorInvitation
from lms.people.models import Person


def needs_invitation(session: Session, person: Person) -> bool:
    """Entrusted with much, here, and without a second factor yet."""
    account = account_of(session, person.id)
    has_one = account is not None and account.tf_totp_secret is not None
    return person.is_here and not has_one and any(grant.role in ENTRUSTED_ROLES for grant in person.roles)


def open_invitation(session: Session, person: Person, now: datetime) -> FactorInvitation | None:
    """The invitation that a person can use now: in time, and for the address that they still have."""
    found = last_invitation(session, person.id)
    is_open = found is not None and now < found.good_until and found.address == person.email
    return found if is_open else None


def last_invitation(session: Session, person_id: int) -> FactorInvitation | None:
    """The one that has not ended, though its time may be over."""
    of_person = FactorInvitation.person_id == person_id, FactorInvitation.ended_at.is_(None)
    return session.scalar(sa.select(FactorInvitation).where(*of_person))
