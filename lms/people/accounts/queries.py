"""Whose account it is."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.kit.portions import portions
from lms.people.accounts.models import Account


def with_account(session: Session, person_ids: Collection[int]) -> set[int]:
    """Who of these has signed in before."""
    asked = sa.select(Account.person_id)
    return {each for some in portions(person_ids) for each in session.scalars(asked.where(Account.person_id.in_(some)))}


def account_of(session: Session, person_id: int) -> Account | None:
    """A person's account, if they have signed in before."""
    return session.scalar(sa.select(Account).where(Account.person_id == person_id))
