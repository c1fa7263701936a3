"""Whose account it is."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.people.accounts.models import Account


def account_of(session: Session, person_id: int) -> Account | None:
    """A person's account, if they have signed in before."""
    return session.scalar(sa.select(Account).where(Account.person_id == person_id))
