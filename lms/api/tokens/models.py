"""Tokens of the API. What is kept of the secret itself is its SHA-256: 256 random bits need no slower hash."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.agencies.models import Agency
from lms.frame.access import Role
from lms.frame.db import Base
from lms.people.models import Person


class ApiToken(Base):
    """Another system's way in: it may what its role may, for one agency when it acts for an agency's lead.

    `start` is the secret's first characters, by which people recognise it. One that is over stays, for the audit.
    `powers` are what it was given beyond its role's reading and booking (`rules.POWERS`).
    """

    __tablename__ = "api_token"
    __table_args__ = (
        sa.CheckConstraint("(role = 'agency_lead') = (agency_id IS NOT NULL)", name="leads_name_their_agency"),
        sa.CheckConstraint("name <> ''", name="has_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[Role]
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    may_write: Mapped[bool] = mapped_column(default=False)
    powers: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    digest: Mapped[str] = mapped_column(unique=True)
    start: Mapped[str]
    ends_on: Mapped[date | None]  # the last day on which it is valid
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    agency: Mapped[Agency | None] = relationship()
    further_agencies: Mapped[list[Agency]] = relationship(
        secondary=lambda: ApiTokenAgency.__table__, order_by=Agency.code
    )
    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])


class ApiTokenAgency(Base):
    """A further agency of a token that acts for agencies' leads: a trust's HR system has several."""

    __tablename__ = "api_token_agency"

    token_id: Mapped[int] = mapped_column(sa.ForeignKey("api_token.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), primary_key=True, index=True)
