"""Which accounts at work are linked, and to who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lms.kit.providers import OidcProvider
from lms.signin.linked.models import LinkedAccount
from lms.signin.providers.rules import ProvedIdentity


@dataclass(frozen=True)
class LinkedRow:
    """An account of mine, as I see it."""

    id: int
    title: str
    address: str
    linked_at: datetime
    last_used_at: datetime


def linked_to(session: Session, identity: ProvedIdentity) -> LinkedAccount | None:
    """The link of an account, by issuer and subject, whatever became of its person."""
    return session.scalar(
        sa.select(LinkedAccount)
        .where(LinkedAccount.issuer == identity.issuer, LinkedAccount.subject == identity.subject)
        .options(joinedload(LinkedAccount.person))
        .execution_options(populate_existing=True)
    )


def link_of(session: Session, person_id: int, issuer: str) -> LinkedAccount | None:
    """Which account of a provider is a person's."""
    mine = LinkedAccount.person_id == person_id, LinkedAccount.issuer == issuer
    return session.scalar(sa.select(LinkedAccount).where(*mine).execution_options(populate_existing=True))


def links_of(session: Session, person_id: int, providers: Sequence[OidcProvider]) -> list[LinkedRow]:
    """A person's own, the one linked last first. Also of a provider that is no more in the settings."""
    titles = {each.name: each.title for each in providers}
    rows = session.scalars(
        sa.select(LinkedAccount)
        .where(LinkedAccount.person_id == person_id)
        .order_by(LinkedAccount.linked_at.desc(), LinkedAccount.id.desc())
    )
    return [
        LinkedRow(row.id, titles.get(row.provider, row.provider), row.address, row.linked_at, row.last_used_at)
        for row in rows
    ]
