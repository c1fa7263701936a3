"""Accounts at work that are linked to people, and round trips to a provider that are under way."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.frame.db import Base
from lms.people.models import Person


class LinkedAccount(Base):
    """An account at a provider by which a person signs in: issuer and subject say for ever whose it is there.

    `address` is the one that the provider last called theirs; "" where it gives none. `proved_at` is when they gave
    their own second factor after signing in with it: only from then on may the provider's stand for that.
    """

    __tablename__ = "linked_account"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("person_id", "issuer"),
        sa.CheckConstraint("issuer <> '' AND subject <> ''", name="somebodys"),
        sa.CheckConstraint("last_used_at >= linked_at AND proved_at >= linked_at", name="linked_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    provider: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[str]
    address: Mapped[str]
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class RoundTrip(Base):
    """Somebody went to a provider and is expected back, once, in the browser that set out.

    Only digests are kept of what they bring back. `person_id` is who links an account to their own record; nobody
    where it is to sign in. `then` is where they go on to; `is_proof` where that page takes in somebody new itself.
    """

    __tablename__ = "provider_round_trip"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_digest: Mapped[str] = mapped_column(unique=True)
    browser_digest: Mapped[str]
    provider: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    then: Mapped[str] = mapped_column(default="")
    is_proof: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime] = mapped_column(index=True)
