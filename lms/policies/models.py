"""A policy version: the terms that a booking is made under."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lms.frame.db import Base
from lms.frame.keeping import Stays, kept


class PolicyVersion(Base):
    """Terms in force from a moment. Never changed once in force: a new version is made instead."""

    __tablename__ = "policy_version"
    __table_args__ = (
        sa.CheckConstraint("number > 0", name="numbers_from_one"),
        {"info": kept(Stays("a version of the policy"))},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    in_force_from: Mapped[datetime] = mapped_column(index=True)
    terms: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)


class PolicyDraft(Base):
    """Terms that somebody prepares. Nothing is booked under a draft; approving makes a version of it."""

    __tablename__ = "policy_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    terms: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(default="")
