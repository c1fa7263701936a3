"""Invitations to set up a first second factor, each for the address at which the person was known then."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base


class FactorInvitation(Base):
    """Made by a business manager, or by a command (then by nobody). Another one, or use, ends it."""

    __tablename__ = "factor_invitation"
    __table_args__ = (
        sa.Index(
            "uq_factor_invitation_open",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.CheckConstraint("made_by_id <> person_id", name="nobody_invites_themselves"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    address: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    good_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
